package io.genericpool.core.internal.queue;

import io.genericpool.core.internal.slot.Slot;

/** One aliveness check in flight. */
public final class AlivenessCheck<E, C> extends Cover<E, C> {
    public final Slot<E, C> slot;

    public AlivenessCheck(Slot<E, C> slot) {
        this.slot = slot;
    }

    @Override
    public boolean accepts(Waiter<E, C> waiter) {
        return !waiter.isNewOnly;
    }
}
