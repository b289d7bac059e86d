package io.genericpool;

import org.jspecify.annotations.Nullable;

/**
 * The connection attempt that this request waited for failed. The cause is what the manager threw, or what went wrong
 * after it returned (a null connection, a hook that failed).
 */
public class ConnectionCreateException extends PoolException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with the endpoint's label
     * @param cause the cause, or null
     * @param context the failed request
     */
    public ConnectionCreateException(String message, @Nullable Throwable cause, FailureContext context) {
        super(message, cause, context);
    }
}
