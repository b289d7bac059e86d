package io.genericpool.core.internal;

import io.genericpool.spi.PoolClock;

/**
 * The pool's present. With a collector, the hot path reads a tick that the collector writes, instead of the clock; what
 * expires does so early by {@link #precision}. Without one, every reading is exact.
 *
 * <p>A tick is late when more than a period has passed since it was written: the process was stopped, or had no processor.
 * Whatever hands out a connection by a step under a lock reads {@link #current} and so the clock; a late tick misleads the
 * hot path alone, and only until the thread that writes it has run once.
 */
final class Ticker {
    private final PoolClock clock;
    private final boolean isExact;
    /** How much older than the present a tick may be: one period. */
    final long precision;

    private volatile long tick;

    Ticker(PoolClock clock, boolean isExact, long period) {
        this.clock = clock;
        this.isExact = isExact;
        this.precision = isExact ? 0 : period;
        this.tick = clock.nanoTime();
    }

    /** For stamps and expiry on the hot path. */
    long coarse() {
        return isExact ? clock.nanoTime() : tick;
    }

    /** For deadlines, and everything that is slow anyway. */
    long exact() {
        return clock.nanoTime();
    }

    /**
     * By the collector, once per period.
     *
     * @return whether it comes a period late, or more
     */
    boolean advance() {
        long now = clock.nanoTime();
        boolean isLate = now - tick > 2 * precision;
        tick = now;
        return isLate;
    }

    /** As {@link #coarse}, for all that is slow anyway: never more than a period old, since a late tick is written anew. */
    long current() {
        long now = clock.nanoTime();
        if (isExact) {
            return now;
        }
        long current = tick;
        if (now - current > precision) {
            tick = now;
            return now;
        }
        return current;
    }
}
