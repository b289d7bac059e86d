package io.genericpool.websocket;

import io.genericpool.spi.PoolClock;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Holds connects to their rate, with a bucket for each endpoint or origin; full ones are forgotten. */
final class RateGate {
    private static final int FIRST_SWEEP = 1024;

    private final ConnectRate rate;
    private final ConcurrentMap<Object, Bucket> buckets = new ConcurrentHashMap<>();
    private final TimeMeter time;
    private volatile int sweepSize = FIRST_SWEEP;

    RateGate(ConnectRate rate, PoolClock clock) {
        this.rate = rate;
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

    /**
     * Takes the right to connect, now or in future: the place in the row is taken by this call.
     *
     * @param maxWaitNanos how long the connect can wait
     * @return how long it has to wait, or a negative number when that is too long and nothing was taken
     */
    long reserve(WebSocketEndpoint endpoint, long maxWaitNanos) {
        forgetFull();
        long[] wait = new long[1];
        // Inside compute, so that a bucket is not swept between its look-up and its use.
        buckets.compute(rate.scopeOf(endpoint), (scope, known) -> {
            Bucket bucket = known == null ? newBucket() : known;
            wait[0] = reserve(bucket, maxWaitNanos);
            return bucket;
        });
        return wait[0];
    }

    /** Looks for full buckets each time their number has doubled, so that it costs little a connect. */
    private void forgetFull() {
        if (buckets.size() >= sweepSize) {
            buckets.values().removeIf(bucket -> bucket.getAvailableTokens() == rate.connects());
            sweepSize = Math.max(FIRST_SWEEP, 2 * buckets.size());
        }
    }

    private static long reserve(Bucket bucket, long maxWaitNanos) {
        long wait = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
        if (wait > maxWaitNanos) {
            return -1;
        }
        return bucket.consumeIgnoringRateLimits(1);
    }

    private Bucket newBucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(rate.connects()).refillGreedy(rate.connects(), rate.period()))
                .withCustomTimePrecision(time)
                .build();
    }
}
