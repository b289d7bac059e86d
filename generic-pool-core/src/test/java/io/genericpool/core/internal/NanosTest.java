package io.genericpool.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.PoolConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NanosTest {
    @Test
    void longTimesSaturateAndMeanNoLimit() {
        assertThat(Nanos.of(PoolConfig.NO_LIMIT)).isEqualTo(Nanos.FOREVER);
        assertThat(Nanos.of(Duration.ofDays(365 * 200))).isEqualTo(Nanos.FOREVER);
        assertThat(Nanos.of(Duration.ofSeconds(1))).isEqualTo(1_000_000_000);
        assertThat(Nanos.isOff(Nanos.FOREVER)).isTrue();
        assertThat(Nanos.isOff(Nanos.FOREVER - 1)).isFalse();
        assertThat(Nanos.toDuration(Nanos.FOREVER)).isEqualTo(PoolConfig.NO_LIMIT);
        assertThat(Nanos.toDuration(5)).isEqualTo(Duration.ofNanos(5));
    }

    @Test
    void foreverCanBeAddedToAnyReadingOfTheClock() {
        for (long now : new long[] {0, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 5, -1}) {
            assertThat(now + Nanos.FOREVER - now).isEqualTo(Nanos.FOREVER);
            assertThat(now + Nanos.FOREVER - (now + 1_000)).isPositive();
        }
    }

    @Test
    void timesAreWrittenForPeople() {
        assertThat(Nanos.text(Nanos.FOREVER)).isEqualTo("no limit");
        assertThat(Nanos.text(0)).isEqualTo("0us");
        assertThat(Nanos.text(999_999)).isEqualTo("999us");
        assertThat(Nanos.text(1_500_000)).isEqualTo("1ms");
        assertThat(Nanos.text(9_999_999_999L)).isEqualTo("9999ms");
        assertThat(Nanos.text(10_000_000_000L)).isEqualTo("10s");
    }
}
