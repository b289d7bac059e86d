package io.genericpool.core.internal.endpoint;

/**
 * The lowered limit of an endpoint that has said it has too many connections. It rises again with time, evenly, in at most
 * ten steps from one connection to maxSize; what comes of the connects it then allows shows whether that was too early.
 * Immutable.
 */
public final class ReducedLimit {
    private static final int MOST_STEPS = 10;

    private final int limit;
    private final long since;
    /** The time between two steps. */
    private final long pace;

    public ReducedLimit(int limit, long since, long pace) {
        this.limit = limit;
        this.since = since;
        this.pace = pace;
    }

    public int at(long now, int maxSize) {
        // I22: by time alone, without a write
        long grown = limit + steps(now) * stride(maxSize);
        return (int) Math.min(grown, maxSize);
    }

    /** When it will be higher than it is now. */
    long nextStep(long now) {
        return since + (steps(now) + 1) * pace;
    }

    /** More connections are there than it says: the endpoint has let them in. */
    public ReducedLimit atLeast(int connections, long now, int maxSize) {
        int current = at(now, maxSize);
        return connections <= current ? this : new ReducedLimit(connections, since + steps(now) * pace, pace);
    }

    private long steps(long now) {
        return Math.max(0, now - since) / pace;
    }

    private static long stride(int maxSize) {
        return Math.max(1, maxSize / MOST_STEPS);
    }
}
