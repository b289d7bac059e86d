package io.genericpool.core.internal.call;

import io.genericpool.DisposeReason;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a connection between a release and the next lease, without holding the releaser. When it overruns its
 * timeout the manager's stage is cancelled, and the connection goes once the stage has ended: the manager may be at work on
 * it until then. When it overruns as long again, the pool goes on without it.
 */
final class PendingReset<E, C> implements CallLedger.Ending {
    private static final SafeLog LOG = SafeLog.of(PendingReset.class);

    private enum State {
        RUNNING,
        OVERDUE,
        ENDED,
        /** It is being taken out of the books. */
        ABANDONING,
        /** The stage has ended meanwhile: the thread that abandons it disposes the connection. */
        LATE,
        ABANDONED
    }

    private final CallContext<E, C> context;
    private final Disposer<E, C> disposer;
    private final Slot<E, C> slot;
    private final CompletionStage<?> reset;
    private final long startedAt;
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    /** Written before {@link State#OVERDUE}. */
    private volatile long overdueAt;

    private volatile PoolClock.@Nullable Timer timer;
    /** What follows from its end is done. */
    private volatile boolean isSettled;
    /** It was counted as abandoned. */
    private volatile boolean wasCounted;

    PendingReset(CallContext<E, C> context, Disposer<E, C> disposer, Slot<E, C> slot, CompletionStage<?> reset) {
        this.context = context;
        this.disposer = disposer;
        this.slot = slot;
        this.reset = reset;
        this.startedAt = context.ticker.exact();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the end is dealt with here
    void await() {
        try {
            context.calls.add(this);
            if (context.calls.areResetsEnded()) {
                giveUp();
                return;
            }
            long timeout = context.settings.resetTimeout;
            if (!Nanos.isOff(timeout)) {
                timer = context.timers.scheduleSurely(this::overran, timeout);
            }
            reset.whenComplete((ignored, failure) -> {
                try {
                    stageEnded(failure);
                } catch (Throwable e) {
                    stageEnded(failure); // a stage swallows what is thrown at it; the end must not be lost
                    settleEnded();
                    throw e;
                }
            });
        } catch (Throwable e) {
            stageEnded(e); // a stage of the manager's own make that does not do what a stage must
            settleEnded();
        }
    }

    /** An error has struck between the decision and what follows from it: the repair does the rest. */
    private void settleEnded() {
        if (state.get() == State.ENDED) {
            settle();
        }
    }

    @Override
    public Slot<E, C> slot() {
        return slot;
    }

    @Override
    public boolean isOwner() {
        return !isSettled;
    }

    /** By a sweep, for a timer that was lost. */
    @Override
    public void endIfOverdue(long now) {
        long timeout = context.settings.resetTimeout;
        if (Nanos.isOff(timeout)) {
            return;
        }
        boolean isOverdue = state.get() == State.OVERDUE;
        if (isOverdue && now - overdueAt >= timeout + CallLedger.GRACE) {
            abandon();
        } else if (!isOverdue && now - startedAt - timeout >= CallLedger.GRACE) {
            overran();
        }
    }

    private void stageEnded(@Nullable Throwable failure) {
        TimeoutException late = state.get() == State.RUNNING ? null : overrun(); // before anything is decided
        if (state.compareAndSet(State.RUNNING, State.ENDED)) {
            end(failure);
        } else if (state.compareAndSet(State.OVERDUE, State.ENDED)) {
            end(late == null ? failure : late);
        } else if (!state.compareAndSet(State.ABANDONING, State.LATE) && state.get() == State.ABANDONED) {
            disposeLate();
        }
    }

    private void disposeLate() {
        var actions = new Actions();
        disposer.disposeLate(slot, slot.connection(), DisposeReason.HOOK_FAILED, wasCounted, actions);
        actions.run();
    }

    /** The pool closes and waits no longer: the connection goes under the reset. */
    @Override
    public void giveUp() {
        if (state.compareAndSet(State.RUNNING, State.ENDED) || state.compareAndSet(State.OVERDUE, State.ENDED)) {
            end(new CancellationException("the pool was closed before the reset had ended"));
        }
    }

    private void overran() {
        if (state.get() == State.RUNNING) {
            overdueAt = context.ticker.exact();
        }
        if (!state.compareAndSet(State.RUNNING, State.OVERDUE)) {
            return;
        }
        timer = context.timers.scheduleSurely(this::abandon, context.settings.resetTimeout);
        try {
            reset.toCompletableFuture().cancel(true);
        } catch (Throwable e) {
            // It cannot be cancelled: it has until it is abandoned.
        }
    }

    private void abandon() {
        if (!state.compareAndSet(State.OVERDUE, State.ABANDONING)) {
            return;
        }
        try {
            leaveBooks();
        } finally {
            isSettled = true;
            boolean isOver;
            try {
                isOver = state.compareAndSet(State.ABANDONING, State.ABANDONED);
            } catch (Throwable e) {
                isOver = state.compareAndSet(State.ABANDONING, State.ABANDONED);
                LOG.error("a deferred step of the pool failed; please report this", e);
            }
            if (!isOver) {
                disposeLate(); // it has ended meanwhile
            }
            context.calls.remove(this);
        }
    }

    private void settle() {
        isSettled = true;
        context.calls.remove(this);
    }

    private void leaveBooks() {
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        context.hooks.failed(slot, "resetAsync", overrun());
        pool.step(actions -> {
            try {
                wasCounted = context.steps.abandon(slot, DisposeReason.HOOK_FAILED, actions);
            } catch (Throwable e) {
                wasCounted = slot.isGone();
                throw e;
            }
            actions.tell(() -> context.events.abandoned(pool, "resetAsync", overrun()));
        });
    }

    private TimeoutException overrun() {
        return new TimeoutException(
                "resetAsync took longer than its timeout of " + Nanos.text(context.settings.resetTimeout));
    }

    private void end(@Nullable Throwable failure) {
        try {
            goOn(failure);
        } finally {
            settle();
        }
    }

    private void goOn(@Nullable Throwable failure) {
        PoolClock.Timer started = timer;
        if (started != null) {
            started.cancel();
        }
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        pool.stampIdle(slot, context.ticker.coarse());
        if (failure == null) {
            context.steps.offer(slot);
        } else {
            context.hooks.failed(slot, "resetAsync", failure);
            context.steps.discard(slot, DisposeReason.HOOK_FAILED);
        }
    }
}
