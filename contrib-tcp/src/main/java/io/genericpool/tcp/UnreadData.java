package io.genericpool.tcp;

/** What becomes of a connection on which data has arrived that its lease has not read. */
public enum UnreadData {
    /** It stays in use, and the next lease reads that data first: for protocols whose peers speak up by themselves. */
    KEEP,
    /**
     * It is discarded, when the data is there at the release or is found by a check: for protocols of request and response,
     * where it belongs to an answer nobody waits for. Data that arrives after the release is noticed by the next check, so
     * {@code alivenessBypass(Duration.ZERO)} of the pool makes sure of it before each lease.
     */
    DISCARD
}
