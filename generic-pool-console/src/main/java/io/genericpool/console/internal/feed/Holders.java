package io.genericpool.console.internal.feed;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The holders that leak reports have named. A report tells since when the lease is held, and so it is matched with the oldest
 * lease of the endpoint. Thread-safe.
 */
public final class Holders {
    /** Leaks kept for each endpoint. */
    private static final int MOST = 8;

    /** The pool's tick makes both times inexact. */
    private static final long TOLERANCE = TimeUnit.MILLISECONDS.toNanos(1_500);

    private final FeedClock clock;
    private final ConcurrentMap<Object, Deque<Leak>> leaks = new ConcurrentHashMap<>();

    private record Leak(long since, String holder) {}

    public Holders(FeedClock clock) {
        this.clock = clock;
    }

    public void add(Object endpoint, long heldNanos, String holder) {
        if (leaks.size() >= PoolFeed.MOST_ROWS && !leaks.containsKey(endpoint)) {
            return;
        }
        var leak = new Leak(clock.nanos() - heldNanos, holder);
        leaks.compute(endpoint, (key, known) -> {
            Deque<Leak> extended = known == null ? new ArrayDeque<>() : new ArrayDeque<>(known);
            if (extended.size() == MOST) {
                extended.removeFirst();
            }
            extended.addLast(leak);
            return extended;
        });
    }

    /** The holder of the endpoint's oldest lease; empty when no report has named it. */
    String of(Object endpoint, long heldNanos) {
        @Nullable Deque<Leak> known = leaks.get(endpoint);
        if (known == null) {
            return "";
        }
        if (heldNanos == 0) {
            leaks.remove(endpoint, known);
            return "";
        }
        long since = clock.nanos() - heldNanos;
        return known.stream()
                .filter(leak -> Math.abs(leak.since - since) <= TOLERANCE)
                .map(Leak::holder)
                .findFirst()
                .orElse("");
    }

    /** Forgets an endpoint that has left the pool. */
    void forget(Object endpoint) {
        leaks.remove(endpoint);
    }
}
