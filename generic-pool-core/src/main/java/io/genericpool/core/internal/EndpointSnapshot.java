package io.genericpool.core.internal;

import io.genericpool.EndpointLimits;
import io.genericpool.EndpointStats;

/** The statistics of one endpoint, taken under its lock. */
final class EndpointSnapshot extends CountsSnapshot implements EndpointStats {
    private final EndpointPool<?, ?> pool;
    private final EndpointLimits limits;
    private final boolean isSuspended;

    <E, C> EndpointSnapshot(EndpointPool<E, C> pool) {
        this.pool = pool;
        this.limits = pool.limits;
        this.isSuspended = pool.isSuspended();
        long tick = pool.context.ticker.coarse();
        for (int i = 0; i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot != null) {
                addSlot(slot, tick);
            }
        }
        addWaiters(pool.queue.size());
        addCounters(pool);
    }

    @Override
    public String label() {
        return pool.label();
    }

    @Override
    public EndpointLimits limits() {
        return limits;
    }

    @Override
    public boolean isSuspended() {
        return isSuspended;
    }

    @Override
    public String toString() {
        return label() + ": " + super.toString() + ", limits: " + limits;
    }
}
