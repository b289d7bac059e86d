package io.genericpool.core.internal;

import io.genericpool.spi.ConnectionSignals;
import org.jspecify.annotations.Nullable;

/** What a connection tells about itself, as flags of its slot. */
final class SlotSignals<E, C> implements ConnectionSignals {
    private final Slot<E, C> slot;

    SlotSignals(Slot<E, C> slot) {
        this.slot = slot;
    }

    @Override
    public void dead(@Nullable Throwable cause) {
        slot.extras().deathCause = cause;
        long before = raise(Slot.DEAD);
        EndpointPool<E, C> pool = slot.pool;
        int state = Slot.state(before);
        boolean wasInUse = isInUse(state);
        boolean isNews = Slot.flags(before) == 0 && !(state == Slot.CHECKING && slot.isSuspectInCheck());
        if (cause != null && isNews && (wasInUse || state == Slot.IDLE)) {
            pool.context.suspicion.begin(pool);
        }
        if (wasInUse) {
            serveWaiters();
        }
    }

    @Override
    public void retire() {
        if (isInUse(Slot.state(raise(Slot.RETIRED)))) {
            serveWaiters();
        }
    }

    private static boolean isInUse(int state) {
        return state == Slot.LEASED || state == Slot.PENDING || state == Slot.CHECKING;
    }

    /** Some may wait for this very connection and for nothing else. Not here: it could make an instant check. */
    private void serveWaiters() {
        EndpointPool<E, C> pool = slot.pool;
        if (pool.has(EndpointState.WAITERS)) {
            pool.context.executors.disposeExecutor().execute(() -> pool.step(pool::serveLocked));
        }
    }

    /** The flag keeps the fast path away; an idle slot is then taken out under the lock, others by their next step. */
    private long raise(int flag) {
        long before = slot.raiseFrom(flag);
        if (Slot.state(before) == Slot.IDLE) {
            slot.pool.discardFlagged(slot);
        }
        return before;
    }
}
