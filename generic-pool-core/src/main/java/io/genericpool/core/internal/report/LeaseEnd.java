package io.genericpool.core.internal.report;

import io.genericpool.core.internal.config.PoolSettings;
import io.genericpool.core.internal.flight.LeaseTimes;
import io.genericpool.core.internal.slot.RareSlotState;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.event.LeaseEndEvent;

/** What a listener is told of a lease that ends. One per lease. */
final class LeaseEnd<E> extends PoolNews<E> implements LeaseEndEvent<E> {
    private final LeaseTimes times;
    private final long requester;
    private final boolean isInvalidated;

    LeaseEnd(PoolSettings<E> settings, E endpoint, long now, Slot<E, ?> slot, boolean isInvalidated) {
        super(settings, endpoint, now - slot.extras().deliveredAt, null);
        RareSlotState<E, ?> stamps = slot.extras();
        this.times = new LeaseTimes(
                Math.max(0, stamps.deliveredAt - stamps.requestedAt),
                Math.max(0, stamps.beganAt - stamps.deliveredAt),
                Math.max(0, now - stamps.deliveredAt),
                now);
        this.requester = Math.abs(slot.holder);
        this.isInvalidated = isInvalidated;
    }

    LeaseTimes times() {
        return times;
    }

    @Override
    public long waitedNanos() {
        return times.waited();
    }

    @Override
    public long handOverNanos() {
        return times.handOver();
    }

    @Override
    public long heldNanos() {
        return times.held();
    }

    @Override
    public long endedAtNanos() {
        return times.endedAt();
    }

    @Override
    public long requester() {
        return requester;
    }

    @Override
    public boolean isInvalidated() {
        return isInvalidated;
    }

    @Override
    String subject() {
        return "end of a lease of";
    }
}
