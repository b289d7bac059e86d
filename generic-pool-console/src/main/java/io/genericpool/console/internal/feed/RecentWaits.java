package io.genericpool.console.internal.feed;

import java.util.concurrent.TimeUnit;

/**
 * The waits of the last 30 to 60 seconds: two histograms, of which the older one is dropped every 30 seconds. Recording takes
 * no lock except at that moment. A wait that is recorded while the histograms change may be lost.
 */
final class RecentWaits {
    static final long WINDOW = TimeUnit.SECONDS.toNanos(30);

    private volatile Windows windows;

    private record Windows(long number, Histogram current, Histogram previous) {}

    RecentWaits(long now) {
        windows = new Windows(Math.floorDiv(now, WINDOW), new Histogram(), new Histogram());
    }

    void add(long now, long micros) {
        at(now).current.add(micros);
    }

    /** The 50th and the 99th percentile in microseconds; -1 without a wait. */
    long[] percentiles(long now) {
        Windows read = at(now);
        int[] sums = Histogram.noCounts();
        read.current.addTo(sums);
        read.previous.addTo(sums);
        return new long[] {Histogram.percentile(sums, 50), Histogram.percentile(sums, 99)};
    }

    private Windows at(long now) {
        long number = Math.floorDiv(now, WINDOW);
        Windows read = windows;
        return number <= read.number ? read : renewed(number);
    }

    private synchronized Windows renewed(long number) {
        Windows read = windows;
        if (number > read.number) {
            boolean adjacent = number == read.number + 1;
            read = new Windows(number, new Histogram(), adjacent ? read.current : new Histogram());
            windows = read;
        }
        return read;
    }
}
