package io.genericpool.core.internal;

/** A disposal whose permit is kept for a waiter that wants a new connection. */
final class OwedRoom<E, C> extends Cover<E, C> {
    /** The one that goes. */
    final Slot<E, C> slot;

    OwedRoom(Slot<E, C> slot) {
        this.slot = slot;
    }

    @Override
    boolean accepts(Waiter<E, C> waiter) {
        return waiter.isNewOnly;
    }
}
