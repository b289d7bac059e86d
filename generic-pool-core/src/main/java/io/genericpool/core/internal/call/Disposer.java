package io.genericpool.core.internal.call;

import io.genericpool.DisposeReason;
import io.genericpool.core.internal.config.Periods;
import io.genericpool.core.internal.endpoint.EndpointCounters;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.Step;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.core.internal.log.WarnLimit;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.queue.OwedPermit;
import io.genericpool.core.internal.queue.Waiter;
import io.genericpool.core.internal.slot.RareSlotState;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotLease;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.PoolClock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Disposes connections, never on a caller's thread. The permit comes back only when that has ended. */
public final class Disposer<E, C> {
    private static final SafeLog LOG = SafeLog.of(Disposer.class);
    private static final long WARN_EVERY = 10_000_000_000L;

    private final CallContext<E, C> context;
    private final LimitReduction<E, C> limitReduction;
    private final Duration timeout;
    private final CallTurns turns;
    private final long retryDelay;
    private final AtomicBoolean isRetryDue = new AtomicBoolean();
    private final WarnLimit warnings;

    public Disposer(CallContext<E, C> context, LimitReduction<E, C> limitReduction) {
        this.context = context;
        this.limitReduction = limitReduction;
        this.timeout = context.settings.disposeTimeout();
        this.turns = new CallTurns(context.settings.totalMaxDisposals(), this::retryLater);
        this.retryDelay = Periods.tick(context.settings, context.traits);
        this.warnings = new WarnLimit(context.clock, WARN_EVERY);
    }

    /** No executor takes a disposal, and no thread is to be had: it is tried again when one ends, and at the next tick. */
    private void retryLater() {
        if (warnings.allows()) {
            LOG.warn(
                    "pool {}: no thread is available for a disposal; {} disposals wait, keep their permits and are"
                            + " tried again{}",
                    context.settings.name(),
                    turns.waiting(),
                    warnings.suppressed());
        }
        if (isRetryDue.compareAndSet(false, true)) {
            try {
                PoolClock.Timer unused = context.timers.scheduleSurely(this::retryDue, retryDelay);
            } catch (Throwable e) { // the collector tries again, or the next disposal
                isRetryDue.set(false);
                LOG.debug("pool {}: no timer is available for disposals that wait", context.settings.name(), e);
            }
        }
    }

    private void retryDue() {
        isRetryDue.set(false);
        retry();
    }

    /** Whether a disposal waits for its turn. */
    public boolean hasWaiting() {
        return turns.hasWaiting();
    }

    /** Starts disposals that wait, as far as there are turns and threads. */
    public void retry() {
        var actions = new Actions();
        turns.retry(actions);
        context.backlog.goOn(actions);
        actions.run();
    }

    /** Makes a disposal that was decided under the endpoint's lock. */
    public void dispose(Slot<E, C> slot, DisposeReason reason, @Nullable OwedPermit<E, C> owed, Actions actions) {
        if (Slot.hasDisposalBegun(slot.word())) {
            return; // this comes so late that the repair has begun another one
        }
        var disposal = new Disposal(EndpointPool.of(slot), slot.connection(), reason) {
            @Override
            Slot<E, C> slot() {
                return slot;
            }

            @Override
            boolean begins() {
                return slot.tryBeginDisposal();
            }

            @Override
            void makeAnew(Actions more) {
                // The next sweep finds a disposal that was decided and that no call is known to make.
            }

            @Override
            boolean gone(boolean isAbandoned, Actions more) {
                return remove(slot, reason, owed, isAbandoned, more);
            }

            @Override
            @Nullable
            SlotLease<E, C> revoked() {
                RareSlotState<E, C> extras = slot.extrasOrNull();
                return extras == null ? null : extras.revokedLease;
            }

            @Override
            @Nullable
            Throwable deathCause() {
                RareSlotState<E, C> extras = slot.extrasOrNull();
                return extras == null ? null : extras.deathCause;
            }
        };
        disposal.startInTurn(actions);
    }

    /**
     * A connection that came back after its slot was abandoned or given up: it is in no books any more.
     *
     * @param wasCounted whether it counts as abandoned until its disposal has ended
     */
    public void disposeLate(Slot<E, C> slot, C connection, DisposeReason reason, boolean wasCounted, Actions actions) {
        disposeLate(slot, connection, reason, wasCounted, false, actions);
    }

    private void disposeLate(
            Slot<E, C> slot,
            C connection,
            DisposeReason reason,
            boolean wasCounted,
            boolean isSecondTry,
            Actions actions) {
        var disposal = new Disposal(EndpointPool.of(slot), connection, reason) {
            @Override
            boolean begins() {
                return slot.tryBeginDisposal();
            }

            @Override
            void makeAnew(Actions more) {
                if (!isSecondTry) {
                    more.add(last -> disposeLate(slot, connection, reason, wasCounted, true, last));
                }
            }

            @Override
            boolean gone(boolean isAbandoned, Actions more) {
                if (wasCounted && !isAbandoned) {
                    try {
                        context.steps.abandonedCallReturned(EndpointPool.of(slot), more);
                    } catch (Throwable e) {
                        context.steps.abandonedCallReturned(EndpointPool.of(slot), more); // it has done nothing yet
                        throw e;
                    }
                }
                return wasCounted;
            }
        };
        disposal.startInTurn(actions);
    }

