package io.genericpool.core.internal;

import io.genericpool.DisposeReason;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.ConnectGovernor;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Makes connections, off the caller's thread, and brings what comes of it to the endpoint. */
final class Connector<E, C> {
    /** A governor that says "wait for no time" must not make the pool ask it in a loop. */
    private static final long SHORTEST_GATE = 1_000_000L;

    private final PoolContext<E, C> context;
    private final Duration timeout;
    private final boolean isGoverned;

    Connector(PoolContext<E, C> context) {
        this.context = context;
        this.timeout = context.settings.connectTimeout();
        this.isGoverned = context.settings.connectGovernor != null;
    }

    /** Starts a connect that was decided under the endpoint's lock. */
    void connect(ConnectAttempt<E, C> attempt, Actions actions) {
        new Connect(attempt).start(context.executors.connectExecutor(), actions);
    }

    /** The governor has not allowed the connect. */
    private static final class NotNow extends Exception {
        private static final long serialVersionUID = 1L;
        final transient ConnectGovernor.Verdict verdict;

        NotNow(ConnectGovernor.Verdict verdict) {
            super(null, null, false, false);
            this.verdict = verdict;
        }
    }

    private final class Connect extends BoundedCall<C> {
        private final ConnectAttempt<E, C> attempt;
        private final E endpoint;
        /** The governor was asked, and must be told how it ends. */
        private volatile boolean wasAllowed;

        Connect(ConnectAttempt<E, C> attempt) {
            super(context.calls, "create", context.settings.connectTimeout);
            this.attempt = attempt;
            this.endpoint = attempt.slot.pool.endpoint;
        }

        @Override
        Object call() throws Exception {
            if (isGoverned) {
                ConnectGovernor.Verdict verdict = context.hooks.mayConnect(attempt.slot.pool);
                if (verdict.kind() != ConnectGovernor.Verdict.Kind.PROCEED) {
                    throw new NotNow(verdict);
                }
                wasAllowed = true;
            }
            if (context.manager instanceof AsyncConnectionManager<E, C> async) {
                return new Staged(Objects.requireNonNull(
                        async.createAsync(endpoint, timeout), "createAsync returned null instead of a stage"));
            }
            return created(context.manager.create(endpoint, timeout));
        }

        private C created(@Nullable C connection) {
            return Objects.requireNonNull(connection, "create returned null instead of a connection");
        }

        @Override
        void ended(@Nullable C connection, @Nullable Throwable failure, Actions actions) {
            if (failure instanceof NotNow notNow) {
                gated(attempt, notNow.verdict, actions);
            } else if (failure != null || connection == null) {
                Throwable cause = failure == null
                        ? new NullPointerException("createAsync gave null instead of a connection")
                        : failure;
                tellGovernor(cause);
                failed(attempt, cause, false, actions);
            } else {
                bind(connection, actions);
            }
        }

        private void bind(C connection, Actions actions) {
            Slot<E, C> slot = attempt.slot;
            if (context.traits.binds) {
                try {
                    context.hooks.inside(() -> {
                        context.manager.bind(endpoint, connection, new SlotSignals<>(slot));
                        return true;
                    });
                } catch (Throwable e) {
                    context.hooks.failed(slot.pool, "bind", e);
                    tellGovernor(e);
                    arrived(attempt, connection, DisposeReason.HOOK_FAILED, e, actions);
                    return;
                }
            }
            tellGovernor(null);
            arrived(attempt, connection, null, null, actions);
        }

        /** Before what follows is decided, where this thread may run the governor's code; elsewhere as soon as possible. */
        private void tellGovernor(@Nullable Throwable failure) {
            if (!wasAllowed) {
                return;
            }
            Runnable telling = () -> context.hooks.connectEnded(attempt.slot.pool, failure);
            if (isOnExecutor()) {
                telling.run();
            } else {
                context.executors.disposeExecutor().execute(telling);
            }
        }

        @Override
        @Nullable
        Executor stageExecutor() {
            return isGoverned || context.traits.binds ? context.executors.disposeExecutor() : null;
        }

        @Override
        void abandoned(TimeoutException why, Actions actions) {
            leftExecutor();
            tellGovernor(why);
            failed(attempt, why, true, actions);
        }

        @Override
        void returnedLate(@Nullable C connection, Actions actions) {
            EndpointPool<E, C> pool = attempt.slot.pool;
            if (connection == null) {
                pool.cameBack(actions);
            } else {
                context.disposer.disposeUncounted(pool, connection, DisposeReason.INVALIDATED, actions);
            }
        }
    }

