package io.genericpool.core.internal.report;

import io.genericpool.CircuitStats;
import io.genericpool.EndpointStats;
import io.genericpool.core.internal.endpoint.EndpointContext;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.EndpointRegistry;
import io.genericpool.core.internal.endpoint.RareEndpointState;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Takes the statistics of a pool and of its endpoints. */
public final class Snapshots<E, C> {
    /** Up to this many connections are counted for each error. */
    private static final int COUNTED_AT_ONCE = 256;

    /** How old the statistics in an error may be, in nanoseconds, where there are more connections. */
    private static final long TOLD_AGAIN = TimeUnit.MILLISECONDS.toNanos(20);

    private final EndpointContext<E, C> context;
    private final EndpointRegistry<E, C> registry;
    private final PoolEvents<E> events;
    private final Function<EndpointPool<E, C>, CircuitStats> circuits;

    /**
     * Takes what the statistics are made of.
     *
     * @param circuits the circuit of an endpoint; asked for without a lock
     */
    public Snapshots(
            EndpointContext<E, C> context,
            EndpointRegistry<E, C> registry,
            PoolEvents<E> events,
            Function<EndpointPool<E, C>, CircuitStats> circuits) {
        this.context = context;
        this.registry = registry;
        this.events = events;
        this.circuits = circuits;
    }

    public EndpointSnapshot of(EndpointPool<E, C> pool) {
        CircuitStats circuit = circuits.apply(pool);
        String label = pool.label();
        pool.lock();
        try {
            return new EndpointSnapshot(pool, label, circuit);
        } finally {
            pool.unlock();
        }
    }

    /**
     * Takes the statistics for an error. Where many requests time out at once at an endpoint with many connections, the first
     * one counts, and those of the next moment tell what it has counted: the lock is not held for each of them.
     */
    EndpointSnapshot forError(EndpointPool<E, C> pool) {
        if (pool.places() <= COUNTED_AT_ONCE) {
            return of(pool);
        }
        CircuitStats circuit = circuits.apply(pool);
        String label = pool.label();
        pool.lock();
        try {
            RareEndpointState rare = pool.extras();
            long now = pool.now();
            if (rare.told instanceof EndpointSnapshot told && now - rare.toldAt <= TOLD_AGAIN) {
                return told;
            }
            var taken = new EndpointSnapshot(pool, label, circuit);
            rare.told = taken;
            rare.toldAt = now;
            return taken;
        } finally {
            pool.unlock();
        }
    }

    public PoolSnapshot ofPool() {
        return new PoolWalk<>(context).run(registry.all(), events.failures());
    }

    /** As {@link #ofPool}, and in the same walk the statistics of each endpoint. */
    PoolSnapshot ofPool(Map<E, EndpointStats> details) {
        return new PoolWalk<>(context).run(registry.all(), events.failures(), circuits, details);
    }
}
