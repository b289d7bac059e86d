package io.genericpool.websocket;

import org.jspecify.annotations.Nullable;

/**
 * The connection is closed, and the requested operation is not possible. The peer or this side has closed the
 * connection, or it has failed.
 */
public class WebSocketClosedException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;

    /**
     * Creates an exception.
     *
     * @param message what happened, with the endpoint
     * @param code the close code
     * @param reason the close reason, empty for none
     * @param cause the failure that ended the connection, or null when it was closed normally
     */
    public WebSocketClosedException(String message, int code, String reason, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.reason = reason;
    }

    /**
     * Returns the close code. It is the one the peer sent, or the one this side sent when it closed first. It is 1006
     * when the connection ended without a code.
     *
     * @return the code; 1005 when the peer closed without a code
     */
    public final int code() {
        return code;
    }

    /**
     * Returns the reason sent with the code.
     *
     * @return the reason, empty for none
     */
    public final String reason() {
        return reason;
    }
}
