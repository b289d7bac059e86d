package io.genericpool;

import org.jspecify.annotations.Nullable;

/**
 * The root of all errors of a pool and of the plug-ins that have errors of their own: one type to catch for code that does not
 * tell a request that failed from a connection that failed. Unchecked.
 */
public abstract class GenericPoolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message what happened, with the endpoint
     * @param cause why, or null
     */
    protected GenericPoolException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
