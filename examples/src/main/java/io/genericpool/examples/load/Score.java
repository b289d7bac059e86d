package io.genericpool.examples.load;

import java.util.concurrent.atomic.AtomicInteger;

/** What the tasks of one endpoint have seen. */
public final class Score {
    /** From asking for a connection to having it, once for each attempt that got one. */
    final Latencies waits = new Latencies();

    private final AtomicInteger expected = new AtomicInteger();
    private final AtomicInteger right = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();

    /** A task begins; all of its replies are owed from now on. */
    void expect(int replies) {
        expected.addAndGet(replies);
    }

    /** A task has ended, after whatever retries, and every one of its replies was checked. */
    void gotRight(int replies) {
        right.addAndGet(replies);
    }

    void retried() {
        retries.incrementAndGet();
    }

    void add(Score other) {
        waits.addAll(other.waits);
        expected.addAndGet(other.expected.get());
        right.addAndGet(other.right.get());
        retries.addAndGet(other.retries.get());
    }

    int right() {
        return right.get();
    }

    int retries() {
        return retries.get();
    }

    /** Replies that were not what they should have been, or never came. */
    public int wrongOrMissing() {
        return expected.get() - right.get();
    }
}
