package io.genericpool;

import org.jspecify.annotations.Nullable;

/**
 * The root of all errors of a pool and of the plug-ins that have errors of their own. Catch this type in code that need
 * not tell a failed request from a failed connection. Unchecked.
 */
public abstract class GenericPoolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with the endpoint
     * @param cause the cause, or null
     */
    protected GenericPoolException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
