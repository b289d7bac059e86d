package io.genericpool.core.internal.slot;

import org.jspecify.annotations.Nullable;

/**
 * What slots belong to: an endpoint of a pool, seen from a slot and its leases. It is the lock under which the slots
 * change. A class, not an interface, and with one subclass that can be instantiated: so the calls on the fast path are
 * bound without a look at the receiver.
 */
@SuppressWarnings("serial") // it is never serialized: see EndpointLock
public abstract class SlotOwner<E, C> extends EndpointLock {
    private static final long serialVersionUID = 1L;

    /** The endpoint that the connections lead to. */
    public abstract E endpoint();

    /** The endpoint's name for people. */
    public abstract String label();

    /** A holder ends a lease. */
    public abstract void release(SlotLease<E, C> lease);

    /** A holder ends a lease whose connection must not be used again. */
    public abstract void invalidate(SlotLease<E, C> lease, @Nullable Throwable cause);

    /**
     * The owner of a slot is about to make it idle: it is listed where the given word says that it is not.
     *
     * @param word the slot's word
     */
    public abstract void list(Slot<E, C> slot, long word);
}
