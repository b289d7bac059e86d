package io.genericpool.core.internal.slot;

import io.genericpool.Lease;
import io.genericpool.spi.LeaseScope;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One lease of one slot. It is valid exactly as long as the slot's word is, flags aside, the one it was granted with.
 */
public final class SlotLease<E, C> implements Lease<E, C>, LeaseScope {
    public final Slot<E, C> slot;
    public final long word;
    /** The manager's view for this lease; null when it lends the connection itself. */
    public @Nullable C view;

    private static final Runnable ENDED = new Runnable() {
        @Override
        public void run() {}
    };

    private static final VarHandle ON_END;

    static {
        try {
            ON_END = MethodHandles.lookup().findVarHandle(SlotLease.class, "onEnd", Runnable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What the manager's view registered; {@link #ENDED} once the lease has ended. */
    @SuppressWarnings("unused") // accessed by ON_END
    private volatile @Nullable Runnable onEnd;

    /**
     * Makes the handle of a lease.
     *
     * @param word the word the lease was granted with, which carries no flag
     */
    public SlotLease(Slot<E, C> slot, long word) {
        this.slot = slot;
        this.word = word;
    }

    @Override
    public C connection() {
        if (!isActive()) {
            throw new IllegalStateException("the lease of a connection to " + slot.owner.label()
                    + " has ended: its connection must not be used any longer");
        }
        C lent = view;
        return lent == null ? slot.connection() : lent;
    }

    @Override
    public E endpoint() {
        return slot.owner.endpoint();
    }

    @Override
    public void release() {
        slot.owner.release(this);
    }

    @Override
    public void invalidate(@Nullable Throwable cause) {
        slot.owner.invalidate(this, cause);
    }

    @Override
    public boolean isActive() {
        return Slot.isSameLease(slot.word(), word);
    }

    @Override
    public void onEnd(Runnable action) {
        Objects.requireNonNull(action, "action");
        slot.extras().lentLease = this; // I42: for a revoke, which has only the slot to find it by
        if (ON_END.compareAndSet(this, null, action)) {
            // I42: registered first and looked at then, so this thread or the one that ends the lease runs it
            if (!isActive()) {
                runOnEnd(); // unless the one who has ended it saw the action
            }
            return;
        }
        if (onEnd != ENDED) {
            throw new IllegalStateException("onEnd was called before for this lease");
        }
        action.run(); // a close was faster
    }

    /**
     * By the thread that ended the lease; most views register nothing, for which a look is enough.
     *
     * @return whether anything was registered
     */
    public boolean runOnEnd() {
        if (onEnd == null) {
            return false;
        }
        Runnable action = (Runnable) ON_END.getAndSet(this, ENDED);
        if (action != null) {
            action.run();
        }
        return true;
    }

    @Override
    public String toString() {
        return "Lease[" + slot.owner.label() + (isActive() ? "]" : ", ended]");
    }
}
