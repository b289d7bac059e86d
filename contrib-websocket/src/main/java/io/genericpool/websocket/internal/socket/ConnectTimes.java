package io.genericpool.websocket.internal.socket;

/** What opening a connection took, in nanoseconds: all of it, and the part from the upgrade request to its answer. */
record ConnectTimes(long connect, long upgrade) {}
