package io.genericpool.core.model;

import io.genericpool.ConnectionStats;
import io.genericpool.DisposeReason;

/** The figures of an endpoint, which are part of those of the pool. */
final class Tally {
    private static final DisposeReason[] REASONS = DisposeReason.values();

    private final Tally whole;
    private final int[] states = new int[State.ALL.length];
    private final long[] counts = new long[Count.ALL.length];
    private final long[] disposed = new long[REASONS.length];

    /** Makes the figures of a part, or of the whole itself. */
    Tally(Tally whole) {
        this.whole = whole;
    }

    int of(State state) {
        return states[state.ordinal()];
    }

    long of(Count count) {
        return counts[count.ordinal()];
    }

    void add(Count count, long by) {
        counts[count.ordinal()] += by;
        if (whole != null) {
            whole.add(count, by);
        }
    }

    void addDisposed(DisposeReason reason) {
        disposed[reason.ordinal()]++;
        if (whole != null) {
            whole.addDisposed(reason);
        }
    }

    /** A connection goes from one state to another; null is none. */
    void move(State from, State to) {
        if (from != null) {
            states[from.ordinal()]--;
        }
        if (to != null) {
            states[to.ordinal()]++;
        }
        if (whole != null) {
            whole.move(from, to);
        }
    }

    /** Throws when these are not what a pool says. */
    void compare(String where, ConnectionStats stats) {
        for (State state : State.ALL) {
            same(where, state, state.reading.applyAsLong(stats), of(state));
        }
        for (Count count : Count.ALL) {
            same(where, count, count.reading.applyAsLong(stats), of(count));
        }
        for (DisposeReason reason : REASONS) {
            same(where, reason, stats.disposed(reason), disposed[reason.ordinal()]);
        }
    }

    private static void same(String where, Enum<?> what, long pool, long model) {
        if (pool != model) {
            throw new AssertionError(where + " " + what + ": pool " + pool + ", model " + model);
        }
    }

    /** Throws when pool and model do not say the same. */
    static void same(String what, long pool, long model) {
        if (pool != model) {
            throw new AssertionError(what + ": pool " + pool + ", model " + model);
        }
    }
}
