package io.genericpool.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.DisposeReason;
import io.genericpool.core.support.PoolWorld;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a burst leaves behind is not closed all at once. */
class IdleTimeoutJitterTest {
    private static final int BURST = 1_000;

    /** Closes in the busiest second of those that follow a burst. */
    private static int busiestSecond(PoolWorld world, int minIdle) {
        world.fill("a", BURST);
        int most = 0;
        int before = 0;
        for (int second = 1; second <= 60; second++) {
            world.advance(Duration.ofSeconds(1));
            int closed = (int) world.server.disposed(DisposeReason.IDLE_TIMEOUT);
            most = Math.max(most, closed - before);
            before = closed;
            if (second < 53) {
                assertThat(closed).as("closed after " + second + " s").isZero();
            }
        }
        assertThat(before).as("closed in all").isEqualTo(BURST - minIdle);
        return most;
    }

    private static PoolWorld world(double jitter, int minIdle) {
        return PoolWorld.with(knobs -> knobs.maxSize(BURST)
                .totalMaxSize(BURST)
                .minIdle(minIdle)
                .idleTimeout(Duration.ofSeconds(60))
                .idleTimeoutJitter(jitter));
    }

    @Test
    void withoutJitterABurstExpiresInOneSweep() {
        var world = world(0, 0);
        assertThat(busiestSecond(world, 0)).isEqualTo(BURST);
        world.verify(BURST, BURST);
    }

    @Test
    void jitterSpreadsItOverItsShareOfTheTimeout() {
        var world = world(0.1, 0);
        assertThat(busiestSecond(world, 0)).isLessThan(BURST / 2);
        world.verify(BURST, BURST);
    }

    @Test
    void jitterLeavesTheLeastThatIsKept() {
        var world = world(0.1, 100);
        assertThat(busiestSecond(world, 100)).isLessThan(BURST / 2);
        assertThat(world.stats("a").idle()).isEqualTo(100);
        world.verify(BURST, BURST);
    }
}
