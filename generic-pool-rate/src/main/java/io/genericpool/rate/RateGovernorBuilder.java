package io.genericpool.rate;

import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

/**
 * Builds a {@link RateGovernor}. Not thread-safe.
 *
 * @param <E> the type of endpoints
 */
public final class RateGovernorBuilder<E> {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(10_000);

    final long connects;
    final Duration period;
    Function<? super E, ?> group = endpoint -> endpoint;
    PoolClock clock = PoolClock.system();

    RateGovernorBuilder(long connects, Duration period) {
        this.period = checked(period);
        this.connects = checked(connects, period);
    }

    static Duration checked(Duration period) {
        Objects.requireNonNull(period, "period");
        if (period.compareTo(SHORTEST) < 0 || period.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("period must be 1 ms to 10,000 days, but is " + Nanos.text(period));
        }
        return period;
    }

    /** More than one connect per nanosecond is no rate, and a bucket for it cannot be made. */
    static long checked(long connects, Duration period) {
        if (connects < 1) {
            throw new IllegalArgumentException("connects must be at least 1, but is " + connects);
        }
        long most = period.toNanos();
        if (connects > most) {
            throw new IllegalArgumentException("connects must be at most " + most + " in a period of "
                    + Nanos.text(period) + ", one per nanosecond, but is " + connects);
        }
        return connects;
    }

    /**
     * Sets which endpoints share a rate: those for which the function returns equal values. Use their host, for
     * example, when a server counts attempts per client address. Default: each endpoint has its own rate.
     *
     * @param value returns the key of the rate; called on any thread, must return at once and must not return null
     * @return this
     */
    public RateGovernorBuilder<E> sharedBy(Function<? super E, ?> value) {
        group = Objects.requireNonNull(value, "sharedBy");
        return this;
    }

    /**
     * Sets the clock. When the pool has a clock of its own, use the same one. Default: {@link PoolClock#system()}.
     *
     * @param value the clock
     * @return this
     */
    public RateGovernorBuilder<E> clock(PoolClock value) {
        clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /**
     * Builds the governor.
     *
     * @return a new one, whose buckets are full
     */
    public RateGovernor<E> build() {
        return new RateGovernor<>(this);
    }
}
