package io.genericpool.core.internal.report;

import io.genericpool.AcquireInterruptedException;
import io.genericpool.AcquireTimeoutException;
import io.genericpool.CircuitStats;
import io.genericpool.ConnectionCreateException;
import io.genericpool.ConnectionStats;
import io.genericpool.EndpointLimits;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.FailureContext;
import io.genericpool.PoolClosedException;
import io.genericpool.PoolException;
import io.genericpool.PoolExhaustedException;
import io.genericpool.core.internal.endpoint.EndpointContext;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.queue.Failure;
import io.genericpool.core.internal.queue.Waiter;
import io.genericpool.spi.SharedLimits;
import io.genericpool.support.Nanos;
import io.genericpool.support.SafeText;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.LongToIntFunction;
import org.jspecify.annotations.Nullable;

/** Makes the exceptions that requesters get, on their own threads and without a lock. */
public final class PoolErrors<E, C> {
    private final EndpointContext<E, C> context;
    private final Snapshots<E, C> snapshots;

    public PoolErrors(EndpointContext<E, C> context, Snapshots<E, C> snapshots) {
        this.context = context;
        this.snapshots = snapshots;
    }

    /** The pool holds as many endpoints as it may. */
    public PoolException tooManyEndpoints(E endpoint, long timeout) {
        String label = context.settings.labels.of(endpoint);
        return new PoolExhaustedException(
                "no connection to " + label + ": pool " + name() + " holds as many endpoints as maxEndpoints allows ("
                        + context.settings.maxEndpoints() + ")",
                null,
                new FailureContext(label, Nanos.toDuration(timeout), Duration.ZERO, null, null));
    }

    /** The endpoint cannot join the pool, because its own limits are wrong. */
    public PoolException notJoined(E endpoint, long timeout, @Nullable Throwable cause) {
        String label = context.settings.labels.of(endpoint);
        return new ConnectionCreateException(
                "no connection to " + label + ": " + SafeText.message(cause),
                cause,
                new FailureContext(label, Nanos.toDuration(timeout), Duration.ZERO, null, null));
    }

    public PoolException closed(E endpoint, long timeout) {
        String label = context.settings.labels.of(endpoint);
        return new PoolClosedException(
                "no connection to " + label + ": pool " + name() + " is closed",
                null,
                new FailureContext(label, Nanos.toDuration(timeout), Duration.ZERO, null, null));
    }

    /** No connection attempt was made for a request of a group to an endpoint that the pool does not hold. */
    public PoolException refused(E endpoint, long timeout, Failure failure) {
        String label = context.settings.labels.of(endpoint);
        return new EndpointUnavailableException(
                "no connection to " + label + ": " + notYet(failure.retryAfter) + because(failure.cause),
                failure.cause,
                new FailureContext(label, Nanos.toDuration(timeout), Duration.ZERO, null, null),
                Nanos.toDuration(failure.retryAfter));
    }

    private static TimeoutException stuckConnects(int count, EndpointPool<?, ?> pool) {
        return new TimeoutException(count + " connection attempts to " + pool.label()
                + " were abandoned and have not ended; no other one starts before one of them ends or evict is called");
    }

