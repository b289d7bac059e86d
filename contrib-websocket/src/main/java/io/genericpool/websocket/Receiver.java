package io.genericpool.websocket;

/** One who waits for the next message. Both methods are called outside of locks, one of them once. */
interface Receiver {
    void deliver(Message message);

    void fail(RuntimeException failure);
}