    /** @return false when the slot was in the books no more */
    private boolean remove(
            Slot<E, C> slot,
            DisposeReason reason,
            @Nullable OwedPermit<E, C> owed,
            boolean isAbandoned,
            Actions actions) {
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        pool.lock();
        try {
            Waiter<E, C> owedTo = owed == null ? null : owed.covered;
            if (owedTo != null) {
                pool.queue.uncover(owedTo);
            }
            EndpointCounters counters = pool.counters();
            if (!pool.remove(slot)) {
                return false;
            }
            counters.countDisposed(reason);
            if (isAbandoned) {
                counters.abandoned++;
            }
            actions.tell(() -> context.events.disposed(pool, slot, reason));
            Step<E, C> step = Step.of(pool, actions);
            boolean mayGoOn = !pool.has(EndpointPool.CLOSED) && !pool.isSuspended();
            boolean counts = isAbandoned && pool.share != null;
            boolean isOwed = owedTo != null && owedTo.isWaiting() && mayGoOn;
            if (owedTo != null && isOwed && context.capacity.keepPermit(slot, counts)) {
                context.serve.connectInPlace(step, owedTo);
            } else {
                context.capacity.gone(slot, counts, actions);
            }
            context.serve.run(step);
            return true;
        } finally {
            pool.unlock();
        }
    }

    private abstract class Disposal extends TurnCall<Object> {
        private final EndpointPool<E, C> pool;
        private final C connection;
        private final DisposeReason reason;
        /** The manager was asked. */
        private volatile boolean isMade;
        /** Another disposal of the same connection was faster. */
        private volatile boolean isSecond;
        /** It was counted as abandoned. */
        private volatile boolean wasCounted;

        Disposal(EndpointPool<E, C> pool, C connection, DisposeReason reason) {
            super(
                    context.calls,
                    "dispose",
                    context.settings.disposeTimeout,
                    pool,
                    turns,
                    context.executors.disposeExecutor());
            this.pool = pool;
            this.connection = connection;
            this.reason = reason;
        }

        /** Whether this is the one disposal of its connection. */
        abstract boolean begins();

        /** An error has struck before the manager was asked. */
        abstract void makeAnew(Actions actions);

        /** The connection is gone, or abandoned. @return whether it counts as abandoned in the latter case */
        abstract boolean gone(boolean isAbandoned, Actions actions);

        @Override
        @Nullable
        Slot<E, C> slot() {
            return null;
        }

        /** The lease that was ended under its holder; null for all others. */
        @Nullable
        SlotLease<E, C> revoked() {
            return null;
        }

        /** What the connection is known to have died of. */
        @Nullable
        Throwable deathCause() {
            return null;
        }

        private void tellOfDeath() {
            boolean wasInterrupted = Thread.currentThread().isInterrupted();
            try {
                context.manager.onConnectionDead(pool.endpoint, connection);
            } catch (Throwable e) {
                context.hooks.failed(slot(), pool, "onConnectionDead", e);
            }
            clearFlag(wasInterrupted);
        }

        private void shrinkIfTooMany() {
            Throwable cause = deathCause();
            Slot<E, C> dead = slot();
            if (cause != null && dead != null && limitReduction.isMeantBy(dead, cause)) {
                pool.step(actions -> limitReduction.shrink(pool, pool.now(), actions));
            }
        }

        @Override
        boolean mustRun() {
            return true;
        }

        /** Its connection is open until it has run: it keeps its permit, and no more is counted. */
        @Override
        boolean waitsWhenRefused() {
            return true;
        }

        @Override
        Object call() throws Exception {
            SlotLease<E, C> revoked = revoked();
            if (revoked != null) {
                context.hooks.endView(revoked);
            }
            if (reason == DisposeReason.DEAD) {
                tellOfDeath();
                shrinkIfTooMany();
            }
            isSecond = !begins(); // last of all: until then it may be made anew, should an error strike
            if (isSecond) {
                return this;
            }
            isMade = true;
            if (context.manager instanceof AsyncConnectionManager<E, C> async) {
                CompletionStage<?> stage = async.disposeAsync(pool.endpoint, connection, reason, timeout);
                return new Staged(Objects.requireNonNull(stage, "disposeAsync returned null instead of a stage"));
            }
            context.manager.dispose(pool.endpoint, connection, reason, timeout);
            return this;
        }

        @Override
        void ended(@Nullable Object result, @Nullable Throwable failure, Actions actions) {
            if (!isMade && !isSecond) {
                makeAnew(actions);
                return;
            }
            if (failure != null) {
                context.hooks.failed(slot(), pool, operation, failure);
            }
            if (!isSecond) {
                gone(false, actions);
            }
        }

        @Override
        void abandoned(TimeoutException why, Actions actions) {
            context.hooks.failed(pool, operation, why);
            wasCounted = gone(true, actions);
            actions.tell(() -> context.events.abandoned(pool, operation, why));
        }

        @Override
        void over(Actions actions) {
            super.over(actions);
            context.backlog.goOn(actions);
        }

        @Override
        void returnedLate(@Nullable Object result, Actions actions) {
            if (wasCounted) {
                context.steps.abandonedCallReturned(pool, actions);
            }
        }
    }
}
