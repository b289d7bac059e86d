package io.genericpool.console.internal.feed;

import java.util.ArrayDeque;
import java.util.Deque;

/** The points of the plot: one per sample, for five minutes. Used by the sampling thread only. */
final class History {
    static final int SIZE = 300;

    private final Deque<long[]> points = new ArrayDeque<>();

    void add(long[] point) {
        if (points.size() == SIZE) {
            points.removeFirst();
        }
        points.addLast(point);
    }

    Iterable<long[]> points() {
        return points;
    }

    /** Empty when there is none yet. */
    long[] last() {
        return points.isEmpty() ? new long[0] : points.getLast();
    }
}
