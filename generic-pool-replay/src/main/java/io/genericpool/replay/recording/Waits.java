package io.genericpool.replay.recording;

import java.util.Arrays;

/** How long acquires waited: every one of them, those without a wait and those that failed too. Immutable. */
public final class Waits {
    private final long[] sorted;

    private Waits(long[] sorted) {
        this.sorted = sorted;
    }

    /**
     * Takes times in any order.
     *
     * @param nanos the times in nanoseconds, which are copied
     * @return their distribution
     */
    public static Waits of(long[] nanos) {
        long[] copy = nanos.clone();
        Arrays.parallelSort(copy);
        return new Waits(copy);
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
        int index = (int) Math.ceil(percent / 100 * sorted.length) - 1;
        return sorted[Math.max(0, Math.min(sorted.length - 1, index))];
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
