package io.genericpool.core.internal.call;

import io.genericpool.DisposeReason;
import io.genericpool.core.internal.endpoint.ConnectGate;
import io.genericpool.core.internal.endpoint.ConnectRestrictions;
import io.genericpool.core.internal.endpoint.EndpointCounters;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.Step;
import io.genericpool.core.internal.flight.FlightSpan;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.queue.ConnectAttempt;
import io.genericpool.core.internal.queue.Failure;
import io.genericpool.core.internal.queue.Waiter;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.ConnectGovernor.Verdict;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Makes connections, off the caller's thread, and brings what comes of it to the endpoint. */
public final class Connector<E, C> {
    /** A governor that says "wait for no time" must not make the pool ask it in a loop. */
    private static final long SHORTEST_GATE = 1_000_000L;

    private final CallContext<E, C> context;
    private final GovernorCalls<E, C> governor;
    private final LimitReduction<E, C> limitReduction;
    private final Disposer<E, C> disposer;
    private final Duration timeout;
    private final CallTurns turns;

    public Connector(
            CallContext<E, C> context,
            GovernorCalls<E, C> governor,
            LimitReduction<E, C> limitReduction,
            Disposer<E, C> disposer) {
        this.context = context;
        this.governor = governor;
        this.limitReduction = limitReduction;
        this.disposer = disposer;
        this.timeout = context.settings.connectTimeout();
        this.turns = new CallTurns(context.settings.totalMaxConnects(), () -> {});
    }

    /** Starts a connect that was decided under the endpoint's lock. */
    public void connect(ConnectAttempt<E, C> attempt, Actions actions) {
        if (attempt.slot.isGone()) {
            return; // this comes so late that the repair has given it up
        }
        new Connect(attempt).startInTurn(actions);
    }

    /** Starts connects that wait, as far as there are turns: should an error have kept them from it. */
    public void retry(Actions actions) {
        turns.retry(actions);
    }

    /** The pool is closed: connects that wait for their turn are not made. */
    public void withdrawWaiting() {
        var actions = new Actions();
        try {
            turns.withdrawWaiting(actions);
        } finally {
            actions.run();
        }
    }

    /** The governor has not allowed the connect. */
    private static final class NotNow extends Exception {
        private static final long serialVersionUID = 1L;
        final transient Verdict verdict;

        NotNow(Verdict verdict) {
            super(null, null, false, false);
            this.verdict = verdict;
        }
    }

    private final class Connect extends TurnCall<C> {
        private final ConnectAttempt<E, C> attempt;
        private final E endpoint;
        /** The governor was asked, and must be told how it ends. */
        private volatile boolean wasAllowed;

        private final AtomicBoolean wasAnswered = new AtomicBoolean();
        /** Why the connection cannot be used, though it was made; and what is known of a failure. Written by complete. */
        private @Nullable DisposeReason broken;

        private @Nullable ConnectFailure why;
        /** What createAsync has given. */
        private volatile @Nullable CompletionStage<C> started;
        /** What must be done once when it comes back late, is done. */
        private boolean isSettled;

        Connect(ConnectAttempt<E, C> attempt) {
            super(
                    context.calls,
                    "create",
                    context.settings.connectTimeout,
                    EndpointPool.of(attempt.slot),
                    turns,
                    context.executors.connectExecutor());
            this.attempt = attempt;
            this.endpoint = attempt.slot.owner.endpoint();
        }

        @Override
        public boolean begin(Actions actions) {
            if (hasWaited() && !isWanted(attempt)) {
                withdraw(actions);
                return true;
            }
            attempt.startedAt = context.ticker.exact();
            attempt.flight = context.flight.connect();
            return super.begin(actions);
        }

