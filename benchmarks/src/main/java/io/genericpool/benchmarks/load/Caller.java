package io.genericpool.benchmarks.load;

import java.util.Collections;
import java.util.List;

/**
 * One that acquires, holds and releases again and again.
 *
 * @param endpoint what it connects to
 * @param holdNanos how long it holds a connection, parked
 * @param pauseNanos how long it does nothing between two leases, parked
 */
public record Caller(String endpoint, long holdNanos, long pauseNanos) {
    /** Several that are alike and pause never. */
    public static List<Caller> busy(int count, String endpoint, long holdNanos) {
        return Collections.nCopies(count, new Caller(endpoint, holdNanos, 0));
    }
}
