package io.genericpool.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Drills with the defaults of the pool. {@code -Doutage.drills} says how many of each kind, {@code -Doutage.seed} with
 * which seed they begin.
 */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class OutageDrillTest {
    private static final int DRILLS = Integer.getInteger("outage.drills", 2);
    private static final long SEED = Long.getLong("outage.seed", 1);

    @ParameterizedTest
    @EnumSource
    void oneEndpointOfTenIsDownForTenSecondsAndTheOthersDoNotNotice(DrillServer.Outage how) {
        for (long seed = SEED; seed < SEED + DRILLS; seed++) {
            var drill = new OutageDrill(seed, how).run();
            System.out.println("drill " + seed + ": " + drill);
            assertThat(drill).as("seed %s", seed).satisfies(OutageDrillTest::meetsTheBounds);
        }
    }

    private static void meetsTheBounds(OutageDrill drill) {
        // The first ones in flight, four pauses of 50 ms and more, then one attempt in 400 ms or more.
        assertThat(drill.attemptsInOutage).isBetween(5, OutageDrill.MAX_CONNECTS + 4 + 25);
        assertThat(drill.mostInFlight()).isLessThanOrEqualTo(OutageDrill.MAX_CONNECTS);
        assertThat(drill.p99InOutage).isLessThanOrEqualTo(1.2 * drill.p99Before);
        assertThat(drill.medianRefusal).isLessThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(Duration.ofNanos(drill.backAfter)).isLessThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(drill.peakConnects).isLessThanOrEqualTo(2 * OutageDrill.MAX_SIZE);
        assertThat(drill.deadHandedOut).isZero();
    }
}
