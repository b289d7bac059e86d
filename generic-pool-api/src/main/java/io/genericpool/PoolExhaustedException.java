package io.genericpool;

import org.jspecify.annotations.Nullable;

/**
 * The pool rejected the request because {@code maxWaiters} requests already wait for the endpoint, or because the pool
 * already holds {@code maxEndpoints} endpoints.
 */
public class PoolExhaustedException extends PoolException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message what happened, with the endpoint's label
     * @param cause why, or null
     * @param context the request that failed
     */
    public PoolExhaustedException(String message, @Nullable Throwable cause, FailureContext context) {
        super(message, cause, context);
    }
}
