package io.genericpool.core.internal;

/** A disposal whose permit is kept for a waiter that wants a new connection. */
final class OwedRoom<E, C> extends Cover<E, C> {
    @Override
    boolean accepts(Waiter<E, C> waiter) {
        return waiter.isNewOnly;
    }
}
