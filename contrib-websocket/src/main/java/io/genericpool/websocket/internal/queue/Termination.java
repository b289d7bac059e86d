package io.genericpool.websocket.internal.queue;

import io.genericpool.support.SafeText;
import io.genericpool.websocket.WebSocketClosedException;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.internal.frame.CloseCodes;
import org.jspecify.annotations.Nullable;

/** How a connection ended. The first one set is the connection's only one. */
public final class Termination {
    private final String what;
    private final int code;
    private final String reason;
    private final @Nullable Throwable cause;

    /** The pool is not told what it has done itself. */
    private final boolean byPool;

    private Termination(String what, int code, String reason, @Nullable Throwable cause, boolean byPool) {
        this.what = what;
        this.code = code;
        this.reason = reason;
        this.cause = cause;
        this.byPool = byPool;
    }

    private Termination(String what, int code, String reason, @Nullable Throwable cause) {
        this(what, code, reason, cause, false);
    }

    public static Termination byPeer(int code, String reason) {
        return new Termination("was closed by its peer", code, reason, null);
    }

    public static Termination byUser(int code, String reason) {
        return new Termination("was closed on this side", code, reason, null);
    }

    /** With a close handshake. */
    public static Termination byPool(int code) {
        return new Termination("was disposed by its pool", code, "", null, true);
    }

    /** Without one: what the peer sees is the end of the connection, and no code. */
    public static Termination cutByPool() {
        return new Termination("was cut by its pool", CloseCodes.ABNORMAL, "", null, true);
    }

    public static Termination failed(Throwable cause) {
        return new Termination("failed", CloseCodes.ABNORMAL, "", cause);
    }

    /** This side refused what the peer sent, and closes with a code that says why. */
    public static Termination refused(int code, String reason, Throwable cause) {
        return new Termination("was closed because of what its peer sent", code, reason, cause);
    }

    public int code() {
        return code;
    }

    public String reason() {
        return reason;
    }

    /** What the pool is told: null for an orderly end. */
    @Nullable
    public Throwable signal(WebSocketEndpoint endpoint) {
        return byPool || (cause == null && CloseCodes.isOrderly(code)) ? null : toException(endpoint);
    }

    /** What the pool is told of a connection that no lease has had yet: an orderly end is none there. */
    @Nullable
    public Throwable signalBeforeLease(WebSocketEndpoint endpoint) {
        return byPool ? null : toException(endpoint);
    }

    /** A fresh one for each caller, with a stack trace of its own. */
    public WebSocketClosedException toException(WebSocketEndpoint endpoint) {
        var message = new StringBuilder("the connection to ")
                .append(endpoint)
                .append(' ')
                .append(what)
                .append(" (code ")
                .append(code);
        if (!reason.isEmpty()) {
            message.append(", \"").append(SafeText.label(reason)).append('"');
        }
        message.append(')');
        if (cause != null) {
            message.append(": ").append(SafeText.message(cause));
        }
        return new WebSocketClosedException(message.toString(), code, reason, cause);
    }
}
