package io.genericpool.core.internal;

/** One aliveness check in flight. */
final class AlivenessCheck<E, C> extends Cover<E, C> {
    final Slot<E, C> slot;

    AlivenessCheck(Slot<E, C> slot) {
        this.slot = slot;
    }

    @Override
    boolean accepts(Waiter<E, C> waiter) {
        return !waiter.isNewOnly;
    }
}
