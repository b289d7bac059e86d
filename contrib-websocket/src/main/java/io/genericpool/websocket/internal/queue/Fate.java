package io.genericpool.websocket.internal.queue;

/** What became of a message that has arrived. */
public enum Fate {
    /** It was handed out or queued, or dropped as the policy says. */
    TAKEN,
    /** It began to arrive outside of any epoch, or its epoch has ended meanwhile, and was dropped. */
    LATE,
    /** It was dropped because the queue is full, and the policy is to fail. */
    OVERFLOW
}
