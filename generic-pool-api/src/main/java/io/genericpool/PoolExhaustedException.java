package io.genericpool;

import org.jspecify.annotations.Nullable;

/**
 * The pool rejected the request because {@code maxWaiters} requests already wait for the endpoint, or because the pool
 * already holds {@code maxEndpoints} endpoints.
 */
public class PoolExhaustedException extends PoolException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with the endpoint's label
     * @param cause the cause, or null
     * @param context the failed request
     */
    public PoolExhaustedException(String message, @Nullable Throwable cause, FailureContext context) {
        super(message, cause, context);
    }
}
