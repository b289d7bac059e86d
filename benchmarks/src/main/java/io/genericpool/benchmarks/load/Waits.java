package io.genericpool.benchmarks;

import org.HdrHistogram.Histogram;

/** How long acquires waited, in nanoseconds, to three digits. For one thread at a time. */
final class Waits {
    private static final long LONGEST_NANOS = 120_000_000_000L;
    private static final int DIGITS = 3;

    private final Histogram histogram = new Histogram(LONGEST_NANOS, DIGITS);

    void add(long nanos) {
        histogram.recordValue(Math.max(0, Math.min(nanos, LONGEST_NANOS)));
    }

    void add(Waits others) {
        histogram.add(others.histogram);
    }

    long count() {
        return histogram.getTotalCount();
    }

    long percentile(double percent) {
        return histogram.getValueAtPercentile(percent);
    }

    long median() {
        return percentile(50);
    }

    long longest() {
        return histogram.getMaxValue();
    }
}
