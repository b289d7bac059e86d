package io.genericpool.core.internal;

import io.genericpool.Lease;
import io.genericpool.spi.LeaseScope;
import org.jspecify.annotations.Nullable;

/**
 * One lease of one slot. It is valid exactly as long as the slot's word is, flags aside, the one it was granted with.
 */
final class SlotLease<E, C> implements Lease<E, C>, LeaseScope {
    final Slot<E, C> slot;
    final long word;
    /** The manager's view for this lease; null when it lends the connection itself. */
    @Nullable
    C view;

    private @Nullable Runnable onEnd;

    /**
     * Makes the handle of a lease.
     *
     * @param word the word the lease was granted with, which carries no flag
     */
    SlotLease(Slot<E, C> slot, long word) {
        this.slot = slot;
        this.word = word;
    }

    @Override
    public C connection() {
        if (!isActive()) {
            throw new IllegalStateException("the lease of a connection to " + slot.pool.label()
                    + " has ended: its connection must not be used any longer");
        }
        C lent = view;
        return lent == null ? slot.connection() : lent;
    }

    @Override
    public E endpoint() {
        return slot.pool.endpoint;
    }

    @Override
    public void release() {
        slot.pool.release(this);
    }

    @Override
    public void invalidate(@Nullable Throwable cause) {
        slot.pool.invalidate(this, cause);
    }

    @Override
    public boolean isActive() {
        return Slot.isSameLease(slot.word(), word);
    }

    @Override
    public void onEnd(Runnable action) {
        if (onEnd != null) {
            throw new IllegalStateException("onEnd was called before for this lease");
        }
        onEnd = action;
    }

    /** By whoever ended the lease. */
    void runOnEnd() {
        Runnable action = onEnd;
        if (action != null) {
            action.run();
        }
    }

    @Override
    public String toString() {
        return "Lease[" + slot.pool.label() + (isActive() ? "]" : ", ended]");
    }
}
