package io.genericpool;

import org.jspecify.annotations.Nullable;

/**
 * The thread was interrupted while it waited for a connection. Its interrupt flag is set again. The request is
 * withdrawn, and no connection is leaked.
 */
public class AcquireInterruptedException extends PoolException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with the endpoint's label
     * @param cause the cause, or null
     * @param context the failed request
     */
    public AcquireInterruptedException(String message, @Nullable Throwable cause, FailureContext context) {
        super(message, cause, context);
    }
}