    /** For a request whose outcome is FAILED or TIMED_OUT. */
    public PoolException of(EndpointPool<E, C> pool, Waiter<E, C> waiter) {
        if (waiter.state() == Waiter.TIMED_OUT) {
            return timedOut(pool, waiter);
        }
        Failure failure = waiter.failure();
        Throwable cause = failure.stuck == 0 ? failure.cause : stuckConnects(failure.stuck, pool);
        String start = "no connection to " + pool.label() + ": ";
        return switch (failure.kind) {
            case CREATE ->
                new ConnectionCreateException(
                        start + "the connection attempt failed: " + SafeText.message(cause),
                        cause,
                        contextOf(pool, waiter));
            case CLOSED ->
                new PoolClosedException(start + "pool " + name() + " is closed", null, contextOf(pool, waiter));
            case TOO_MANY_WAITERS ->
                new PoolExhaustedException(
                        start + "as many requests wait as maxWaiters allows (" + pool.limits.maxWaiters() + ")",
                        null,
                        contextOf(pool, waiter));
            case SUSPENDED ->
                new EndpointUnavailableException(start + suspended(pool), null, contextOf(pool, waiter), null);
            case REFUSED ->
                new EndpointUnavailableException(
                        start + notYet(failure.retryAfter) + because(cause),
                        cause,
                        contextOf(pool, waiter),
                        Nanos.toDuration(failure.retryAfter));
            case TIMEOUT -> timedOut(pool, waiter);
        };
    }

    public PoolException hookFailed(EndpointPool<E, C> pool, long startedAt, long timeout, Throwable cause) {
        return new ConnectionCreateException(
                "no connection to " + pool.label() + ": onAcquire or lend of the manager failed: "
                        + SafeText.message(cause),
                cause,
                contextOf(pool, startedAt, timeout, snapshots.forError(pool).stats()));
    }

    public PoolException interrupted(EndpointPool<E, C> pool, Waiter<E, C> waiter, InterruptedException cause) {
        return new AcquireInterruptedException(
                "the thread was interrupted while it waited for a connection to " + pool.label(),
                cause,
                contextOf(pool, waiter));
    }

    private PoolException timedOut(EndpointPool<E, C> pool, Waiter<E, C> waiter) {
        ToldStats.Told told = snapshots.forError(pool);
        EndpointSnapshot stats = told.stats();
        Throwable lastFailure = stats.lastConnectFailure().orElse(null);
        boolean isOfThisWait = lastFailure != null && stats.lastConnectFailureAt() - waiter.startedAt >= 0;
        String message = "no connection to " + stats.label() + " within " + Nanos.text(waiter.timeout) + ": "
                + boundBy(pool, told, waiter) + held(stats)
                + (waiter.sequence == 0 ? "" : ahead(waiter.ahead))
                + (isOfThisWait ? "; the last connection attempt failed: " + SafeText.message(lastFailure) : "");
        Throwable cause = isOfThisWait ? lastFailure : stats.isBoundByShare() ? whyNoShare(stats.told()) : null;
        return new AcquireTimeoutException(message, cause, contextOf(pool, waiter.startedAt, waiter.timeout, stats));
    }

    private static String suspended(EndpointPool<?, ?> pool) {
        return pool.isSuspendedItself()
                ? "the endpoint is suspended; resume(endpoint) ends that"
                : "the pool is at rest; endQuiesce() ends that";
    }

    private String boundBy(EndpointPool<E, C> pool, ToldStats.Told told, Waiter<E, C> waiter) {
        EndpointSnapshot stats = told.stats();
        LeaseHolders holders = told.holders();
        LongToIntFunction countHeldBy = holders == null ? pool::countHeldBy : holders::countOf;
        EndpointLimits limits = stats.limits();
        if (stats.isSuspended()) {
            return suspended(pool);
        }
        if (waiter.timeout == 0) {
            return "none was idle and the timeout is zero";
        }
        CircuitStats circuit = stats.circuit();
        if (!circuit.remaining().isZero() && stats.total() == 0) {
            return notYet(Nanos.of(circuit.remaining())) + " after " + circuit.failures() + " failed attempts"
                    + because(circuit.cause().orElse(null));
        }
        if (stats.connecting() > 0) {
            return stats.connecting() + " of its " + stats.total() + " connections are still being made (maxSize "
                    + limits.maxSize() + ")";
        }
        if (stats.total() >= limits.maxSize()) {
            return "its " + limits.maxSize() + " connections (maxSize) are in use, " + stats.leased()
                    + " of them leased" + heldByAsker(waiter, countHeldBy);
        }
        if (stats.isBoundByShare()) {
            return boundByShare("", stats.share().orElse(0), stats.told()) + heldByAsker(waiter, countHeldBy);
        }
        if (stats.total() >= stats.effectiveMaxSize()) {
            return "its " + stats.total() + " connections are in use, " + stats.leased()
                    + " of them leased" + heldByAsker(waiter, countHeldBy)
                    + "; the endpoint reported too many connections, so its limit is " + stats.effectiveMaxSize()
                    + " for now";
        }
        int used = context.capacity.used();
        int max = context.capacity.max();
        SharedLimits.Share total = context.capacity.bindingShare();
        if (used >= max && total != null) {
            return boundByShare(" for the pool as a whole", max, total);
        }
        if (used >= max) {
            return "all " + max + " connections of the pool (totalMaxSize) are in use, " + stats.total()
                    + " of them by this endpoint" + heldByAsker(waiter, context.capacity.table::countHeldBy);
        }
        return stats.total() + " connections of " + limits.maxSize() + " (maxSize) exist";
    }

