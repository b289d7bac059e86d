package io.genericpool.websocket;

/** The state of a {@link WebSocketSession}. */
public enum SessionState {
    /** The session waits for a connection from the pool. */
    CONNECTING,
    /** The session has a connection and has sent its subscriptions. */
    CONNECTED,
    /** The session has lost its connection, or got none, and pauses before it tries again. */
    BACKING_OFF,
    /** The session was closed, or has ended because its pool or its group was closed. */
    CLOSED
}