        @Override
        Object call() throws Exception {
            if (governor.enabled) {
                Verdict verdict = governor.mayConnect(attempt.slot);
                if (verdict.kind() != Verdict.Kind.PROCEED) {
                    throw new NotNow(verdict);
                }
                wasAllowed = true;
                if (isAbandoned()) {
                    // It took so long to say yes that no request wants the connection any more.
                    if (wasAnswered.compareAndSet(false, true)) {
                        governor.connectCancelled(attempt.slot);
                    }
                    throw new CancellationException("the connect was abandoned while the governor was asked");
                }
            }
            if (context.manager instanceof AsyncConnectionManager<E, C> async) {
                started = async.createAsync(endpoint, timeout);
                return new Staged(Objects.requireNonNull(started, "createAsync returned null instead of a stage"));
            }
            C connection = context.manager.create(endpoint, timeout);
            attempt.slot.connection = connection; // first of all, so that it is not lost whatever goes wrong
            return created(connection);
        }

        private C created(@Nullable C connection) {
            return Objects.requireNonNull(connection, "create returned null instead of a connection");
        }

        @Override
        Slot<?, ?> slot() {
            return attempt.slot;
        }

        /** The connection is bound and the governor told: within the time of the connect, which both may use up. */
        @Override
        void complete(@Nullable C connection, @Nullable Throwable failure) {
            if (connection != null) {
                attempt.slot.connection = connection; // as above
            }
            if (failure instanceof NotNow) {
                return;
            }
            Throwable cause = failure;
            if (cause == null) {
                cause = connection == null ? nothing() : bind(connection);
            }
            if (cause == null) {
                tellGovernor(null);
            } else {
                why = learn(cause);
            }
        }

        @Override
        void ended(@Nullable C connection, @Nullable Throwable failure, Actions actions) {
            if (failure instanceof NotNow notNow) {
                notMade(attempt, notNow.verdict, actions);
                return;
            }
            if (failure instanceof Withdrawn) {
                notMade(attempt, null, actions);
                return;
            }
            C made = connection == null ? attempt.slot.connection : connection;
            if (connection == null && made != null) { // an error has struck behind the manager's back
                broken = DisposeReason.HOOK_FAILED;
                why = learn(failure == null ? nothing() : failure);
            }
            if (made != null) {
                arrived(attempt, made, broken, why, actions);
            } else {
                ConnectFailure known = why;
                try {
                    failed(
                            attempt,
                            known == null ? learn(failure == null ? nothing() : failure) : known,
                            false,
                            actions);
                } finally {
                    disposeWhatComes(); // last: a late connection is disposed only when its slot is out of the books
                }
            }
        }

        /** The call has failed, but perhaps not its stage. */
        @SuppressWarnings("FutureReturnValueIgnored")
        private void disposeWhatComes() {
            CompletionStage<C> stage = started;
            if (stage == null) {
                return;
            }
            try {
                stage.handle((connection, failure) -> {
                    if (connection != null) {
                        disposeUnasked(connection);
                    }
                    return true;
                });
            } catch (Throwable e) {
                // A stage of the manager's own make that does not do what a stage must: nothing can be known of it.
            }
        }

        private void disposeUnasked(C connection) {
            var actions = new Actions();
            disposer.disposeLate(attempt.slot, connection, DisposeReason.INVALIDATED, false, actions);
            actions.run();
        }

        private Throwable nothing() {
            return new NullPointerException("createAsync gave null instead of a connection");
        }

        /** @return what is wrong with it, or null */
        private @Nullable Throwable bind(C connection) {
            Slot<E, C> slot = attempt.slot;
            if (!context.traits.binds) {
                return null;
            }
            try {
                context.hooks.inside(slot, () -> {
                    context.manager.bind(endpoint, connection, new SlotSignals<>(context, slot));
                    return true;
                });
            } catch (Throwable e) {
                context.hooks.failed(slot, "bind", e);
                broken = DisposeReason.HOOK_FAILED;
                return e;
            }
            if (Slot.flagged(slot.word()) == DisposeReason.DEAD) {
                broken = DisposeReason.DEAD;
                return slot.extras().deathCause();
            }
            return null;
        }

        /** Once. Before what follows is decided, where this thread may run the governor's code; elsewhere as soon as possible. */
        private void tellGovernor(@Nullable Throwable failure) {
            if (!wasAllowed || !wasAnswered.compareAndSet(false, true)) {
                return;
            }
            Runnable telling = () -> governor.connectEnded(attempt.slot, failure);
            if (isOnExecutor()) {
                telling.run();
                return;
            }
            try {
                context.executors.disposeExecutor().execute(telling);
            } catch (Throwable e) { // no thread is to be had
                context.hooks.failed(EndpointPool.of(attempt.slot), "connectGovernor", e);
            }
        }

