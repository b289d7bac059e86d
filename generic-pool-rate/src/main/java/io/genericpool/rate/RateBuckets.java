package io.genericpool.rate;

import io.genericpool.spi.PoolClock;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.ToLongFunction;

/**
 * A token bucket for each key: as many connects as fit into the period may begin at once, after that they come evenly
 * spread over it. A bucket that is full again is forgotten sooner or later, so that the number of keys ever seen does not
 * matter. Thread-safe; nothing here waits.
 */
public final class RateBuckets {
    private static final int FIRST_SWEEP = 1024;

    private final long connects;
    private final Duration period;
    private final TimeMeter time;
    private final ConcurrentMap<Object, Bucket> buckets = new ConcurrentHashMap<>();
    private volatile int sweepSize = FIRST_SWEEP;

    /**
     * Buckets that are full.
     *
     * @param connects how many may begin in the period; 1 or more, and no more than one per nanosecond
     * @param period the period; 1 ms to 10,000 days
     * @param clock the time
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
     * Takes a token if there is one.
     *
     * @param key whose
     * @return 0 when it was taken, else the nanoseconds until there is one
     */
    public long take(Object key) {
        return with(key, bucket -> bucket.tryConsumeAndReturnRemaining(1).getNanosToWaitForRefill());
    }

    /**
     * Takes a token, from the future if there is none now: the place in the row is taken by this call.
     *
     * @param key whose
     * @param maxWaitNanos how long the caller can wait for it
     * @return how many nanoseconds it has to wait, or a negative number when that is too long and nothing was taken
     */
    public long reserve(Object key, long maxWaitNanos) {
        return with(key, bucket -> {
            long wait = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
            return wait > maxWaitNanos ? -1 : bucket.consumeIgnoringRateLimits(1);
        });
    }

    /**
     * What {@link #take} would return, without taking anything.
     *
     * @param key whose
     * @return the nanoseconds until there is a token, 0 for now
     */
    public long peek(Object key) {
        Bucket bucket = buckets.get(Objects.requireNonNull(key, "key"));
        return bucket == null ? 0 : bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
    }

    /**
     * Gives a token back that was taken in vain.
     *
     * @param key whose
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
        return connects + " connects in " + period;
    }
}
