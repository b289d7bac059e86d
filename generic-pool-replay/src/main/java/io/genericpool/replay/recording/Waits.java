package io.genericpool.replay.recording;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/** How long acquires waited: every one of them, those without a wait and those that failed too. Immutable. */
public final class Waits {
    private final long[] sorted;
    /** Those of acquires that got a lease. */
    private final long[] served;

    private Waits(long[] sorted, long[] served) {
        this.sorted = sorted;
        this.served = served;
    }

    /**
     * Takes times of acquires that all got a lease, in any order.
     *
     * @param nanos the times in nanoseconds, which are copied
     * @return their distribution
     */
    public static Waits of(long[] nanos) {
        return of(nanos, new BitSet());
    }

    /**
     * Takes times in any order.
     *
     * @param nanos the times in nanoseconds, which are copied
     * @param failed the places of those in {@code nanos} that ended without a lease
     * @return their distribution
     */
    public static Waits of(long[] nanos, BitSet failed) {
        long[] sorted = nanos.clone();
        Arrays.parallelSort(sorted);
        if (failed.isEmpty()) {
            return new Waits(sorted, sorted);
        }
        long[] served = IntStream.range(0, nanos.length)
                .filter(i -> !failed.get(i))
                .mapToLong(i -> nanos[i])
                .sorted()
                .toArray();
        return new Waits(sorted, served);
    }

    /**
     * The number of acquires.
     *
     * @return the number
     */
    public int count() {
        return sorted.length;
    }

    /**
     * The time within which a share of the acquires ended.
     *
     * @param percent the share, from 0 to 100
     * @return nanoseconds, 0 when there are no acquires
     */
    public long percentile(double percent) {
        if (sorted.length == 0) {
            return 0;
        }
        return sorted[index(percent)];
    }

    /**
     * The time within which a share of the acquires got a lease. One that timed out or failed never did.
     *
     * @param percent the share of all acquires, from 0 to 100
     * @return nanoseconds, 0 when there are no acquires, and {@link Long#MAX_VALUE} when fewer than the share got a lease
     */
    public long servedPercentile(double percent) {
        if (sorted.length == 0) {
            return 0;
        }
        int index = index(percent);
        return index < served.length ? served[index] : Long.MAX_VALUE;
    }

    private int index(double percent) {
        int index = (int) Math.ceil(percent / 100 * sorted.length) - 1;
        return Math.max(0, Math.min(sorted.length - 1, index));
    }

    /**
     * The mean time.
     *
     * @return nanoseconds, 0 when there are no acquires
     */
    public double mean() {
        return Arrays.stream(sorted).average().orElse(0);
    }
}