        /** Tells the governor of a failure, and asks what it means, as far as this thread may run the code of others. */
        private ConnectFailure learn(Throwable cause) {
            tellGovernor(cause);
            Slot<E, C> slot = attempt.slot;
            boolean isTooMany = isOnExecutor() && limitReduction.isMeantBy(slot, cause);
            Verdict verdict = isOnExecutor() && wasAllowed ? governor.peek(slot) : Verdict.proceed();
            return new ConnectFailure(cause, isTooMany, verdict);
        }

        @Override
        @Nullable
        Executor stageExecutor() {
            boolean callsOthers = governor.enabled || context.traits.binds || context.traits.namesTooMany;
            return callsOthers ? context.executors.disposeExecutor() : null;
        }

        @Override
        void abandoned(TimeoutException why, Actions actions) {
            leftExecutor();
            failed(attempt, learn(why), true, actions);
        }

        @Override
        void returnedLate(@Nullable C connection, Actions actions) {
            EndpointPool<E, C> pool = EndpointPool.of(attempt.slot);
            C made = connection == null ? attempt.slot.connection : connection;
            if (made != null) {
                disposer.disposeLate(attempt.slot, made, DisposeReason.INVALIDATED, attempt.isAbandoned, actions);
            } else if (attempt.isAbandoned && !isSettled) {
                context.steps.abandonedCallReturned(pool, actions);
                isSettled = true;
            }
            unstick(attempt, actions);
        }
    }

    private void arrived(
            ConnectAttempt<E, C> attempt,
            C connection,
            @Nullable DisposeReason broken,
            @Nullable ConnectFailure cause,
            Actions actions) {
        Slot<E, C> slot = attempt.slot;
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        long now = context.ticker.exact();
        long took = now - attempt.startedAt;
        endFlight(attempt);
        stamp(slot, connection, now);
        pool.lock();
        try {
            if (slot.isGone()) {
                actions.add(more -> disposer.disposeLate(slot, connection, DisposeReason.INVALIDATED, false, more));
                return;
            }
            pool.sampleConnectTime(took);
            Waiter<E, C> meantFor = end(pool, attempt);
            boolean isUnrefuted = isUnrefuted(pool, attempt);
            pool.countCreated();
            actions.tell(() -> context.events.created(pool, attempt, took));
            boolean isCurrent = attempt.generation == pool.generation;
            if (!isCurrent) {
                slot.raise(Slot.EVICTED);
            }
            DisposeReason reason = broken;
            ConnectFailure why = cause;
            if (reason == null && isCurrent && Slot.flagged(slot.word()) == DisposeReason.DEAD) {
                reason = DisposeReason.DEAD;
                why = new ConnectFailure(slot.extras().deathCause(), false, Verdict.proceed());
            }
            if (reason == null) {
                allIsWell(pool, now);
                if (attempt.warmUp != null && isCurrent) {
                    attempt.warmUp.opened++;
                }
                context.offer.run(new Step<>(pool, now, actions), slot, attempt);
            } else {
                pool.dispose(slot, reason, null, actions);
                conclude(pool, attempt, meantFor, Objects.requireNonNull(why), isUnrefuted, now, actions);
                context.serve.run(new Step<>(pool, now, actions));
            }
        } finally {
            pool.unlock();
        }
    }

    /** Before the slot is published by its first move away from CONNECTING. */
    private void stamp(Slot<E, C> slot, C connection, long now) {
        slot.connection = connection;
        slot.connectedAt = now;
        slot.expiresAt = now + lifetime();
        slot.idleTimeout = shortened(context.settings.idleTimeout, context.settings.idleTimeoutJitter());
        EndpointPool.of(slot).stampIdle(slot, context.ticker.coarse());
        slot.checkedAt = slot.since;
    }

    /** Shortened by chance, so that connections made together do not end together, and by the tick's precision. */
    private long lifetime() {
        long max = context.settings.maxLifetime;
        if (Nanos.isOff(max)) {
            return Nanos.FOREVER;
        }
        long lifetime = shortened(max, context.settings.maxLifetimeJitter());
        return Math.max(lifetime / 2, lifetime - context.ticker.precision);
    }

