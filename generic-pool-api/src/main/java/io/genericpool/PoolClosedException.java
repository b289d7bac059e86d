package io.genericpool;

import org.jspecify.annotations.Nullable;

/**
 * The pool is closed, or was closed while the request waited.
 */
public class PoolClosedException extends PoolException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message what happened, with the endpoint's label
     * @param cause why, or null
     * @param context the request that failed
     */
    public PoolClosedException(String message, @Nullable Throwable cause, FailureContext context) {
        super(message, cause, context);
    }
}
