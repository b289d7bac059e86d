package io.genericpool.core.internal.report;

import io.genericpool.CircuitStats;
import io.genericpool.PoolStats;
import io.genericpool.core.internal.endpoint.EndpointContext;
import io.genericpool.core.internal.endpoint.EndpointPool;
import java.util.Collection;

/** The statistics of a pool: those of its endpoints, each taken under its lock in turn, and of those that have left. */
public final class PoolSnapshot extends CountsSnapshot implements PoolStats {
    private final String name;
    private final int endpoints;
    private final int starving;
    private final int totalMaxSize;
    private final long listenerFailures;

    public <E, C> PoolSnapshot(
            EndpointContext<E, C> context, Collection<EndpointPool<E, C>> pools, long listenerFailures) {
        name = context.settings.name();
        starving = context.capacity.starvingCount();
        totalMaxSize = context.capacity.max();
        this.listenerFailures = listenerFailures;
        context.retired.count(this::addCounters);
        int count = 0;
        for (EndpointPool<E, C> pool : pools) {
            pool.lock();
            try {
                if (!pool.has(EndpointPool.REMOVED)) {
                    add(new EndpointSnapshot(pool, "", CircuitStats.closed()));
                    count++;
                }
            } finally {
                pool.unlock();
            }
        }
        endpoints = count;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int endpoints() {
        return endpoints;
    }

    @Override
    public int starving() {
        return starving;
    }

    @Override
    public int totalMaxSize() {
        return totalMaxSize;
    }

    @Override
    public long listenerFailures() {
        return listenerFailures;
    }

    @Override
    public String toString() {
        return "pool " + name + ": endpoints=" + endpoints + ", totalMaxSize=" + totalMaxSize + ", starving=" + starving
                + ", " + super.toString();
    }
}
