package io.genericpool.benchmarks.outage;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/** How often something happened, by slices of time. */
final class Timeline {
    static final long SLICE_MILLIS = 100;

    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(SLICE_MILLIS);

    private final long start = System.nanoTime();
    private final AtomicLongArray counts;

    Timeline(long nanos) {
        counts = new AtomicLongArray((int) (nanos / SLICE_NANOS) + 1);
    }

    void add() {
        int slice = sliceAt(System.nanoTime());
        if (slice < counts.length()) {
            counts.incrementAndGet(slice);
        }
    }

    int sliceAt(long time) {
        return (int) ((time - start) / SLICE_NANOS);
    }

    /** How many in the slices from one on, up to but not with another. */
    long count(int from, int to) {
        long sum = 0;
        for (int slice = from; slice < Math.min(to, counts.length()); slice++) {
            sum += counts.get(slice);
        }
        return sum;
    }

    /** The most in one slice. */
    long most(int from, int to) {
        long most = 0;
        for (int slice = from; slice < Math.min(to, counts.length()); slice++) {
            most = Math.max(most, counts.get(slice));
        }
        return most;
    }

    /** The first slice, from one on, in which it happened this often; the end when there is none. */
    int firstWith(long count, int from, int to) {
        int slice = from;
        while (slice < Math.min(to, counts.length()) && counts.get(slice) < count) {
            slice++;
        }
        return slice;
    }
}
