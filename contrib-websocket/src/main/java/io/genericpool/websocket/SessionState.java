package io.genericpool.websocket;

/** What a {@link WebSocketSession} is doing. */
public enum SessionState {
    /** It waits for a connection of the pool. */
    CONNECTING,
    /** It has a connection and has sent its subscriptions. */
    CONNECTED,
    /** It has lost its connection, or got none, and pauses before it tries again. */
    BACKING_OFF,
    /** It was closed. */
    CLOSED
}
