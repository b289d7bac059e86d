package io.genericpool.core.internal.slot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What a slot keeps besides that which every acquire and release touches.
 *
 * <p>It is a class of its own for the sake of the order in memory, where a superclass comes first. Slots lie side by side
 * after a collection; 56 bytes of this class between what one thread writes into its slot and what another writes into
 * the next one keep the two out of one line of the cache (64 bytes, fields aligned to 8). Without them, two threads on one
 * endpoint cost each other several times what an acquire takes.
 */
public abstract class PaddedSlot<E, C> {
    private static final VarHandle EXTRAS;

    static {
        try {
            EXTRAS = MethodHandles.lookup().findVarHandle(PaddedSlot.class, "extras", RareSlotState.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The place among the endpoint's slots. */
    public final int index;
    /** The place in the pool's {@code SlotTable}. */
    public int tableIndex = -1;

    public long connectedAt;
    /** The last aliveness check; older than the last use when there was none since. */
    public long checkedAt;
    /** For how long it may be idle: the pool's timeout, shortened by chance. Written once, when it is connected. */
    public long idleTimeout;

    /** With the object's header and the other fields, 56 bytes. */
    @SuppressWarnings("unused")
    private long padding;

    /**
     * What its connect, check or disposal is a part of, from the decision until the call is in the ledger. Written under the
     * lock of its owner and cleared by the thread that begins the call; the repair, which reads it at any time, looks twice.
     */
    public @Nullable DeferredWork deferred;

    /** What few connections need; made when one does. */
    private volatile @Nullable RareSlotState<E, C> extras;

    public PaddedSlot(int index) {
        this.index = index;
    }

    @SuppressWarnings("unchecked")
    public RareSlotState<E, C> extras() {
        RareSlotState<E, C> present = extras;
        if (present == null) {
            var made = new RareSlotState<E, C>();
            present = (RareSlotState<E, C>) EXTRAS.compareAndExchange(this, null, made);
            if (present == null) {
                present = made;
            }
        }
        return present;
    }

    public @Nullable RareSlotState<E, C> extrasOrNull() {
        return extras;
    }

    /** Whether a live thread has yet to begin what was decided for it. */
    public boolean isAwaited() {
        DeferredWork work = deferred;
        return work != null && !work.isOver();
    }
}
