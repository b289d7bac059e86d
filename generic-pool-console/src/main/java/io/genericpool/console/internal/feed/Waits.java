package io.genericpool.console.internal.feed;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The recent waits of a pool and of each of its endpoints. Thread-safe. */
public final class Waits {
    private static final long[] NONE = {-1, -1};

    private final FeedClock clock;
    private final RecentWaits all;
    private final ConcurrentMap<Object, RecentWaits> endpoints = new ConcurrentHashMap<>();

    public Waits(FeedClock clock) {
        this.clock = clock;
        this.all = new RecentWaits(clock.nanos());
    }

    public void add(Object endpoint, long waitedNanos) {
        long now = clock.nanos();
        long micros = TimeUnit.NANOSECONDS.toMicros(waitedNanos);
        all.add(now, micros);
        RecentWaits waits = endpoints.get(endpoint);
        if (waits == null && endpoints.size() < PoolFeed.MOST_ROWS) {
            waits = endpoints.computeIfAbsent(endpoint, key -> new RecentWaits(now));
        }
        if (waits != null) {
            waits.add(now, micros);
        }
    }

    long[] ofPool() {
        return all.percentiles(clock.nanos());
    }

    /** Forgets an endpoint that has had no wait for a while. */
    long[] of(Object endpoint) {
        @Nullable RecentWaits waits = endpoints.get(endpoint);
        if (waits == null) {
            return NONE;
        }
        long[] percentiles = waits.percentiles(clock.nanos());
        if (percentiles[0] < 0) {
            endpoints.remove(endpoint, waits);
        }
        return percentiles;
    }

    /** Forgets an endpoint that has left the pool. */
    void forget(Object endpoint) {
        endpoints.remove(endpoint);
    }
}
