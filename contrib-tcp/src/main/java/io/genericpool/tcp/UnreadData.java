package io.genericpool.tcp;

/** What happens to a connection with received data that its lease has not read. */
public enum UnreadData {
    /**
     * The connection stays in use, and the next lease reads the data first. Choose this for protocols whose peers send
     * data unasked.
     */
    KEEP,
    /**
     * The pool discards the connection when the data is there at the release, or when a check finds it. Choose this for
     * protocols of request and response, where unread data belongs to an abandoned answer. Only the next check detects
     * data that arrives after the release. With {@code alivenessBypass(Duration.ZERO)}, the pool checks before each
     * lease.
     */
    DISCARD
}
