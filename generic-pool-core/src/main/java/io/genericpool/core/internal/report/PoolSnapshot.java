package io.genericpool.core.internal.report;

import io.genericpool.PoolStats;
import io.genericpool.core.internal.endpoint.EndpointContext;

/** The statistics of a pool: those of its endpoints, and of those that have left. Made by {@link PoolWalk}. */
public final class PoolSnapshot extends CountsSnapshot implements PoolStats {
    private final String name;
    private final int endpoints;
    private final int starving;
    private final int totalMaxSize;
    private final long listenerFailures;
    private final boolean sharedLimitsReachable;

    PoolSnapshot(EndpointContext<?, ?> context, CountsSnapshot sums, int endpoints, long listenerFailures) {
        name = context.settings.name();
        starving = context.capacity.starvingCount();
        totalMaxSize = context.capacity.max();
        this.listenerFailures = listenerFailures;
        sharedLimitsReachable = context.reachability.isReachable();
        this.endpoints = endpoints;
        add(sums);
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
    public boolean sharedLimitsReachable() {
        return sharedLimitsReachable;
    }

    @Override
    public String toString() {
        return "pool " + name + ": endpoints=" + endpoints + ", totalMaxSize=" + totalMaxSize + ", starving=" + starving
                + ", " + super.toString();
    }
}
