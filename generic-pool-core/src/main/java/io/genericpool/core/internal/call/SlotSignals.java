package io.genericpool.core.internal.call;

import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.spi.ConnectionSignals;
import org.jspecify.annotations.Nullable;

/** What a connection tells about itself, as flags of its slot. */
final class SlotSignals<E, C> implements ConnectionSignals {
    private final CallContext<E, C> context;
    private final Slot<E, C> slot;

    SlotSignals(CallContext<E, C> context, Slot<E, C> slot) {
        this.context = context;
        this.slot = slot;
    }

    @Override
    public void dead(@Nullable Throwable cause) {
        slot.extras().deathCause = cause;
        long before = raise(Slot.DEAD);
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        int state = Slot.state(before);
        boolean wasInUse = isInUse(state);
        boolean firstDeath = Slot.flags(before) == 0 && !(state == Slot.CHECKING && slot.isSuspectInCheck());
        if (cause != null && firstDeath && (wasInUse || state == Slot.IDLE)) {
            context.suspicion.begin(pool);
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

    @Override
    public void suspect() {
        if (context.traits.checks) {
            slot.raise(Slot.SUSPECT); // I18: by the word, in whatever state
        } else {
            retire();
        }
    }

    private static boolean isInUse(int state) {
        return state == Slot.LEASED || state == Slot.PENDING || state == Slot.CHECKING;
    }

    /** Some may wait for this very connection and for nothing else. Not here: it could make an instant check. */
    private void serveWaiters() {
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        if (pool.has(EndpointPool.WAITERS)) {
            context.executors
                    .disposeExecutor()
                    .execute(() -> pool.step(actions -> context.steps.serveLocked(pool, actions)));
        }
    }

    /** The flag keeps the fast path away; an idle slot is then taken out under the lock, others by their next step. */
    private long raise(int flag) {
        long before = slot.raiseFrom(flag);
        if (Slot.state(before) == Slot.IDLE) {
            context.steps.discardFlagged(slot);
        }
        return before;
    }
}
