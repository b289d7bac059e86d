package io.genericpool.websocket;

import org.jspecify.annotations.Nullable;

/**
 * A connection could not be opened: name resolution, TCP, TLS or the upgrade failed, or a source of headers threw. The
 * cause names the failed step, unless the server answered ({@link WebSocketHandshakeException}).
 */
public class WebSocketConnectException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with the endpoint
     * @param cause the cause, or null
     */
    public WebSocketConnectException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
