package io.genericpool.core.internal.report;

import io.genericpool.AcquireInterruptedException;
import io.genericpool.AcquireTimeoutException;
import io.genericpool.CircuitState;
import io.genericpool.CircuitStats;
import io.genericpool.ConnectionCreateException;
import io.genericpool.DisposeReason;
import io.genericpool.core.internal.config.PoolSettings;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.flight.Flight;
import io.genericpool.core.internal.flight.FlightSpan;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.core.internal.log.WarnLimit;
import io.genericpool.core.internal.queue.ConnectAttempt;
import io.genericpool.core.internal.queue.Waiter;
import io.genericpool.core.internal.slot.RareSlotState;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.event.GroupEvent;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;
import io.genericpool.support.SafeText;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells the listener, and keeps what it throws away from the pool. Called without a lock. */
public final class PoolEvents<E> {
    private static final SafeLog LOG = SafeLog.of(PoolEvents.class);
    private static final long WARN_EVERY = 1_000_000_000L;

    /** Whether there is a listener to tell. */
    public final boolean enabled;

    private final PoolSettings<E> settings;
    private final PoolClock clock;
    private final PoolLog log;
    private final Flight flight = Flight.shared();
    private final @Nullable PoolListener<E> listener;
    private final LongAdder failures = new LongAdder();
    private final WarnLimit warnLimit;

    public PoolEvents(PoolSettings<E> settings, PoolClock clock, PoolLog log) {
        this.settings = settings;
        this.clock = clock;
        this.log = log;
        this.listener = narrowed(settings.listener);
        this.enabled = listener != null;
        this.warnLimit = new WarnLimit(clock, WARN_EVERY);
    }

    /** Events only give out endpoints, so that a listener for more general ones can take them. */
    @SuppressWarnings("unchecked")
    private static <E> @Nullable PoolListener<E> narrowed(@Nullable PoolListener<? super E> listener) {
        return (PoolListener<E>) listener;
    }

    public long failures() {
        return failures.sum();
    }

    public void created(EndpointPool<E, ?> pool, ConnectAttempt<E, ?> attempt, long took) {
        record(pool, attempt, "opened");
        log.opened(pool, took);
        tell(l -> l.onConnectionCreated(connection(pool, "create", took, null, null, 0)));
    }

    private void record(EndpointPool<E, ?> pool, ConnectAttempt<E, ?> attempt, String outcome) {
        FlightSpan span = attempt.flight;
        if (span != null) {
            span.commit(settings.name(), pool.label(), outcome);
        }
    }

    public void connectFailed(EndpointPool<E, ?> pool, ConnectAttempt<E, ?> attempt, Throwable cause, long took) {
        record(pool, attempt, attempt.isAbandoned ? "abandoned" : "failed");
        log.connectFailed(pool, cause, took);
        tell(l -> l.onConnectFailed(connection(pool, "create", took, cause, null, 0)));
    }

    public void disposed(EndpointPool<E, ?> pool, Slot<E, ?> slot, DisposeReason reason) {
        long age = clock.nanoTime() - slot.connectedAt;
        log.disposed(pool, reason, age, slot.leases());
        if (flight.hearsDisposals()) {
            flight.disposed(settings.name(), pool.label(), reason.name(), age, slot.leases());
        }
        tell(l -> l.onConnectionDisposed(connection(pool, "dispose", age, null, reason, slot.leases())));
    }

    public void abandoned(EndpointPool<E, ?> pool, String operation, Throwable why) {
        if (warnLimit.allows()) {
            LOG.warn(
                    "pool {}: {} of {} did not return within twice its timeout; the endpoint may exceed its limit by"
                            + " one{}",
                    settings.name(),
                    operation,
                    pool.label(),
                    warnLimit.suppressed());
        }
        tell(l -> l.onConnectionAbandoned(connection(pool, operation, 0, why, null, 0)));
    }

    public void hookFailed(EndpointPool<E, ?> pool, String hook, Throwable failure) {
        tell(l -> l.onHookFailed(connection(pool, hook, 0, failure, null, 0)));
    }

    /** On the thread that owns the slot. */
    public void acquired(EndpointPool<E, ?> pool, Slot<E, ?> slot, long took, boolean hasWaited) {
        LeaseEvent<E> event = lease(pool, took, null, reuse(slot) | (hasWaited ? LeaseNews.WAITED : 0));
        if (settings.hears.acquires) {
            tell(l -> l.onAcquired(event));
        }
        if (settings.hears.waits && hasWaited) {
            tell(l -> l.onAcquiredAfterWait(event));
        }
    }

    public void released(EndpointPool<E, ?> pool, Slot<E, ?> slot, long held, boolean isInvalidated) {
        tell(l -> l.onReleased(lease(pool, held, null, reuse(slot) | (isInvalidated ? LeaseNews.INVALIDATED : 0))));
    }

    /** On the thread that owns the slot: the times of the lease that ends now. */
    public void leaseEnded(EndpointPool<E, ?> pool, Slot<E, ?> slot, boolean isInvalidated) {
        RareSlotState<E, ?> stamps = slot.extras();
        if (!stamps.hasTimes) {
            return;
        }
        stamps.hasTimes = false;
        long now = clock.nanoTime();
        var ended = new LeaseEnd<>(settings, pool.endpoint, now, slot, isInvalidated);
        if (flight.hearsLeases()) {
            flight.leased(settings.name(), pool.label(), ended.times(), ended.requester(), isInvalidated);
        }
        if (enabled) {
            tell(l -> l.onLeaseEnded(ended));
        }
    }