    private String boundByShare(String where, int share, SharedLimits.@Nullable Share told) {
        String text = "limit of the fleet" + where + ": this process may have " + share;
        if (told != null) {
            text += " of " + told.cap()
                    + switch (told.waiting()) {
                        case 0 -> "";
                        case 1 -> ", 1 process waits";
                        default -> ", " + told.waiting() + " processes wait";
                    };
        }
        Throwable problem = whyNoShare(told);
        if (problem != null) {
            text += context.reachability.isReachable()
                    ? "; " + SafeText.message(problem.getMessage())
                    : "; the fleet cannot be reached: " + SafeText.message(problem);
        } else if (!context.reachability.isReachable()) {
            text += "; the fleet cannot be reached";
        }
        return text;
    }

    private @Nullable Throwable whyNoShare(SharedLimits.@Nullable Share told) {
        Throwable unreachable = context.reachability.why();
        return unreachable != null || told == null ? unreachable : told.problem();
    }

    private static String notYet(long nanos) {
        return nanos < 0
                ? "connection attempts are paused"
                : "connection attempts are paused for another " + Nanos.text(nanos);
    }

    private static String because(@Nullable Throwable cause) {
        return cause == null ? "" : "; the last one failed: " + SafeText.message(cause);
    }

    /** Nothing when all are held for less than a tick: how long is not known then. */
    private static String held(ConnectionStats stats) {
        Duration longest = stats.longestHeld();
        return longest.isZero() ? "" : ", the longest for " + Nanos.text(longest.toNanos());
    }

    /** The commonest way to wait in vain. A future's thread is not told: it goes on, and may well have several leases. */
    private static String heldByAsker(Waiter<?, ?> waiter, LongToIntFunction countHeldBy) {
        int own = waiter.isBlocking() ? countHeldBy.applyAsInt(waiter.threadId()) : 0;
        return own == 0 ? "" : ", " + own + " by the calling thread itself (a nested use needs one more)";
    }

    private static String ahead(int count) {
        return switch (count) {
            case 0 -> "; no request was ahead";
            case 1 -> "; 1 request was ahead";
            default -> "; " + count + " requests were ahead";
        };
    }

    private FailureContext contextOf(EndpointPool<E, C> pool, Waiter<E, C> waiter) {
        return contextOf(
                pool, waiter.startedAt, waiter.timeout, snapshots.forError(pool).stats());
    }

    private FailureContext contextOf(
            EndpointPool<E, C> pool, long startedAt, long timeout, @Nullable EndpointSnapshot stats) {
        long waited = Math.max(0, context.ticker.exact() - startedAt);
        return new FailureContext(
                pool.label(),
                Nanos.toDuration(timeout),
                Duration.ofNanos(waited),
                stats == null ? null : stats.limits(),
                stats);
    }

    private String name() {
        return context.settings.name();
    }
}
