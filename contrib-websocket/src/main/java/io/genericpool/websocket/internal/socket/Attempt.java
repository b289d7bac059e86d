package io.genericpool.websocket.internal.socket;

import io.genericpool.websocket.WebSocketEndpoint;

/** Something that is under way to a connection. */
public interface Attempt {
    WebSocketEndpoint endpoint();

    /** When it began, by the clock of the settings. */
    long beganNanos();

    /** Gives up for a reason; without effect when it has ended. */
    void abort(RuntimeException why);
}
