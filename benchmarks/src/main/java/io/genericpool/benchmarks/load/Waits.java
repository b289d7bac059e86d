package io.genericpool.benchmarks.load;

import org.HdrHistogram.Histogram;

/** How long acquires waited, in nanoseconds, to three digits. For one thread at a time. */
public final class Waits {
    private static final long LONGEST_NANOS = 120_000_000_000L;
    private static final int DIGITS = 3;

    private final Histogram histogram = new Histogram(LONGEST_NANOS, DIGITS);

    public void add(long nanos) {
        histogram.recordValue(Math.max(0, Math.min(nanos, LONGEST_NANOS)));
    }

    public void add(Waits others) {
        histogram.add(others.histogram);
    }

    public long count() {
        return histogram.getTotalCount();
    }

    public long percentile(double percent) {
        return histogram.getValueAtPercentile(percent);
    }

    public long median() {
        return percentile(50);
    }

    public long longest() {
        return histogram.getMaxValue();
    }
}
