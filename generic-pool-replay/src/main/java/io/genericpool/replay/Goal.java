package io.genericpool.replay;

import io.genericpool.replay.recording.Waits;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a replay is to reach: a share of the acquires gets a lease within a time. An acquire that timed out or failed counts as
 * one that waited for ever, however soon it ended.
 *
 * @param percent the share of all acquires in percent, more than 0 and at most 100
 * @param within the longest wait of that share
 */
public record Goal(double percent, Duration within) {
    private static final Pattern TEXT =
            Pattern.compile("p(\\d+(?:\\.\\d+)?)\\s*[=<]\\s*(\\d+(?:\\.\\d+)?)\\s*(us|ms|s)");

    /**
     * Creates a goal.
     *
     * @param percent the share in percent, more than 0 and at most 100
     * @param within the longest wait of that share
     * @throws IllegalArgumentException when a value is out of its bounds
     */
    public Goal {
        if (!(percent > 0 && percent <= 100)) {
            throw new IllegalArgumentException(
                    "the percentage of a goal must be from above 0 to 100, but is " + percent);
        }
        if (within.isNegative()) {
            throw new IllegalArgumentException("the time of a goal must not be negative");
        }
    }

    /**
     * Reads a goal such as {@code p99=20ms}.
     *
     * @param text the goal; units are us, ms and s
     * @return the goal
     * @throws IllegalArgumentException when it is none
     */
    public static Goal parse(String text) {
        var found = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!found.matches()) {
            throw new IllegalArgumentException("a goal is written like p99=20ms, but this is " + text);
        }
        double unit =
                switch (found.group(3)) {
                    case "us" -> 1e3;
                    case "ms" -> 1e6;
                    default -> 1e9;
                };
        return new Goal(Double.parseDouble(found.group(1)), Duration.ofNanos((long)
                (Double.parseDouble(found.group(2)) * unit)));
    }

    /**
     * Tells whether waits reach it.
     *
     * @param waits the waits
     * @return true when the share got a lease in time; those that timed out or failed did not
     */
    public boolean isReachedBy(Waits waits) {
        long wait = waits.servedPercentile(percent);
        return wait < Long.MAX_VALUE && wait <= Nanos.of(within);
    }

    @Override
    public String toString() {
        String share = percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent);
        return share + " % of waits within " + Nanos.text(within);
    }
}
