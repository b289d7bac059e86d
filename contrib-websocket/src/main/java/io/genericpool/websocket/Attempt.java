package io.genericpool.websocket;

/** Something that is under way to a connection. */
interface Attempt {
    /** Gives up because the manager is closed; without effect when it has ended. */
    void abort();
}
