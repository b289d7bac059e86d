package io.genericpool.console.internal.feed;

import java.util.concurrent.atomic.AtomicIntegerArray;

/** Counts times in buckets, four per doubling, so a percentile is at most an eighth off. Thread-safe and lock-free. */
final class Histogram {
    private static final int BITS = 2;
    private static final int PER_DOUBLING = 1 << BITS;
    /** Up to 2^36 microseconds, which is 19 hours. */
    private static final int LARGEST_EXPONENT = 36;

    private static final int BUCKETS = index((1L << (LARGEST_EXPONENT + 1)) - 1) + 1;

    private final AtomicIntegerArray counts = new AtomicIntegerArray(BUCKETS);

    void add(long micros) {
        counts.incrementAndGet(Math.min(index(Math.max(micros, 0)), BUCKETS - 1));
    }

    private static int index(long micros) {
        if (micros < PER_DOUBLING) {
            return (int) micros;
        }
        int exponent = Math.min(63 - Long.numberOfLeadingZeros(micros), LARGEST_EXPONENT);
        int part = (int) (micros >>> (exponent - BITS)) & (PER_DOUBLING - 1);
        return (exponent - BITS + 1) * PER_DOUBLING + part;
    }

    /** The middle of a bucket. */
    private static long value(int index) {
        if (index < PER_DOUBLING) {
            return index;
        }
        int shift = index / PER_DOUBLING - 1;
        long low = (long) (PER_DOUBLING + index % PER_DOUBLING) << shift;
        return low + (1L << shift) / 2;
    }

    static int[] noCounts() {
        return new int[BUCKETS];
    }

    void addTo(int[] sums) {
        for (int i = 0; i < BUCKETS; i++) {
            sums[i] += counts.get(i);
        }
    }

    /** In microseconds; -1 when nothing was counted. */
    static long percentile(int[] sums, int percent) {
        long total = 0;
        for (int count : sums) {
            total += count;
        }
        if (total == 0) {
            return -1;
        }
        long rank = Math.max(1, (total * percent + 99) / 100);
        long seen = 0;
        for (int i = 0; i < sums.length; i++) {
            seen += sums[i];
            if (seen >= rank) {
                return value(i);
            }
        }
        return value(sums.length - 1);
    }
}
