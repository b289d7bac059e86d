package io.genericpool.core.internal;

import io.genericpool.CircuitStats;
import io.genericpool.PoolStats;

/** The statistics of a pool: those of its endpoints, each taken under its lock in turn, and of those that have left. */
final class PoolSnapshot extends CountsSnapshot implements PoolStats {
    private static final int TRIES = 5;

    private final String name;
    private final int endpoints;
    private final int starving;
    private final int totalMaxSize;
    private final long listenerFailures;

    private <E, C> PoolSnapshot(PoolContext<E, C> context) {
        name = context.settings.name();
        starving = context.capacity.starvingCount();
        totalMaxSize = context.capacity.max();
        listenerFailures = context.events.failures();
        context.registry.countRetired(this::addCounters);
        int count = 0;
        for (EndpointPool<E, C> pool : context.registry.all()) {
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

    /** An endpoint that leaves while the walk is under way would be in neither sum: then it is taken again, a few times. */
    static <E, C> PoolSnapshot take(PoolContext<E, C> context) {
        for (int i = 1; ; i++) {
            long before = context.registry.retirements();
            var snapshot = new PoolSnapshot(context);
            if (before == context.registry.retirements() || i == TRIES) {
                return snapshot;
            }
        }
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
