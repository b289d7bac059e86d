package io.genericpool.core.internal;

/** One aliveness check in flight. */
final class AlivenessCheck<E, C> extends Cover<E, C> {
    final Slot<E, C> slot;
    /** It was a suspect: that it is dead would be no news of its endpoint. */
    final boolean isOfSuspect;

    AlivenessCheck(Slot<E, C> slot, boolean isOfSuspect) {
        this.slot = slot;
        this.isOfSuspect = isOfSuspect;
    }

    @Override
    boolean accepts(Waiter<E, C> waiter) {
        return !waiter.isNewOnly;
    }
}
