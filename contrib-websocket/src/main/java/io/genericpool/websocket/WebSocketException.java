package io.genericpool.websocket;

import io.genericpool.GenericPoolException;
import org.jspecify.annotations.Nullable;

/**
 * The root of all errors of a WebSocket connection. Unchecked. Errors of the pool have the same root,
 * {@link GenericPoolException}. Messages name the endpoint without user information and query values. They never
 * contain headers or message contents.
 */
public class WebSocketException extends GenericPoolException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with the endpoint
     * @param cause the cause, or null
     */
    public WebSocketException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
