package io.genericpool.replay;

import io.genericpool.replay.recording.Waits;
import java.util.Arrays;
import java.util.List;

/**
 * How well the waits of a replay agree with those that were recorded. They do when each differs by at most 10 % or 1 ms.
 *
 * @param percent the share of acquires
 * @param recordedNanos the time within which they ended in the recording
 * @param replayedNanos the same in the replay
 */
public record Agreement(double percent, long recordedNanos, long replayedNanos) {
    private static final double SHARE = 0.1;
    private static final long MILLI = 1_000_000;
    private static final double[] PERCENTS = {50, 95, 99};

    /**
     * Compares the 50, 95 and 99 %.
     *
     * @param recorded the waits of a recording
     * @param replayed the waits of its replay
     * @return three rows
     */
    public static List<Agreement> between(Waits recorded, Waits replayed) {
        return Arrays.stream(PERCENTS)
                .mapToObj(each -> new Agreement(each, recorded.percentile(each), replayed.percentile(each)))
                .toList();
    }

    /**
     * Tells whether the two agree.
     *
     * @return true within 10 % of the recorded time, or within 1 ms
     */
    public boolean holds() {
        long difference = Math.abs(replayedNanos - recordedNanos);
        return difference <= MILLI || difference <= SHARE * recordedNanos;
    }
}
