package io.genericpool.rate;

import io.genericpool.spi.ConnectGovernor;
import java.time.Duration;
import java.util.function.Function;

/**
 * Limits the rate of connection attempts per endpoint, or per group of endpoints, with any manager. A burst of as many
 * attempts as the period allows may start at once. Further attempts are spread evenly over the period.
 *
 * <p>Requests that need one more attempt wait for it within their own deadlines. Meanwhile, a returned connection may
 * serve them. No request fails because of the rate alone. Failed attempts count like others. Endpoints that share a
 * rate get its attempts in no particular order.
 *
 * <p>This governor replaces the pool's backoff and circuit, unless it is combined with them: {@code
 * ConnectGovernor.all(CircuitGovernor.builder().build(), RateGovernor.of(300, Duration.ofMinutes(5)))}. Pools with the
 * same governor share its rate. Thread-safe; no method waits.
 *
 * @param <E> the type of endpoints
 */
public final class RateGovernor<E> implements ConnectGovernor<E> {
    private final Function<? super E, ?> group;
    private final RateBuckets buckets;

    RateGovernor(RateGovernorBuilder<E> builder) {
        group = builder.group;
        buckets = new RateBuckets(builder.connects, builder.period, builder.clock);
    }

    /**
     * Returns a governor with a separate rate per endpoint.
     *
     * @param connects the number of connection attempts per period; 1 or more, and no more than one per nanosecond
     * @param period the period; 1 ms to 10,000 days
     * @param <E> the type of endpoints
     * @return the governor
     * @throws IllegalArgumentException when a value is out of bounds
     */
    public static <E> RateGovernor<E> of(long connects, Duration period) {
        return RateGovernor.<E>builder(connects, period).build();
    }

    /**
     * Returns a builder of a governor.
     *
     * @param connects the number of connection attempts per period; 1 or more, and no more than one per nanosecond
     * @param period the period; 1 ms to 10,000 days
     * @param <E> the type of endpoints
     * @return a builder
     * @throws IllegalArgumentException when a value is out of bounds
     */
    public static <E> RateGovernorBuilder<E> builder(long connects, Duration period) {
        return new RateGovernorBuilder<>(connects, period);
    }

    @Override
    public Verdict beforeConnect(E endpoint, long nowNanos) {
        return verdict(buckets.take(group(endpoint)));
    }

    @Override
    public Verdict peek(E endpoint, long nowNanos) {
        return verdict(buckets.peek(group(endpoint)));
    }

    @Override
    public void onConnectCancelled(E endpoint, long nowNanos) {
        buckets.giveBack(group(endpoint));
    }

    private Object group(E endpoint) {
        Object shared = group.apply(endpoint);
        if (shared == null) {
            throw new IllegalStateException("sharedBy returned null for an endpoint; it must return the key of a rate");
        }
        return shared;
    }

    private static Verdict verdict(long wait) {
        return wait == 0 ? Verdict.proceed() : Verdict.waitFor(Duration.ofNanos(wait));
    }

    int remembered() {
        return buckets.remembered();
    }

    @Override
    public String toString() {
        return "RateGovernor(" + buckets + ")";
    }
}
