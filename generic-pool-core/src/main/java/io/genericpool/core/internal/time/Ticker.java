package io.genericpool.core.internal.time;

import io.genericpool.spi.PoolClock;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * The pool's present. With a collector, the hot path reads a tick that the collector writes, instead of the clock; what
 * expires does so early by {@link #precision}. Without one, every reading is exact.
 *
 * <p>A tick is late when more than a period has passed since it was written: the process was stopped, or had no processor.
 * Any reading of the clock finds that out and writes the tick anew. So a late tick misleads the hot path alone, and only
 * until the first step that is not hot, or until the thread that writes the tick has run once (I37).
 */
public final class Ticker {
    private static final AtomicLongFieldUpdater<Ticker> TICK = AtomicLongFieldUpdater.newUpdater(Ticker.class, "tick");

    private final PoolClock clock;
    private final boolean isExact;
    /** How much older than the present a tick may be: one period. */
    public final long precision;

    private volatile long tick;
    /** When {@link #advance} ran last; its own, since any reading of the clock may write the tick. */
    private long advancedAt;

    public Ticker(PoolClock clock, boolean isExact, long period) {
        this.clock = clock;
        this.isExact = isExact;
        this.precision = isExact ? 0 : period;
        this.tick = clock.nanoTime();
        this.advancedAt = tick;
    }

    /** For stamps and expiry on the hot path. */
    public long coarse() {
        return isExact ? clock.nanoTime() : tick;
    }

    /** For deadlines, and everything that is slow anyway; afterwards the tick is at most a period old. */
    public long exact() {
        long now = clock.nanoTime();
        // I37: the process stood still
        if (!isExact) {
            long read = tick;
            if (now - read > precision) {
                TICK.compareAndSet(this, read, now); // else another thread has read a time, which may be a later one
            }
        }
        return now;
    }

    /** As {@link #coarse}, and at most a period old. */
    public long current() {
        long now = exact();
        return isExact ? now : tick;
    }

    /**
     * By the collector, once per period.
     *
     * @return whether it comes a period late, or more
     */
    public boolean advance() {
        long now = clock.nanoTime();
        boolean isLate = now - advancedAt > 2 * precision;
        advancedAt = now;
        // I37: never back, where another thread has read a later time since
        for (long read = tick; now - read > 0 && !TICK.compareAndSet(this, read, now); ) {
            read = tick;
        }
        return isLate;
    }
}