    private static long shortened(long time, double jitter) {
        boolean isExact = jitter == 0 || Nanos.isOff(time);
        return isExact
                ? time
                : time - (long) (time * jitter * ThreadLocalRandom.current().nextDouble());
    }

    /** Under the lock. A connect has succeeded: what was said of the endpoint before does not hold any more. */
    private void allIsWell(EndpointPool<E, C> pool, long now) {
        ConnectRestrictions restrictions = pool.restrictionsOrNull();
        if (restrictions != null) {
            restrictions.gate = null;
            if (restrictions.reduced != null) {
                restrictions.reduced = restrictions.reduced.atLeast(pool.established(), now, pool.limits.maxSize());
            }
        }
    }

    private static void endFlight(ConnectAttempt<?, ?> attempt) {
        FlightSpan flight = attempt.flight;
        if (flight != null) {
            flight.end();
        }
    }

    private void failed(ConnectAttempt<E, C> attempt, ConnectFailure why, boolean isAbandoned, Actions actions) {
        EndpointPool<E, C> pool = EndpointPool.of(attempt.slot);
        long now = context.ticker.exact();
        endFlight(attempt);
        pool.lock();
        try {
            if (attempt.slot.isGone()) {
                return; // the repair has given it up
            }
            EndpointCounters counters = pool.counters();
            Waiter<E, C> meantFor = end(pool, attempt);
            boolean counts = pool.remove(attempt.slot) && isAbandoned;
            if (counts) {
                counters.abandoned++; // nothing may come in between
                // I25: raised by the step that abandons it, and lowered when it comes back
                counters.stuckConnects += attempt.generation == pool.generation ? 1 : 0;
                attempt.isAbandoned = true;
                actions.tell(() -> context.events.abandoned(pool, "create", why.cause));
            }
            actions.tell(() -> context.events.connectFailed(pool, attempt, why.cause, now - attempt.startedAt));
            conclude(pool, attempt, meantFor, why, isUnrefuted(pool, attempt), now, actions);
            context.capacity.gone(attempt.slot, counts && pool.share != null, actions);
            context.serve.run(new Step<>(pool, now, actions));
        } finally {
            pool.unlock();
        }
    }

    /** Under the lock, by the repair: the connect of a slot is known to no call. */
    public void forget(EndpointPool<E, C> pool, Slot<E, C> slot) {
        ConnectAttempt<E, C> attempt = pool.attempts.of(slot);
        if (attempt != null) {
            end(pool, attempt);
        }
    }

    /** An abandoned connect has come back: another one may start. */
    private void unstick(ConnectAttempt<E, C> attempt, Actions actions) {
        EndpointPool<E, C> pool = EndpointPool.of(attempt.slot);
        actions.add(pool::serve);
        pool.lock();
        try {
            EndpointCounters counters = pool.counters();
            if (attempt.isAbandoned && !attempt.isBack) {
                counters.stuckConnects -= attempt.generation == pool.generation ? 1 : 0;
                attempt.isBack = true;
            }
        } finally {
            pool.unlock();
        }
    }

    private void countFailure(EndpointPool<E, C> pool, ConnectAttempt<E, C> attempt, long now, Throwable cause) {
        EndpointCounters counters = pool.counters();
        counters.connectFailures++;
        counters.lastConnectFailure = cause;
        counters.lastConnectFailureAt = now;
        if (attempt.isRefill) {
            pool.pauseRefill();
        }
    }

    /** Whether a connect that has waited for its turn is still to be made. */
    private boolean isWanted(ConnectAttempt<E, C> attempt) {
        EndpointPool<E, C> pool = EndpointPool.of(attempt.slot);
        pool.lock();
        try {
            return !pool.has(EndpointPool.CLOSED)
                    && attempt.generation == pool.generation
                    && (attempt.covered != null || attempt.warmUp != null || attempt.isRefill);
        } finally {
            pool.unlock();
        }
    }

