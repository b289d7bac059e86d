package io.genericpool.core.model;

/** How a request ended, and as what that counts. */
enum Outcome {
    WAITING(null),
    GRANTED(Count.GRANTED),
    TIMED_OUT(Count.TIMED_OUT),
    CANCELLED(Count.CANCELLED),
    CONNECT_FAILED(Count.FAILED),
    HOOK_FAILED(Count.FAILED),
    UNDELIVERABLE(Count.FAILED),
    EXHAUSTED(Count.REJECTED),
    UNAVAILABLE(Count.REJECTED),
    CLOSED(Count.REJECTED);

    final Count count;

    Outcome(Count count) {
        this.count = count;
    }
}
