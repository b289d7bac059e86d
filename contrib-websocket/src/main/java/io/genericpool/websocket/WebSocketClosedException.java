package io.genericpool.websocket;

import org.jspecify.annotations.Nullable;

/** The connection is closed, by the peer, by this side or by a failure, and what was asked of it cannot be done. */
public class WebSocketClosedException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;

    /**
     * Makes an exception.
     *
     * @param message what happened, with the endpoint
     * @param code the close code
     * @param reason the close reason, empty for none
     * @param cause the failure that ended the connection, or null when it was closed in an orderly way
     */
    public WebSocketClosedException(String message, int code, String reason, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.reason = reason;
    }

    /**
     * The close code: the one the peer sent, the one this side sent when it closed first, or 1006 when the connection
     * ended without any.
     *
     * @return the code; 1005 when the peer closed without giving one
     */
    public final int code() {
        return code;
    }

    /**
     * The reason that came with the code.
     *
     * @return the reason, empty for none
     */
    public final String reason() {
        return reason;
    }
}
