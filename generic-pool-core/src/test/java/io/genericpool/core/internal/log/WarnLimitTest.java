package io.genericpool.core.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.testkit.FakePoolClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WarnLimitTest {
    private final FakePoolClock clock = new FakePoolClock(Long.MAX_VALUE - 5);
    private final WarnLimit limit = new WarnLimit(clock, 1_000);

    @Test
    void oneWarningInAWhileIsAllowedAndTheOthersAreCounted() {
        assertThat(limit.allows()).isTrue();
        assertThat(limit.suppressed()).isEmpty();
        assertThat(limit.allows()).isFalse();
        clock.advance(Duration.ofNanos(999));
        assertThat(limit.allows()).isFalse();
        clock.advance(Duration.ofNanos(1));

        assertThat(limit.allows()).isTrue();
        assertThat(limit.suppressed()).isEqualTo(" (2 warnings left out before)");
        assertThat(limit.suppressed()).isEmpty();
    }
}
