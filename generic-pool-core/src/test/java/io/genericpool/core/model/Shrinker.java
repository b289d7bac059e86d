package io.genericpool.core.model;

import java.util.function.Predicate;

/** Delta debugging: takes out pieces of a failing trace, smaller and smaller, as long as what is left still fails. */
final class Shrinker {
    private static final int REPLAYS = 3_000;
    private static final long NANOS = 60_000_000_000L;

    private Shrinker() {}

    static long[] shrink(long[] failing, Predicate<long[]> fails) {
        long[] best = failing;
        int replays = 0;
        long start = System.nanoTime();
        for (int piece = Math.max(1, best.length / 2); ; piece = Math.max(1, piece / 2)) {
            boolean hasShrunk = false;
            for (int from = 0; from < best.length; ) {
                if (++replays > REPLAYS || System.nanoTime() - start > NANOS) {
                    return best;
                }
                long[] shorter = without(best, from, Math.min(best.length, from + piece));
                if (fails.test(shorter)) {
                    best = shorter;
                    hasShrunk = true;
                } else {
                    from += piece;
                }
            }
            if (piece == 1 && !hasShrunk) {
                return best;
            }
        }
    }

    private static long[] without(long[] trace, int from, int to) {
        long[] left = new long[trace.length - (to - from)];
        System.arraycopy(trace, 0, left, 0, from);
        System.arraycopy(trace, to, left, from, trace.length - to);
        return left;
    }
}
