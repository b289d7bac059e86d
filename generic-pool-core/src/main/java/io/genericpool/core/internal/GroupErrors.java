package io.genericpool.core.internal;

import io.genericpool.AcquireInterruptedException;
import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionCreateException;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.FailureContext;
import io.genericpool.PoolClosedException;
import io.genericpool.PoolException;
import io.genericpool.PoolExhaustedException;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.queue.Failure;
import io.genericpool.core.internal.queue.Waiter;
import io.genericpool.support.Nanos;
import io.genericpool.support.SafeText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the exceptions of a group's requests: each names every member, and why that could not serve. Without a lock. */
final class GroupErrors<E, C> {
    private final PoolParts<E, C> context;
    private final String name;

    GroupErrors(PoolParts<E, C> context, String name) {
        this.context = context;
        this.name = name;
    }

    PoolException interrupted(GroupRequest<E, C> request) {
        return new AcquireInterruptedException(
                "the thread was interrupted while it waited for a connection to group " + name,
                new InterruptedException(),
                contextOf(request.waiter, null));
    }

    PoolException closed(long timeout) {
        return new PoolClosedException(
                "no connection to group " + name + ": pool " + context.settings.name() + " is closed",
                null,
                new FailureContext(name, Nanos.toDuration(timeout), Duration.ZERO, null, null));
    }

    /** For a request whose outcome is FAILED or TIMED_OUT. */
    PoolException of(GroupRequest<E, C> request) {
        Waiter<E, C> waiter = request.waiter;
        var causes = new ArrayList<PoolException>();
        var text = new StringBuilder();
        for (GroupRequest.Seat<E, C> seat : request.seats()) {
            text.append(text.length() == 0 ? "" : "; ").append(context.settings.labels.of(seat.member.endpoint));
            PoolException cause = causeAt(seat, waiter);
            if (cause == null) {
                text.append(": not asked, because its tier did not come to its turn");
            } else {
                causes.add(cause);
                text.append(": ").append(SafeText.message(cause));
            }
        }
        PoolException failure = make(request, causes, text.toString());
        causes.stream().skip(1).forEach(failure::addSuppressed);
        return failure;
    }

    private @Nullable PoolException causeAt(GroupRequest.Seat<E, C> seat, Waiter<E, C> waiter) {
        EndpointPool<E, C> pool = seat.pool;
        Failure failure = seat.ticket.trouble();
        if (pool != null) {
            return context.failures.of(pool, seat.ticket);
        }
        if (failure == null) {
            return null;
        }
        return switch (failure.kind) {
            case CLOSED -> context.failures.closed(seat.member.endpoint, waiter.timeout);
            case REFUSED -> context.failures.refused(seat.member.endpoint, waiter.timeout, failure);
            case CREATE -> context.failures.notJoined(seat.member.endpoint, waiter.timeout, failure.cause);
            default -> context.failures.tooManyEndpoints(seat.member.endpoint, waiter.timeout);
        };
    }

    private PoolException make(GroupRequest<E, C> request, List<PoolException> causes, String members) {
        Waiter<E, C> waiter = request.waiter;
        PoolException first = causes.isEmpty() ? null : causes.get(0);
        FailureContext of = contextOf(waiter, first);
        if (waiter.state() == Waiter.TIMED_OUT) {
            return new AcquireTimeoutException(
                    "no connection to group " + name + " within " + Nanos.text(waiter.timeout) + ": " + members,
                    first,
                    of);
        }
        String message = "no connection to group " + name + ": " + members;
        return switch (request.failedAs()) {
            case CLOSED -> new PoolClosedException(message, first, of);
            case CREATE -> new ConnectionCreateException(message, first, of);
            case TIMEOUT -> new AcquireTimeoutException(message, first, of);
            case TOO_MANY_WAITERS -> new PoolExhaustedException(message, first, of);
            case SUSPENDED, REFUSED -> new EndpointUnavailableException(message, first, of, earliest(causes));
        };
    }

    /** Null where it is not known of any member. */
    private static @Nullable Duration earliest(List<PoolException> causes) {
        Duration earliest = null;
        for (PoolException cause : causes) {
            Duration after = cause instanceof EndpointUnavailableException unavailable
                    ? unavailable.retryAfter().orElse(null)
                    : null;
            if (after != null && (earliest == null || after.compareTo(earliest) < 0)) {
                earliest = after;
            }
        }
        return earliest;
    }

    /** @param first the failure of the first member: its numbers stand for the group */
    private FailureContext contextOf(Waiter<E, C> waiter, @Nullable PoolException first) {
        long waited = Math.max(0, context.ticker.exact() - waiter.startedAt);
        return new FailureContext(
                name,
                Nanos.toDuration(waiter.timeout),
                Duration.ofNanos(waited),
                first == null ? null : first.limits().orElse(null),
                first == null ? null : first.stats().orElse(null));
    }
}
