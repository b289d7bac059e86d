package io.genericpool.micrometer;

import io.genericpool.spi.PoolClock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
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
    private final List<Consumer<T>> observers = new CopyOnWriteArrayList<>();
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
        // tryLock only: a registry may read meters under a lock of its own, which an observer then needs.
        if (isFresh(latest) || !renewal.tryLock()) {
            return latest.value;
        }
        try {
            if (!isFresh(latest)) {
                Snapshot<T> renewed = taken();
                latest = renewed; // before the observers, which may read meters
                observers.forEach(observer -> observer.accept(renewed.value));
            }
            return latest.value;
        } finally {
            renewal.unlock();
        }
    }

    private boolean isFresh(Snapshot<T> snapshot) {
        return clock.nanoTime() - snapshot.takenAt < MAX_AGE;
    }

    /** Calls the observer with each new snapshot, on the thread that reads a meter. */
    void observe(Consumer<T> observer) {
        observers.add(observer);
    }

    void unobserve(Consumer<T> observer) {
        observers.remove(observer);
    }
}