    /**
     * The governor said no: no request has failed yet, unless it refuses. Or the connect was not wanted any more when its turn
     * came; then the verdict is null.
     */
    private void notMade(ConnectAttempt<E, C> attempt, @Nullable Verdict verdict, Actions actions) {
        EndpointPool<E, C> pool = EndpointPool.of(attempt.slot);
        long now = context.ticker.exact();
        pool.lock();
        try {
            if (attempt.slot.isGone()) {
                return;
            }
            end(pool, attempt);
            pool.remove(attempt.slot);
            if (verdict != null && isUnrefuted(pool, attempt)) {
                close(pool, verdict, now);
            }
            if (verdict != null && attempt.isRefill) {
                pool.pauseRefill();
            }
            if (attempt.warmUp != null) {
                attempt.warmUp.budget++; // it was not tried
            }
            context.capacity.gone(attempt.slot, actions);
            context.serve.run(new Step<>(pool, now, actions));
        } finally {
            pool.unlock();
        }
    }

    /** Whether what the governor says of a connect was not refuted since by a success, or made void by an evict. */
    private static <E, C> boolean isUnrefuted(EndpointPool<E, C> pool, ConnectAttempt<E, C> attempt) {
        // I19: no success has come, and no evict, since the governor was asked
        return attempt.createdBefore == pool.created && attempt.generation == pool.generation;
    }

    /**
     * Under the lock: closes the gate of an endpoint. Only with what the governor has said since the endpoint has last made a
     * connection: what is older may be refuted by that.
     */
    private static <E, C> void close(EndpointPool<E, C> pool, Verdict verdict, long now) {
        long delay = Math.max(SHORTEST_GATE, Nanos.of(verdict.delay()));
        pool.restrictions().gate = new ConnectGate(now + delay, verdict.kind() == Verdict.Kind.REFUSE, verdict.cause());
    }

    /** Under the lock: the attempt is over. @return the waiter it was meant for */
    private @Nullable Waiter<E, C> end(EndpointPool<E, C> pool, ConnectAttempt<E, C> attempt) {
        pool.removeAttempt(attempt);
        if (attempt.warmUp != null) {
            attempt.warmUp.inFlight--;
        }
        Waiter<E, C> meantFor = attempt.covered;
        if (meantFor != null) {
            pool.queue.uncover(meantFor);
        }
        return meantFor;
    }

    /**
     * Under the lock: what follows from a failure. Where the endpoint has too many connections already, the waiter that the
     * connect was made for waits for one of these instead of failing.
     *
     * @param isUnrefuted whether the endpoint has made no connection since this connect began, and was not evicted
     */
    private void conclude(
            EndpointPool<E, C> pool,
            ConnectAttempt<E, C> attempt,
            @Nullable Waiter<E, C> meantFor,
            ConnectFailure why,
            boolean isUnrefuted,
            long now,
            Actions actions) {
        countFailure(pool, attempt, now, why.cause);
        if (why.isTooMany) {
            limitReduction.shrink(pool, now, actions);
        }
        boolean mayGoOnWaiting = why.isTooMany && meantFor != null && !meantFor.isNewOnly && pool.hasLive();
        if (!mayGoOnWaiting) {
            blame(pool, attempt, meantFor, why.cause, actions);
        }
        if (isUnrefuted && matters(pool, why.verdict)) {
            close(pool, why.verdict, now);
        }
    }

    /** Only the waiter that the connect was made for may fail with it: it was queued before and nothing else covers it. */
    private void blame(
            EndpointPool<E, C> pool,
            ConnectAttempt<E, C> attempt,
            @Nullable Waiter<E, C> meantFor,
            Throwable cause,
            Actions actions) {
        // I11: one request at most, and none that came after the connect had started
        if (meantFor != null && attempt.generation == pool.generation && attempt.wasStartedAfter(meantFor)) {
            pool.fail(meantFor, Failure.create(cause), actions);
        }
    }

    /** A pause without a waiter need not hold the endpoint in the pool: its governor remembers it. */
    private static boolean matters(EndpointPool<?, ?> pool, Verdict verdict) {
        return switch (verdict.kind()) {
            case PROCEED -> false;
            case WAIT -> !pool.queue.isEmpty() || !pool.warmUps().isEmpty();
            case REFUSE -> true;
        };
    }
}
