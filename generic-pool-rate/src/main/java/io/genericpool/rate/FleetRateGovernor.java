package io.genericpool.rate;

import io.genericpool.spi.ConnectGovernor;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Limits the rate of connection attempts of all processes together: each attempt takes a token of a bucket that Bucket4j
 * keeps in Redis, PostgreSQL or another place that the processes share. A bucket kept in this process works as well.
 *
 * <pre>{@code
 * ProxyManager<byte[]> proxies = Bucket4jLettuce.casBasedBuilder(redis).requestTimeout(Duration.ofSeconds(1)).build();
 * var governor = FleetRateGovernor.<String>over(
 *         endpoint -> proxies.getProxy(("connects:" + endpoint).getBytes(UTF_8), () -> limits));
 * }</pre>
 *
 * <p>A call to the shared place takes a round trip, for which the attempt waits on the connect executor. So give Bucket4j a
 * request timeout. Acquires of idle connections ask nothing.
 *
 * <p>When the bucket cannot be asked, the {@link #whenUnreachable fallback} decides. Without one, the attempt waits for a
 * second, and requests that cannot wait so long fail with the error of the bucket as their cause.
 *
 * <p>As {@link RateGovernor}, this governor replaces the pool's backoff and circuit unless it is combined with them by
 * {@link ConnectGovernor#all}. Thread-safe.
 *
 * @param <E> the type of endpoints
 */
public final class FleetRateGovernor<E> implements ConnectGovernor<E> {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Function<? super E, ? extends Bucket> buckets;
    private final @Nullable ConnectGovernor<? super E> fallback;
    /** The last answer was the fallback's, which then hears of cancelled attempts. Attempts of that moment may be told wrongly. */
    private volatile boolean isUnreachable;

    private FleetRateGovernor(
            Function<? super E, ? extends Bucket> buckets, @Nullable ConnectGovernor<? super E> fallback) {
        this.buckets = Objects.requireNonNull(buckets, "buckets");
        this.fallback = fallback;
    }

    /**
     * Returns a governor without a fallback.
     *
     * @param buckets finds the bucket of an endpoint, the same one in all processes; endpoints may share one. Called for
     *     each attempt; must not return null
     * @param <E> the type of endpoints
     * @return the governor
     */
    public static <E> FleetRateGovernor<E> over(Function<? super E, ? extends Bucket> buckets) {
        return new FleetRateGovernor<>(buckets, null);
    }

    /**
     * Returns the same governor with a fallback for the time in which a bucket cannot be asked, such as a
     * {@link RateGovernor} with the part of the rate that one process may use alone.
     *
     * @param governor the fallback
     * @return the governor
     */
    public FleetRateGovernor<E> whenUnreachable(ConnectGovernor<? super E> governor) {
        return new FleetRateGovernor<>(buckets, Objects.requireNonNull(governor, "governor"));
    }

    private Bucket bucket(E endpoint) {
        return Objects.requireNonNull(
                buckets.apply(endpoint), "buckets returned null for an endpoint; it must return a bucket");
    }

    @Override
    public Verdict beforeConnect(E endpoint, long nowNanos) {
        Bucket bucket = bucket(endpoint);
        long wait;
        try {
            wait = bucket.tryConsumeAndReturnRemaining(1).getNanosToWaitForRefill();
        } catch (RuntimeException e) {
            isUnreachable = true;
            return fallback == null ? Verdict.waitFor(RETRY, e) : fallback.beforeConnect(endpoint, nowNanos);
        }
        isUnreachable = false;
        return wait == 0 ? Verdict.proceed() : Verdict.waitFor(Duration.ofNanos(wait));
    }

    @Override
    public void onConnected(E endpoint, long nowNanos) {
        if (fallback != null) {
            fallback.onConnected(endpoint, nowNanos);
        }
    }

    @Override
    public void onConnectFailed(E endpoint, long nowNanos, Throwable cause) {
        if (fallback != null) {
            fallback.onConnectFailed(endpoint, nowNanos, cause);
        }
    }

    /** Gives the token back; it is lost when the bucket cannot be asked, which costs one attempt of the rate. */
    @Override
    public void onConnectCancelled(E endpoint, long nowNanos) {
        if (isUnreachable) {
            if (fallback != null) {
                fallback.onConnectCancelled(endpoint, nowNanos);
            }
        } else {
            bucket(endpoint).addTokens(1);
        }
    }

    @Override
    public void onEndpointRemoved(E endpoint) {
        if (fallback != null) {
            fallback.onEndpointRemoved(endpoint);
        }
    }

    @Override
    public String toString() {
        return "FleetRateGovernor" + (fallback == null ? "" : "(else " + fallback + ")");
    }
}
