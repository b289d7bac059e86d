package io.genericpool.examples.load;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Measured times. Any thread may add; percentiles are for afterwards. */
final class Latencies {
    private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();

    void add(long time) {
        nanos.add(time);
    }

    void addAll(Latencies others) {
        nanos.addAll(others.nanos);
    }

    /** The time that the given share of all times does not exceed, in milliseconds; 0 when there is none. */
    double percentileMillis(int percent) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        if (sorted.length == 0) {
            return 0;
        }
        int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
        return sorted[Math.max(1, rank) - 1] / 1e6;
    }
}
