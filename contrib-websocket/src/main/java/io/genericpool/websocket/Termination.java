package io.genericpool.websocket;

import org.jspecify.annotations.Nullable;

/** How a connection ended. The first one set is the connection's only one. */
final class Termination {
    private final String what;
    private final int code;
    private final String reason;
    private final @Nullable Throwable cause;

    private Termination(String what, int code, String reason, @Nullable Throwable cause) {
        this.what = what;
        this.code = code;
        this.reason = reason;
        this.cause = cause;
    }

    static Termination byPeer(int code, String reason) {
        return new Termination("was closed by its peer", code, reason, null);
    }

    static Termination byUser(int code, String reason) {
        return new Termination("was closed on this side", code, reason, null);
    }

    static Termination byPool(int code) {
        return new Termination("was disposed by its pool", code, "", null);
    }

    static Termination failed(Throwable cause) {
        return new Termination("failed", CloseCodes.ABNORMAL, "", cause);
    }

    /** This side refused what the peer sent, and closes with a code that says why. */
    static Termination refused(int code, String reason, Throwable cause) {
        return new Termination("was closed because of what its peer sent", code, reason, cause);
    }

    int code() {
        return code;
    }

    String reason() {
        return reason;
    }

    /** What the pool is told: null for an orderly end. */
    @Nullable
    Throwable signal(WebSocketEndpoint endpoint) {
        return cause == null && CloseCodes.isOrderly(code) ? null : toException(endpoint);
    }

    /** A fresh one for each caller, so that its stack trace is his. */
    WebSocketClosedException toException(WebSocketEndpoint endpoint) {
        var message = new StringBuilder("The connection to ")
                .append(endpoint)
                .append(' ')
                .append(what)
                .append(" (code ")
                .append(code);
        if (!reason.isEmpty()) {
            message.append(", \"").append(reason).append('"');
        }
        message.append(')');
        if (cause != null) {
            message.append(": ").append(cause);
        }
        return new WebSocketClosedException(message.toString(), code, reason, cause);
    }
}
