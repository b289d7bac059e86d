package io.genericpool.websocket;

/** What happens to a message that arrives while the queue of received messages is full. */
public enum OverflowPolicy {
    /**
     * The manager stops reading the connection until there is room, and TCP slows the peer down. No message is lost.
     * Closes and pongs behind the message are received late.
     */
    BLOCK,
    /** The oldest messages of the queue are dropped and counted. */
    DROP_OLDEST,
    /** The new message is dropped and counted. */
    DROP_NEWEST,
    /** The connection is closed with code 1008. */
    FAIL
}
