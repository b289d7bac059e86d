package io.genericpool.benchmarks.jdbc;

import java.util.Arrays;

/** How long things took: counted in buckets that are at most 2 % wide, and the longest one exactly. Not thread-safe. */
final class Waits {
    private static final int STEPS = 64;
    private static final int BUCKETS = 64 * STEPS;

    private final long[] counts = new long[BUCKETS];
    private long total;
    private long longest;

    void add(long nanos) {
        counts[bucket(nanos)]++;
        total++;
        longest = Math.max(longest, nanos);
    }

    void add(Waits others) {
        Arrays.setAll(counts, i -> counts[i] + others.counts[i]);
        total += others.total;
        longest = Math.max(longest, others.longest);
    }

    private static int bucket(long nanos) {
        if (nanos < STEPS) {
            return (int) Math.max(0, nanos);
        }
        int shift = 63 - Long.numberOfLeadingZeros(nanos) - 6;
        return (shift + 1) * STEPS + (int) (nanos >>> shift) - STEPS;
    }

    private static long upperEnd(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int shift = bucket / STEPS - 1;
        return ((long) (bucket % STEPS + STEPS + 1) << shift) - 1;
    }

    long total() {
        return total;
    }

    long longest() {
        return longest;
    }

    /** The time within which this share of them ended. */
    long percentile(double share) {
        long wanted = (long) Math.ceil(total * share);
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += counts[i];
            if (seen >= wanted && seen > 0) {
                return Math.min(upperEnd(i), longest);
            }
        }
        return longest;
    }
}
