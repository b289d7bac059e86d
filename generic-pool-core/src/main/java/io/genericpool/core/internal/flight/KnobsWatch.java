package io.genericpool.core.internal.flight;

import io.genericpool.PoolConfig;
import io.genericpool.support.Nanos;

/** Records the knobs of one pool, from a copy: nothing of the pool is held. */
final class KnobsWatch implements Runnable {
    private final String pool;
    private final int[] sizes;
    private final long[] times;

    KnobsWatch(String pool, PoolConfig config) {
        this.pool = pool;
        this.sizes = new int[] {
            config.defaultLimits().maxSize(),
            config.totalMaxSize(),
            config.defaultLimits().minIdle(),
            config.defaultLimits().maxWaiters(),
            config.defaultLimits().maxConnects()
        };
        this.times = new long[] {
            Nanos.of(config.acquireTimeout()),
            Nanos.of(config.connectTimeout()),
            Nanos.of(config.idleTimeout()),
            Nanos.of(config.maxLifetime())
        };
    }

    @Override
    public void run() {
        var event = new KnobsFlight();
        if (!event.isEnabled()) {
            return;
        }
        event.pool = pool;
        event.maxSize = sizes[0];
        event.totalMaxSize = sizes[1];
        event.minIdle = sizes[2];
        event.maxWaiters = sizes[3];
        event.maxConnectsPerEndpoint = sizes[4];
        event.acquireTimeout = times[0];
        event.connectTimeout = times[1];
        event.idleTimeout = times[2];
        event.maxLifetime = times[3];
        event.commit();
    }
}