    /** A request that waits: which limit keeps it, where that is recorded. */
    public void waits(EndpointPool<E, ?> pool, Waiter<E, ?> waiter) {
        FlightSpan span = waiter.flight;
        if (span != null && waiter.isWaiting()) {
            span.note(boundBy(pool, waiter));
        }
    }

    private static String boundBy(EndpointPool<?, ?> pool, Waiter<?, ?> waiter) {
        pool.lock();
        try {
            if (pool.isSuspended()) {
                return "suspended";
            }
            if (waiter.cover != null) {
                return "connect";
            }
            if (pool.wanted() > 0) {
                return "totalMaxSize";
            }
            return pool.held() >= pool.maxSize(pool.now()) ? "maxSize" : "pause";
        } finally {
            pool.unlock();
        }
    }

    /** A request has ended, with a failure or without: records its wait, if it has waited. */
    public void waited(EndpointPool<E, ?> pool, Waiter<E, ?> waiter, @Nullable Throwable failure) {
        FlightSpan span = waiter.flight;
        if (span != null && waiter.hasWaited()) {
            span.end();
            span.commit(settings.name(), pool.label(), outcome(failure));
        }
    }

    private static String outcome(@Nullable Throwable failure) {
        if (failure == null) {
            return "granted";
        }
        if (failure instanceof AcquireTimeoutException) {
            return "timed_out";
        }
        if (failure instanceof AcquireInterruptedException) {
            return "cancelled";
        }
        return failure instanceof ConnectionCreateException ? "failed" : "rejected";
    }

    public void acquireFailed(EndpointPool<E, ?> pool, long took, boolean hasWaited, @Nullable Throwable failure) {
        tell(l -> l.onAcquireFailed(lease(pool, took, failure, hasWaited ? LeaseNews.WAITED : 0)));
    }

    public void leaked(Slot<E, ?> slot, long held, String holder) {
        EndpointPool<E, ?> pool = EndpointPool.of(slot);
        if (warnLimit.allows()) {
            LOG.warn(
                    "pool {}: a lease of a connection to {} has been held for {} (leakDetectionThreshold {}) by {}{}",
                    settings.name(),
                    pool.label(),
                    Nanos.text(held),
                    Nanos.text(settings.leakDetectionThreshold),
                    holder,
                    warnLimit.suppressed());
        }
        if (flight.hearsLeaks()) {
            flight.leaked(settings.name(), pool.label(), held, holder);
        }
        tell(l -> l.onLeakDetected(new LeaseNews<>(settings, pool.endpoint, held, null, reuse(slot), holder)));
    }

    /** The endpoint has said that it has too many connections. */
    public void shrunk(EndpointPool<E, ?> pool, int limit) {
        if (warnLimit.allows()) {
            LOG.warn(
                    "pool {}: {} reported too many connections; its limit is {} for now and rises by itself{}",
                    settings.name(),
                    pool.label(),
                    limit,
                    warnLimit.suppressed());
        }
    }

    public void circuitChanged(EndpointPool<E, ?> pool, CircuitState before, CircuitStats after) {
        if (after.state() == CircuitState.OPEN && before == CircuitState.CLOSED && warnLimit.allows()) {
            LOG.warn(
                    "pool {}: the circuit of {} opened after {} failed connection attempts in a row: {}{}",
                    settings.name(),
                    pool.label(),
                    after.failures(),
                    after.cause().map(SafeText::message).orElse("no cause known"),
                    warnLimit.suppressed());
        } else {
            LOG.debug("pool {}: circuit of {}: {}, was {}", settings.name(), pool.label(), after, before);
        }
        if (flight.hearsCircuits()) {
            flight.circuit(settings.name(), pool.label(), before.name(), after);
        }
        tell(l -> l.onCircuitChanged(new CircuitChange<>(settings.name(), pool.endpoint, pool.label(), before, after)));
    }

    /** Something has happened to a request of a group. */
    public void ofGroup(String group, GroupEvent.Kind kind, E endpoint, long took, @Nullable Throwable failure) {
        if (kind == GroupEvent.Kind.RANKING_FAILED && warnLimit.allows()) {
            LOG.warn(
                    "pool {}: the ranking of group {} failed; the declared order is used{}",
                    settings.name(),
                    group,
                    warnLimit.suppressed(),
                    failure);
        }
        tell(l -> l.onGroupEvent(new GroupNews<>(settings, group, kind, endpoint, took, failure)));
    }

    private void tell(Consumer<PoolListener<E>> event) {
        PoolListener<E> told = listener;
        if (told == null) {
            return;
        }
        try {
            event.accept(told);
        } catch (Throwable e) {
            failures.increment();
            if (warnLimit.allows()) {
                LOG.warn("pool {}: the listener failed{}", settings.name(), warnLimit.suppressed(), e);
            }
        }
    }

    private ConnectionNews<E> connection(
            EndpointPool<E, ?> pool,
            String operation,
            long nanos,
            @Nullable Throwable failure,
            @Nullable DisposeReason reason,
            long leases) {
        return new ConnectionNews<>(
                settings, pool.endpoint, nanos, failure, new ConnectionNews.Call(operation, reason, leases));
    }

    private LeaseNews<E> lease(EndpointPool<E, ?> pool, long nanos, @Nullable Throwable failure, int traits) {
        return new LeaseNews<>(settings, pool.endpoint, nanos, failure, traits, null);
    }

    private static int reuse(Slot<?, ?> slot) {
        return slot.leases() > 1 ? LeaseNews.REUSED : 0;
    }
}
