package io.genericpool.core.internal;

import io.genericpool.spi.PoolClock;

/**
 * The pool's present. With a collector, the hot path reads a tick that the collector writes, instead of the clock; what
 * expires does so early by {@link #precision}. Without one, every reading is exact.
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

    /** By the collector. */
    void advance() {
        tick = clock.nanoTime();
    }

    /**
     * By the collector in the middle of its work, between any two parts that may take long: a tick that is more than one
     * period old is written anew, so that long work does not stop time.
     *
     * @return the tick
     */
    long advanceIfLate() {
        long now = clock.nanoTime();
        if (now - tick > precision) {
            tick = now;
        }
        return tick;
    }
}
