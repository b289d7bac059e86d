package io.genericpool.core.internal.circuit;

import io.genericpool.support.Nanos;
import java.time.Duration;

/**
 * How long to pause after failures in a row: {@code d = min(longest, initial * factor^(n - 1))} after the n-th, of which
 * chance takes off up to the share {@code jitter}. With jitter 1 that is "full jitter", with 0.5 "equal jitter" of Marc
 * Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. Immutable.
 */
public final class Backoff {
    private final long initial;
    private final long longest;
    private final double factor;
    private final double jitter;

    /**
     * Makes a backoff.
     *
     * @param initial the pause after the first failure
     * @param longest the bound of the growth
     * @param factor by what the pause grows each time
     * @param jitter the share that chance may take off
     */
    public Backoff(Duration initial, Duration longest, double factor, double jitter) {
        this.initial = Nanos.of(initial);
        this.longest = Nanos.of(longest);
        this.factor = factor;
        this.jitter = jitter;
    }

    /**
     * The pause after some failures in a row.
     *
     * @param failures how many; 1 or more
     * @param chance from 0, inclusive, to 1, exclusive
     * @return nanoseconds
     */
    public long pause(int failures, double chance) {
        double grown = Math.min((double) longest, (double) initial * Math.pow(factor, (double) failures - 1));
        return (long) (grown * (1 - jitter) + grown * jitter * chance);
    }

    /**
     * The pause that the first failure has before chance has its share.
     *
     * @return nanoseconds
     */
    public long initial() {
        return initial;
    }

    /**
     * A time as nanoseconds that can be added to any clock reading.
     *
     * @param duration the time; what is negative counts as zero
     * @return nanoseconds
     */
    public static long nanos(Duration duration) {
        return duration.isNegative() ? 0 : Nanos.of(duration);
    }

    @Override
    public String toString() {
        return Nanos.text(initial) + " to " + Nanos.text(longest) + ", factor " + factor + ", jitter " + jitter;
    }
}
