package io.genericpool;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint is suspended in mode {@link SuspendMode#FAIL}, or its connect governor refuses connects for a while; the
 * cause, if there is one, is the failure that made it refuse.
 */
public class EndpointUnavailableException extends PoolException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Duration retryAfter;

    /**
     * Makes an exception.
     *
     * @param message what happened, with the endpoint's label
     * @param cause why, or null
     * @param context the request that failed
     * @param retryAfter the time, from now, after which a connect is tried again; null when that is not known
     */
    public EndpointUnavailableException(
            String message, @Nullable Throwable cause, FailureContext context, @Nullable Duration retryAfter) {
        super(message, cause, context);
        this.retryAfter = retryAfter;
    }

    /**
     * The time, from the moment of the failure, after which the endpoint may be connected to again.
     *
     * @return the time, or empty when it is not known: the endpoint is suspended until somebody resumes it
     */
    public final Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
