package io.genericpool.websocket;

/** What happens to a message that arrives while the queue of received messages is full. */
public enum OverflowPolicy {
    /**
     * The connection is not read any further until there is room, so that the peer is slowed down by TCP. Nothing is
     * lost; closes and pongs behind the message are seen late.
     */
    BLOCK,
    /** The oldest messages of the queue are dropped and counted. */
    DROP_OLDEST,
    /** The new message is dropped and counted. */
    DROP_NEWEST,
    /** The connection is closed with code 1008. */
    FAIL
}
