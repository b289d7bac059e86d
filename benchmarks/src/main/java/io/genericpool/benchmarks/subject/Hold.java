package io.genericpool.benchmarks.subject;

import java.util.concurrent.locks.LockSupport;

/**
 * How a caller holds a connection for a while: parked, as one that waits for an answer is. To spin instead would measure
 * nothing but the scheduler when there are more callers than cores. The system adds its timer's slack (about 50 µs on
 * Linux) and a wake-up to each, for all pools alike.
 */
public final class Hold {
    private Hold() {}

    public static void sleep(long nanos) {
        if (nanos <= 0) {
            return;
        }
        long start = System.nanoTime();
        for (long left = nanos; left > 0; left = nanos - (System.nanoTime() - start)) {
            LockSupport.parkNanos(left);
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while a connection was held");
            }
        }
    }
}
