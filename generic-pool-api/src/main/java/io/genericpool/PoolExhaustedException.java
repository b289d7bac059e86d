package io.genericpool;

import org.jspecify.annotations.Nullable;

/**
 * The request was turned away because {@code maxWaiters} requests wait for the endpoint already, or because the pool
 * holds {@code maxEndpoints} endpoints already.
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
