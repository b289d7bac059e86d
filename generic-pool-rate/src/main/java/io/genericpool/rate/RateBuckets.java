package io.genericpool.rate;

import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.ToLongFunction;

/**
 * A token bucket per key. As many connection attempts as the period allows may start at once. Further attempts are
 * spread evenly over the period. The buckets forget a key some time after its bucket is full again, so the total number
 * of keys does not matter. Thread-safe; no method waits.
 */
public final class RateBuckets {
    private static final int FIRST_SWEEP = 1024;

    private final long connects;
    private final Duration period;
    private final TimeMeter time;
    private final ConcurrentMap<Object, Bucket> buckets = new ConcurrentHashMap<>();
    private volatile int sweepSize = FIRST_SWEEP;

    /**
     * Creates full buckets.
     *
     * @param connects the number of connection attempts per period; 1 or more, and no more than one per nanosecond
     * @param period the period; 1 ms to 10,000 days
     * @param clock the clock
     * @throws IllegalArgumentException when a value is out of bounds
     */
    public RateBuckets(long connects, Duration period, PoolClock clock) {
        this.period = RateGovernorBuilder.checked(period);
        this.connects = RateGovernorBuilder.checked(connects, period);
        this.time = new ClockMeter(Objects.requireNonNull(clock, "clock"));
    }

    private record ClockMeter(PoolClock clock) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return clock.nanoTime();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    /**
     * Takes a token if one is available.
     *
     * @param key the key of the bucket
     * @return 0 when a token was taken, otherwise the nanoseconds until one is available
     */
    public long take(Object key) {
        return with(key, bucket -> bucket.tryConsumeAndReturnRemaining(1).getNanosToWaitForRefill());
    }

    /**
     * Takes a token, or reserves a future one when none is available now. This call already takes the place in the
     * queue.
     *
     * @param key the key of the bucket
     * @param maxWaitNanos the longest time the caller can wait, in nanoseconds
     * @return the nanoseconds the caller has to wait; a negative number when that is too long and nothing was taken
     */
    public long reserve(Object key, long maxWaitNanos) {
        return with(key, bucket -> {
            long wait = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
            return wait > maxWaitNanos ? -1 : bucket.consumeIgnoringRateLimits(1);
        });
    }

    /**
     * Returns what {@link #take} would return, without taking anything.
     *
     * @param key the key of the bucket
     * @return the nanoseconds until a token is available, 0 for now
     */
    public long peek(Object key) {
        Bucket bucket = buckets.get(Objects.requireNonNull(key, "key"));
        return bucket == null ? 0 : bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
    }

    /**
     * Returns an unused token.
     *
     * @param key the key of the bucket
     */
    public void giveBack(Object key) {
        buckets.computeIfPresent(Objects.requireNonNull(key, "key"), (same, bucket) -> {
            bucket.addTokens(1); // never above its capacity
            return bucket;
        });
    }

    /** Inside compute, so that a bucket is not forgotten between its look-up and its use. */
    private long with(Object key, ToLongFunction<Bucket> use) {
        forgetFull();
        long[] result = new long[1];
        buckets.compute(Objects.requireNonNull(key, "key"), (same, known) -> {
            Bucket bucket = known == null ? newBucket() : known;
            result[0] = use.applyAsLong(bucket);
            return bucket;
        });
        return result[0];
    }

    /** Looks for full buckets each time their number has doubled, so that it costs little a connect. */
    private void forgetFull() {
        if (buckets.size() >= sweepSize) {
            for (Object key : buckets.keySet()) {
                buckets.computeIfPresent(
                        key, (same, bucket) -> bucket.getAvailableTokens() >= connects ? null : bucket);
            }
            sweepSize = Math.max(FIRST_SWEEP, 2 * buckets.size());
        }
    }

    private Bucket newBucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(connects).refillGreedy(connects, period))
                .withCustomTimePrecision(time)
                .build();
    }

    /** How many keys have a bucket at the moment, full ones that were not forgotten yet among them. */
    int remembered() {
        return buckets.size();
    }

    @Override
    public String toString() {
        return connects + " connects in " + Nanos.text(period);
    }
}
