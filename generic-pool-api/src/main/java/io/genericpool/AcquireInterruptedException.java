package io.genericpool;

import org.jspecify.annotations.Nullable;

/**
 * The thread was interrupted while it waited for a connection. Its interrupt flag is set again. The request is
 * withdrawn, and no connection is leaked.
 */
public class AcquireInterruptedException extends PoolException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message what happened, with the endpoint's label
     * @param cause why, or null
     * @param context the request that failed
     */
    public AcquireInterruptedException(String message, @Nullable Throwable cause, FailureContext context) {
        super(message, cause, context);
    }
}
