package io.genericpool.core.internal.queue;

import io.genericpool.core.internal.slot.Slot;

/** A disposal whose permit is kept for a waiter that wants a new connection. */
public final class OwedPermit<E, C> extends Cover<E, C> {
    /** The one that goes. */
    public final Slot<E, C> slot;

    public OwedPermit(Slot<E, C> slot) {
        this.slot = slot;
    }

    @Override
    public boolean accepts(Waiter<E, C> waiter) {
        return waiter.isNewOnly;
    }
}
