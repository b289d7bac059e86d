package io.genericpool.core.model;

/** The states of a connection that count against the limits. */
enum State {
    CONNECTING,
    IDLE,
    LEASED,
    PENDING,
    CHECKING,
    DISPOSING;

    static final int COUNT = values().length;
}
