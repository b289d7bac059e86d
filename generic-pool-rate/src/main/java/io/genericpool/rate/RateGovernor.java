package io.genericpool.rate;

import io.genericpool.spi.ConnectGovernor;
import java.time.Duration;
import java.util.function.Function;

/**
 * Holds the connects of each endpoint, or of each group of endpoints, to a rate, whatever manager makes them. A burst of as
 * many as the period allows may begin at once; after that connects come evenly spread. Requests that would need one more
 * wait for it within their own deadlines, or are served by a connection that comes back meanwhile; none fails because of
 * the rate alone. Connects that fail count like others. Where endpoints share a rate, they get its connects in no
 * particular order.
 *
 * <p>It takes the place of the pool's backoff and circuit, unless it goes together with them: {@code
 * ConnectGovernor.all(CircuitGovernor.builder().build(), RateGovernor.of(300, Duration.ofMinutes(5)))}. Pools that are
 * given the same governor share its rate. Thread-safe; nothing here waits.
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
     * A rate for each endpoint by itself.
     *
     * @param connects how many may begin in the period; 1 or more, and no more than one per nanosecond
     * @param period the period; 1 ms to 10,000 days
     * @param <E> the type of endpoints
     * @return the governor
     * @throws IllegalArgumentException when a value is out of bounds
     */
    public static <E> RateGovernor<E> of(long connects, Duration period) {
        return RateGovernor.<E>builder(connects, period).build();
    }

    /**
     * Begins to configure a governor.
     *
     * @param connects how many may begin in the period; 1 or more, and no more than one per nanosecond
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
            throw new IllegalStateException(
                    "sharedBy returned null for an endpoint; it must return what the rate is kept for");
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
