package io.genericpool.websocket.internal.queue;

/**
 * One who waits for something of a connection: the next message, or room to send. Whoever takes him out of the place he
 * waits in, and nobody else, calls one of the two methods, once and outside of locks.
 */
interface Pending<T> {
    void succeed(T result);

    void fail(RuntimeException failure);
}
