package io.genericpool.core.internal;

import io.genericpool.DisposeReason;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.PoolClock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Disposes connections, off everybody's thread; only when that has ended does the permit come back. */
final class Disposer<E, C> {
    private static final SafeLog LOG = SafeLog.of(Disposer.class);
    private static final long WARN_EVERY = 10_000_000_000L;

    private final PoolContext<E, C> context;
    private final Duration timeout;
    private final CallTurns turns;
    private final long retryDelay;
    private final AtomicBoolean isRetryDue = new AtomicBoolean();
    private final WarnLimit warnings;

    Disposer(PoolContext<E, C> context) {
        this.context = context;
        this.timeout = context.settings.disposeTimeout();
        this.turns = new CallTurns(context.settings.totalMaxDisposals(), this::retryLater);
        this.retryDelay = Periods.tick(context.settings, context.traits);
        this.warnings = new WarnLimit(context.clock, WARN_EVERY);
    }

    /** No executor takes a disposal, and no thread is to be had: it is tried again when one ends, and at the next tick. */
    private void retryLater() {
        if (warnings.allows()) {
            LOG.warn(
                    "pool {}: no thread is to be had for a disposal; {} wait, keep their permits and are tried again{}",
                    context.settings.name(),
                    turns.waiting(),
                    warnings.suppressed());
        }
        if (isRetryDue.compareAndSet(false, true)) {
            try {
                PoolClock.Timer unused = context.timers.schedule(this::retryDue, retryDelay);
            } catch (Throwable e) { // the collector tries again, or the next release
                isRetryDue.set(false);
                LOG.debug("pool {}: no timer is to be had for disposals that wait", context.settings.name(), e);
            }
        }
    }

    private void retryDue() {
        isRetryDue.set(false);
        retry();
    }

    /** Whether a disposal waits for its turn. */
    boolean hasWaiting() {
        return turns.hasWaiting();
    }

    /** Starts disposals that wait, as far as there are turns and threads. */
    void retry() {
        var actions = new Actions();
        turns.retry(actions);
        context.backlog.goOn(actions);
        actions.run();
    }

    /** Makes a disposal that was decided under the endpoint's lock. */
    void dispose(Slot<E, C> slot, DisposeReason reason, @Nullable OwedRoom<E, C> owed, Actions actions) {
        var disposal = new Disposal(slot.pool, slot.connection(), reason) {
            @Override
            Slot<E, C> slot() {
                return slot;
            }

            @Override
            void gone(boolean isAbandoned, Actions more) {
                remove(slot, reason, owed, isAbandoned, more);
            }

            @Override
            @Nullable
            SlotLease<E, C> revoked() {
                SlotExtras<E, C> extras = slot.extrasOrNull();
                return extras == null ? null : extras.revokedLease;
            }

            @Override
            @Nullable
            Throwable deathCause() {
                SlotExtras<E, C> extras = slot.extrasOrNull();
                return extras == null ? null : extras.deathCause;
            }
        };
        disposal.startInTurn(actions);
    }

    /** A connection that came back after its slot was abandoned: it is in no books but that count any more. */
    void disposeUncounted(EndpointPool<E, C> pool, C connection, DisposeReason reason, Actions actions) {
        var disposal = new Disposal(pool, connection, reason) {
            @Override
            void gone(boolean isAbandoned, Actions more) {
                if (!isAbandoned) {
                    pool.cameBack(more);
                }
            }
        };
        disposal.startInTurn(actions);
    }

    private void remove(
            Slot<E, C> slot,
            DisposeReason reason,
            @Nullable OwedRoom<E, C> owed,
            boolean isAbandoned,
            Actions actions) {
        EndpointPool<E, C> pool = slot.pool;
        pool.lock();
        try {
            Waiter<E, C> owedTo = owed == null ? null : owed.covered;
            if (owedTo != null) {
                pool.queue.uncover(owedTo);
            }
            pool.remove(slot);
            pool.counters().countDisposed(reason);
            if (isAbandoned) {
                pool.counters().abandoned++;
            }
            if (context.events.isOn) {
                actions.tell(() -> context.events.disposed(pool, slot, reason));
            }
            long now = pool.now();
            boolean mayGoOn = !pool.has(EndpointPool.CLOSED) && !pool.isSuspended() && context.capacity.mayKeepPermit();
            if (owedTo != null && owedTo.isWaiting() && mayGoOn) {
                context.serve.connectInPlace(pool, owedTo, now, actions);
            } else if (owed != null) {
                context.capacity.release(actions);
            } else {
                context.capacity.disposalEnded(pool, actions);
            }
            context.serve.run(pool, null, now, actions);
        } finally {
            pool.unlock();
        }
    }

    private abstract class Disposal extends TurnCall<Object> {
        private final EndpointPool<E, C> pool;
        private final C connection;
        private final DisposeReason reason;

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

        abstract void gone(boolean isAbandoned, Actions actions);

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
            if (cause != null && dead != null && context.tooMany.isMeantBy(dead, cause)) {
                pool.step(actions -> context.tooMany.shrink(pool, pool.now(), actions));
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
            if (context.manager instanceof AsyncConnectionManager<E, C> async) {
                return new Staged(Objects.requireNonNull(
                        async.disposeAsync(pool.endpoint, connection, reason, timeout),
                        "disposeAsync returned null instead of a stage"));
            }
            context.manager.dispose(pool.endpoint, connection, reason, timeout);
            return this;
        }

        @Override
        void ended(@Nullable Object result, @Nullable Throwable failure, Actions actions) {
            if (failure != null) {
                context.hooks.failed(slot(), pool, operation, failure);
            }
            gone(false, actions);
        }

        @Override
        void abandoned(TimeoutException why, Actions actions) {
            context.hooks.failed(pool, operation, why);
            gone(true, actions);
            actions.tell(() -> context.events.abandoned(pool, operation, why));
        }

        @Override
        void over(Actions actions) {
            super.over(actions);
            context.backlog.goOn(actions);
        }

        @Override
        void returnedLate(@Nullable Object result, Actions actions) {
            pool.cameBack(actions);
        }
    }
}
