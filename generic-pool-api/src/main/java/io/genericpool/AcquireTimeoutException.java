package io.genericpool;

import org.jspecify.annotations.Nullable;

/**
 * No connection could be had within the deadline. The message says which limit bound, for how long the connections have
 * been held, and how many waited ahead; the cause is the endpoint's last failed connect, if one failed during the wait.
 */
public class AcquireTimeoutException extends PoolException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message what happened, with the endpoint's label
     * @param cause why, or null
     * @param context the request that failed
     */
    public AcquireTimeoutException(String message, @Nullable Throwable cause, FailureContext context) {
        super(message, cause, context);
    }
}