    private void arrived(
            ConnectAttempt<E, C> attempt,
            C connection,
            @Nullable DisposeReason broken,
            @Nullable Throwable cause,
            Actions actions) {
        Slot<E, C> slot = attempt.slot;
        EndpointPool<E, C> pool = slot.pool;
        long now = context.ticker.exact();
        long took = now - attempt.startedAt;
        context.sampleConnectTime(took);
        stamp(slot, connection, now);
        pool.lock();
        try {
            Waiter<E, C> meantFor = end(pool, attempt);
            pool.created++;
            if (context.events.isOn) {
                actions.add(more -> context.hooks.insideQuietly(() -> context.events.created(pool, took)));
            }
            boolean isCurrent = attempt.generation == pool.generation;
            if (!isCurrent) {
                slot.raise(Slot.EVICTED);
            }
            DisposeReason reason = broken;
            Throwable why = cause;
            if (reason == null && isCurrent && Slot.flagged(slot.word()) == DisposeReason.DEAD) {
                reason = DisposeReason.DEAD;
                why = slot.extras().deathCause();
            }
            if (reason == null) {
                if (attempt.warmUp != null && isCurrent) {
                    attempt.warmUp.opened++;
                }
                context.offer.run(pool, slot, attempt, now, actions);
            } else {
                pool.dispose(slot, reason, null, actions);
                countFailure(pool, attempt, now, Objects.requireNonNull(why));
                blame(pool, attempt, meantFor, Objects.requireNonNull(why), actions);
                context.serve.run(pool, null, now, actions);
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
        slot.pool.stampIdle(slot, context.ticker.coarse());
        slot.checkedAt = slot.since;
    }

    /** Shortened by chance, so that connections made together do not end together, and by the tick's precision. */
    private long lifetime() {
        long max = context.settings.maxLifetime;
        if (Nanos.isOff(max)) {
            return Nanos.FOREVER;
        }
        double jitter = context.settings.maxLifetimeJitter();
        long share = jitter == 0
                ? 0
                : (long) (max * jitter * ThreadLocalRandom.current().nextDouble());
        long lifetime = max - share;
        return Math.max(lifetime / 2, lifetime - context.ticker.precision);
    }

    private void failed(ConnectAttempt<E, C> attempt, Throwable cause, boolean isAbandoned, Actions actions) {
        EndpointPool<E, C> pool = attempt.slot.pool;
        long now = context.ticker.exact();
        pool.lock();
        try {
            Waiter<E, C> meantFor = end(pool, attempt);
            pool.remove(attempt.slot);
            countFailure(pool, attempt, now, cause);
            if (isAbandoned) {
                pool.counters().abandoned++;
                actions.add(more -> context.events.abandoned(pool, "create", cause));
            }
            if (context.events.isOn) {
                actions.add(more -> context.events.connectFailed(pool, cause, now - attempt.startedAt));
            }
            blame(pool, attempt, meantFor, cause, actions);
            context.capacity.release(actions);
            context.serve.run(pool, null, now, actions);
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
            pool.isRefillPaused = true;
        }
    }

    /** The governor said no: nobody has failed yet, unless it refuses. */
    private void gated(ConnectAttempt<E, C> attempt, ConnectGovernor.Verdict verdict, Actions actions) {
        EndpointPool<E, C> pool = attempt.slot.pool;
        long now = context.ticker.exact();
        long delay = Math.max(SHORTEST_GATE, Nanos.of(verdict.delay()));
        boolean isRefusing = verdict.kind() == ConnectGovernor.Verdict.Kind.REFUSE;
        var gate = new ConnectGate(now + delay, isRefusing, verdict.cause());
        pool.lock();
        try {
            end(pool, attempt);
            pool.remove(attempt.slot);
            if (gate.closedFor(now) >= pool.gateClosedFor(now)) {
                pool.extras().gate = gate; // the one that closes longer has a timer already
            }
            if (attempt.isRefill) {
                pool.isRefillPaused = true;
            }
            if (isRefusing) {
                pool.failAll(gate.refusal(now), actions);
            }
            context.capacity.release(actions);
            context.serve.run(pool, null, now, actions);
            if (!pool.extras().isGateTimed) {
                pool.extras().isGateTimed = true;
                actions.add(more -> context.clock.schedule(() -> gateMayOpen(pool), delay));
            }
        } finally {
            pool.unlock();
        }
    }

    /** Serves who waits behind the gate, or lets the endpoint leave; there is at most one such timer an endpoint. */
    private void gateMayOpen(EndpointPool<E, C> pool) {
        pool.step(actions -> {
            long now = pool.now();
            pool.extras().isGateTimed = pool.isGated(now);
            if (pool.extras().isGateTimed) {
                long left = pool.gateClosedFor(now);
                actions.add(more -> context.clock.schedule(() -> gateMayOpen(pool), left));
            }
            context.serve.run(pool, null, now, actions);
        });
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

    /** Only the waiter that the connect was made for may fail with it: it was queued before and nothing else covers it. */
    private void blame(
            EndpointPool<E, C> pool,
            ConnectAttempt<E, C> attempt,
            @Nullable Waiter<E, C> meantFor,
            Throwable cause,
            Actions actions) {
        if (meantFor != null && attempt.generation == pool.generation && attempt.wasStartedAfter(meantFor)) {
            pool.fail(meantFor, Failure.create(cause), actions);
        }
    }
}
