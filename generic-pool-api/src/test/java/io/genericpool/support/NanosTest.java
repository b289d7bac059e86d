package io.genericpool.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.genericpool.PoolConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NanosTest {
    @Test
    void longTimesSaturateAndMeanNoLimit() {
        assertThat(Nanos.of(PoolConfig.NO_LIMIT)).isEqualTo(Nanos.FOREVER);
        assertThat(Nanos.of(Duration.ofDays(365 * 200))).isEqualTo(Nanos.FOREVER);
        assertThat(Nanos.of(Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo(-Nanos.FOREVER);
        assertThat(Nanos.of(Duration.ofSeconds(1))).isEqualTo(1_000_000_000);
        assertThat(Nanos.isOff(Nanos.FOREVER)).isTrue();
        assertThat(Nanos.isOff(Long.MAX_VALUE)).isTrue();
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
    void noWaitBecomesAnEndlessOneInMillis() {
        assertThat(Nanos.toMillis(Nanos.FOREVER)).isZero();
        assertThat(Nanos.toMillis(0)).isEqualTo(1);
        assertThat(Nanos.toMillis(1)).isEqualTo(1);
        assertThat(Nanos.toMillis(1_000_001)).isEqualTo(2);
        assertThat(Nanos.toMillis(Nanos.FOREVER - 1)).isEqualTo(Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 ms",
        "1, 1 ns",
        "999, 999 ns",
        "1500, 1.5 us",
        "999499, 999 us",
        "999999, 1 ms",
        "1500000, 1.5 ms",
        "174000000, 174 ms",
        "250000000, 250 ms",
        "999600000, 1 s",
        "1500000000, 1.5 s",
        "2100000000, 2.1 s",
        "9999999999, 10 s",
        "12345678901, 12.3 s",
        "59949999999, 59.9 s",
        "59999999999, 1 min",
        "60000000000, 1 min",
        "150000000000, 2 min 30 s",
        "3600000000000, 1 h",
        "3900000000000, 1 h 5 min",
        "86400000000000, 1 d",
        "100000000000000, 1 d 3 h",
        "-1500000000, -1.5 s",
        "4611686018427387903, no limit",
        "9223372036854775807, no limit"
    })
    void timesAreWrittenForPeople(long nanos, String text) {
        assertThat(Nanos.text(nanos)).isEqualTo(text);
        assertThat(Nanos.text(Duration.ofNanos(nanos))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE / 2 - 1})
    void everyTimeHasAText(long nanos) {
        assertThat(Nanos.text(nanos)).isNotEmpty();
    }

    @Test
    void badTimesAreRefusedByNameAndValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Nanos.ofPositive("readTimeout", Duration.ZERO))
                .withMessage("readTimeout must be more than zero, but is 0 ms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Nanos.ofTimeout(Duration.ofMillis(-20)))
                .withMessage("timeout must not be negative, but is -20 ms");
    }
}
