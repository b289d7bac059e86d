package io.genericpool.examples;

import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.PoolClock;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Holds the connects of each endpoint to a rate, whatever manager makes them: for servers that ban who connects too often.
 * A burst of as many is allowed, after that they come evenly spread. An endpoint whose bucket is full again is forgotten.
 */
final class RateGovernor<E> implements ConnectGovernor<E> {
    private static final int FIRST_SWEEP = 1024;

    private final long connects;
    private final Duration period;
    private final TimeMeter time;
    private final ConcurrentMap<E, Bucket> buckets = new ConcurrentHashMap<>();
    private volatile int sweepSize = FIRST_SWEEP;

    RateGovernor(long connects, Duration period) {
        this(connects, period, PoolClock.system());
    }

    RateGovernor(long connects, Duration period, PoolClock clock) {
        this.connects = connects;
        this.period = period;
        this.time = new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return clock.nanoTime();
            }

            @Override
            public boolean isWallClockBased() {
                return false;
            }
        };
    }

    @Override
    public Verdict beforeConnect(E endpoint, long nowNanos) {
        forgetFull();
        var verdict = new Verdict[1];
        // Inside compute, so that a bucket is not swept between its look-up and its use.
        buckets.compute(endpoint, (same, known) -> {
            Bucket bucket = known == null ? newBucket() : known;
            long wait = bucket.tryConsumeAndReturnRemaining(1).getNanosToWaitForRefill();
            verdict[0] = verdict(wait);
            return bucket;
        });
        return verdict[0];
    }

    @Override
    public Verdict peek(E endpoint, long nowNanos) {
        Bucket bucket = buckets.get(endpoint);
        return bucket == null
                ? Verdict.proceed()
                : verdict(bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill());
    }

    @Override
    public void onConnectCancelled(E endpoint, long nowNanos) {
        buckets.computeIfPresent(endpoint, (same, bucket) -> {
            bucket.addTokens(1);
            return bucket;
        });
    }

    private static Verdict verdict(long wait) {
        return wait == 0 ? Verdict.proceed() : Verdict.waitFor(Duration.ofNanos(wait));
    }

    /** Looks for full buckets each time their number has doubled, so that it costs little a connect. */
    private void forgetFull() {
        if (buckets.size() >= sweepSize) {
            buckets.values().removeIf(bucket -> bucket.getAvailableTokens() >= connects);
            sweepSize = Math.max(FIRST_SWEEP, 2 * buckets.size());
        }
    }

    int remembered() {
        return buckets.size();
    }

    private Bucket newBucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(connects).refillGreedy(connects, period))
                .withCustomTimePrecision(time)
                .build();
    }
}
