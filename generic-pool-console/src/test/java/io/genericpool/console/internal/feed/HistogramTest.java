package io.genericpool.console.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramTest {
    private static long percentile(Histogram histogram, int percent) {
        int[] sums = Histogram.noCounts();
        histogram.addTo(sums);
        return Histogram.percentile(sums, percent);
    }

    @Test
    void withoutTimesThereIsNoPercentile() {
        assertThat(percentile(new Histogram(), 50)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 3, 4, 5, 7, 8, 99, 1_000, 123_456, 60_000_000, 3_600_000_000L})
    void aSingleTimeIsFoundToAnEighth(long micros) {
        var histogram = new Histogram();
        histogram.add(micros);
        assertThat(percentile(histogram, 50)).isCloseTo(micros, withPercentage(12.5));
        assertThat(percentile(histogram, 99)).isEqualTo(percentile(histogram, 50));
    }

    @Test
    void percentilesAreThoseOfTheTimes() {
        var histogram = new Histogram();
        for (int i = 1; i <= 1_000; i++) {
            histogram.add(i * 1_000L);
        }
        assertThat(percentile(histogram, 50)).isCloseTo(500_000, withPercentage(12.5));
        assertThat(percentile(histogram, 99)).isCloseTo(990_000, withPercentage(12.5));
        assertThat(percentile(histogram, 1)).isCloseTo(10_000, withPercentage(12.5));
    }

    @Test
    void timesBeyondTheLastBucketAreInIt() {
        var histogram = new Histogram();
        histogram.add(Long.MAX_VALUE);
        histogram.add(-1);
        assertThat(percentile(histogram, 99)).isGreaterThan(TimeUnit.HOURS.toMicros(19));
        assertThat(percentile(histogram, 1)).isZero();
    }
}
