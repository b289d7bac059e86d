package io.genericpool.micrometer;

import io.genericpool.spi.PoolClock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A snapshot that all meters of a scrape share. The first reader after {@link #MAX_AGE} renews it; others that come
 * meanwhile get the old one, so a reader never waits for another one. Thread-safe.
 */
final class Cached<T> implements Supplier<T> {
    /** The age at which a snapshot is renewed, in nanoseconds. */
    static final long MAX_AGE = 1_000_000_000L;

    private final PoolClock clock;
    private final Supplier<T> source;
    private final ReentrantLock renewal = new ReentrantLock();
    private volatile Snapshot<T> latest;

    private record Snapshot<T>(T value, long takenAt) {}

    Cached(PoolClock clock, Supplier<T> source) {
        this.clock = clock;
        this.source = source;
        this.latest = taken();
    }

    private Snapshot<T> taken() {
        long now = clock.nanoTime();
        return new Snapshot<>(source.get(), now);
    }

    @Override
    public T get() {
        if (isFresh(latest) || !renewal.tryLock()) {
            return latest.value;
        }
        try {
            if (!isFresh(latest)) {
                latest = taken();
            }
            return latest.value;
        } finally {
            renewal.unlock();
        }
    }

    private boolean isFresh(Snapshot<T> snapshot) {
        return clock.nanoTime() - snapshot.takenAt < MAX_AGE;
    }
}
