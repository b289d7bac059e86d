package io.genericpool;

import org.jspecify.annotations.Nullable;

/**
 * No connection became available within the timeout. The message names the limit that was reached, how long the
 * connections have been held, and how many requests waited ahead. The cause is the endpoint's last failed connection
 * attempt, if one failed during the wait.
 */
public class AcquireTimeoutException extends PoolException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with the endpoint's label
     * @param cause the cause, or null
     * @param context the failed request
     */
    public AcquireTimeoutException(String message, @Nullable Throwable cause, FailureContext context) {
        super(message, cause, context);
    }
}
