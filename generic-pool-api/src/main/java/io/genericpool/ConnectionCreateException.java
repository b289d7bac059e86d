package io.genericpool;

import org.jspecify.annotations.Nullable;

/**
 * The connection attempt that this request waited for failed. The cause is what the manager threw, or what went wrong
 * after it returned (a null connection, a hook that failed).
 */
public class ConnectionCreateException extends PoolException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message what happened, with the endpoint's label
     * @param cause why, or null
     * @param context the request that failed
     */
    public ConnectionCreateException(String message, @Nullable Throwable cause, FailureContext context) {
        super(message, cause, context);
    }
}
