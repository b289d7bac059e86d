package io.genericpool.websocket.internal.queue;

/**
 * A caller that waits for something of a connection: the next message, or room to send. The thread that takes it out of
 * the place it waits in, and no other, calls one of the two methods, once and outside of locks.
 */
interface Pending<T> {
    void succeed(T result);

    void fail(RuntimeException failure);
}
