package io.genericpool.core.internal.share;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells something until it is told: one thread at a time, and once more if it has changed meanwhile. A thread that finds
 * another one at it leaves it to that one.
 */
final class Telling {
    private static final int OVER = Integer.MIN_VALUE;

    private final Runnable step;
    private final AtomicInteger asked = new AtomicInteger();
    /** How many had asked when the step began; of the thread that runs it. */
    private int seen;

    Telling(Runnable step) {
        this.step = step;
    }

    /** Tells, unless another thread does. @return false when it is over: another one has taken its place */
    boolean run() {
        // I62: what has changed before this count is read by a step that begins after it
        int before = asked.getAndUpdate(n -> n < 0 ? n : n + 1);
        if (before != 0) {
            return before > 0;
        }
        Throwable thrown = null;
        seen = 1;
        while (seen > 0) {
            try {
                step.run();
            } catch (Throwable e) {
                thrown = e; // what was asked meanwhile is told all the same, and after this, too
            }
            int done = seen;
            seen = asked.updateAndGet(n -> n < 0 ? n : n - done);
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException failure) {
            throw failure;
        }
        return true;
    }

    /** Inside a step: this is the last one, unless something has been asked since it began. */
    boolean tryEnd() {
        return asked.compareAndSet(seen, OVER);
    }
}
