package io.genericpool;

import org.jspecify.annotations.Nullable;

/**
 * The pool is closed, or was closed while the request waited.
 */
public class PoolClosedException extends PoolException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with the endpoint's label
     * @param cause the cause, or null
     * @param context the failed request
     */
    public PoolClosedException(String message, @Nullable Throwable cause, FailureContext context) {
        super(message, cause, context);
    }
}
