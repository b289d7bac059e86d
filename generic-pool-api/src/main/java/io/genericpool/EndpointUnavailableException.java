package io.genericpool;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint is suspended in mode {@link SuspendMode#FAIL}, or its connect governor refuses connection attempts for a
 * while. The cause, if present, is the failure that made the governor refuse.
 */
public class EndpointUnavailableException extends PoolException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Duration retryAfter;

    /**
     * Creates an exception.
     *
     * @param message what happened, with the endpoint's label
     * @param cause the cause, or null
     * @param context the failed request
     * @param retryAfter the time from now after which connection attempts are possible again; null when it is not known
     */
    public EndpointUnavailableException(
            String message, @Nullable Throwable cause, FailureContext context, @Nullable Duration retryAfter) {
        super(message, cause, context);
        this.retryAfter = retryAfter;
    }

    /**
     * Returns the time, from the moment of the failure, after which connection attempts to the endpoint are possible
     * again.
     *
     * @return the time, or empty when it is not known because the endpoint is suspended until it is resumed
     */
    public final Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
