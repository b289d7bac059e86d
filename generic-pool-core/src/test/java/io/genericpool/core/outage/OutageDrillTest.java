package io.genericpool.core.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Drills with the defaults of the pool. {@code -Doutage.drills} says how many of each kind, {@code -Doutage.seed}
 * with which seed they begin. Shows I18: no dead connection is handed out after the first death.
 */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class OutageDrillTest {
    private static final int DRILLS = Integer.getInteger("outage.drills", 2);
    private static final long SEED = Long.getLong("outage.seed", 1);

    @ParameterizedTest
    @EnumSource
    void oneEndpointOfTenIsDownForTenSecondsAndTheOthersDoNotNotice(DrillServer.Outage how) {
        var worst = new OutageDrill[4];
        for (long seed = SEED; seed < SEED + DRILLS; seed++) {
            var drill = new OutageDrill(seed, how).run();
            worst[0] = max(worst[0], drill, each -> each.attemptsInOutage);
            worst[1] = max(worst[1], drill, each -> each.p99InOutage / each.p99Before);
            worst[2] = max(worst[2], drill, each -> each.backAfter);
            worst[3] = max(worst[3], drill, each -> each.peakConnects);
            assertThat(drill).as("seed %s", seed).satisfies(OutageDrillTest::meetsTheBounds);
        }
        System.out.printf(
                "reliability G: %s, %d drills from seed %d: at most %d connects tried in 10 s, the others' 99%% at"
                        + " most %.2fx, back after at most %d ms, at most %d connects in 100 ms%n",
                how,
                DRILLS,
                SEED,
                worst[0].attemptsInOutage,
                worst[1].p99InOutage / worst[1].p99Before,
                TimeUnit.NANOSECONDS.toMillis(worst[2].backAfter),
                worst[3].peakConnects);
    }

    private static OutageDrill max(@Nullable OutageDrill one, OutageDrill other, ToDoubleFunction<OutageDrill> figure) {
        return one == null || figure.applyAsDouble(other) > figure.applyAsDouble(one) ? other : one;
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
