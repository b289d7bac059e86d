package io.genericpool.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.replay.recording.Knobs;
import io.genericpool.replay.recording.RecordingBuilder;
import io.genericpool.replay.recording.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The search finds what can be told by counting. */
class RecommenderTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Every 100 ms, so many requests at once, each for 10 ms. */
    static RecordingBuilder bursts(int atOnce) {
        var builder = new RecordingBuilder("p");
        builder.knobs(Knobs.DEFAULTS);
        int endpoint = builder.endpoint("e");
        for (int i = 0; i < atOnce; i++) {
            builder.connect(endpoint, MS, MS, true);
        }
        for (int burst = 1; burst <= 50; burst++) {
            for (int i = 0; i < atOnce; i++) {
                builder.lease(endpoint, (100 * burst + 10) * MS, new long[] {0, 0, 10 * MS}, i, false);
            }
        }
        return builder;
    }

    @Test
    void theFewestConnectionsThatReachTheGoalAreFound() {
        var replay = new Replay(bursts(12).build());
        // With n connections the last of 12 waits for ceil(12 / n) - 1 holds of 10 ms.
        assertThat(best(replay, "p99=11ms")).isEqualTo(6);
        assertThat(best(replay, "p99=20.5ms")).isEqualTo(4);
        assertThat(best(replay, "p50=0.1ms")).isEqualTo(7);
        assertThat(best(replay, "p100=0.1s")).isEqualTo(2);
    }

    private static int best(Replay replay, String goal) {
        return best(replay, goal, Knobs.DEFAULTS);
    }

    private static int best(Replay replay, String goal, Knobs start) {
        return new Recommender(replay, Goal.parse(goal))
                .overMaxSize(start)
                .best()
                .orElseThrow()
                .knobs()
                .maxSize();
    }

    @Test
    void theLargestSizeThatIsAllowedIsTried() {
        var replay = new Replay(bursts(10).build());
        Knobs ten = Knobs.DEFAULTS.withMaxSize(1).withTotalMaxSize(10);
        // Of the 500 acquires, the first few wait for connects.
        assertThat(best(replay, "p98=1ms", ten)).isEqualTo(10);
    }

    @Test
    void acquiresThatTimedOutDoNotReachAGoal() {
        var replay = new Replay(bursts(12).build());
        Knobs impatient = Knobs.DEFAULTS.withAcquireTimeout(Duration.ofMillis(5)); // shorter than each hold
        assertThat(best(replay, "p99=20ms", impatient)).isEqualTo(12);
        assertThat(best(replay, "p50=20ms", impatient)).isEqualTo(6);
        Recommendation few = new Recommender(replay, Goal.parse("p99=20ms"))
                .among(List.of(impatient.withMaxSize(1), impatient.withMaxSize(2)));
        assertThat(few.best()).isEmpty();
        assertThat(few.enough().orElseThrow().knobs().maxSize()).isEqualTo(2);
    }

    @Test
    void thePointFromWhichOnMoreHelpNoMoreIsFound() {
        var replay = new Replay(bursts(5).build());
        var told = new ArrayList<Knobs>();
        Recommendation found = new Recommender(replay, Goal.parse("p99=100ms"))
                .progress((knobs, result) -> told.add(knobs))
                .among(List.of(1, 3, 5, 7, 9).stream()
                        .map(Knobs.DEFAULTS::withMaxSize)
                        .toList());
        assertThat(found.enough().orElseThrow().knobs().maxSize()).isEqualTo(5);
        assertThat(found.best().orElseThrow().knobs().maxSize()).isEqualTo(1);
        assertThat(found.results()).hasSize(5);
        assertThat(told).hasSize(5);
        assertThat(found.notes()).isEmpty();
    }

    @Test
    void aGoalThatNothingReachesIsSaid() {
        var builder = bursts(2);
        int endpoint = builder.endpoint("e");
        for (int i = 0; i < 10; i++) {
            builder.failure(endpoint, (200 + i) * MS, 90 * MS, 99, true);
        }
        Recommendation found = new Recommender(new Replay(builder.build()), Goal.parse("p99=1us"))
                .among(List.of(Knobs.DEFAULTS.withMaxSize(1)));
        assertThat(found.best()).isEmpty();
        assertThat(found.enough()).isPresent();
    }

    @Test
    void holdsThatWereSlowerWithMoreConnectionsAreNoted() {
        var builder = new RecordingBuilder("p");
        builder.knobs(Knobs.DEFAULTS.withMaxSize(2));
        builder.dropped(7);
        builder.openLeases(3);
        int endpoint = builder.endpoint("e");
        for (int i = 0; i < 100; i++) {
            long at = i * 1_000L * MS;
            builder.lease(endpoint, at + 10 * MS, new long[] {0, 0, 10 * MS}, 1, false);
            for (int j = 0; j < 8; j++) {
                builder.lease(endpoint, at + (510 + 6 * j) * MS, new long[] {0, 0, (10 + 5 * j) * MS}, j, false);
            }
        }
        Recommendation found = new Recommender(new Replay(builder.build()), Goal.parse("p99=1ms"))
                .among(List.of(Knobs.DEFAULTS.withMaxSize(4)));
        assertThat(found.notes()).hasSize(4);
        assertThat(found.notes().get(0))
                .isEqualTo("The recording left out 7 events (0.8 %), so the real load is higher.");
        assertThat(found.notes().get(1)).startsWith("3 leases had not ended");
        assertThat(found.notes().get(2)).startsWith("Holds were slower with more connections in use: ");
        assertThat(found.notes().get(3)).startsWith("Sizes above the recorded 2 assume");
    }

    @Test
    void aGoalIsRead() {
        assertThat(Goal.parse("p99=20ms")).isEqualTo(new Goal(99, Duration.ofMillis(20)));
        assertThat(Goal.parse(" P99.9 < 1.5s ")).isEqualTo(new Goal(99.9, Duration.ofMillis(1_500)));
        assertThat(Goal.parse("p50=7us")).hasToString("50 % of waits within 7 us");
        for (String wrong : List.of("", "99=20ms", "p99", "p99=20", "p99=-1ms", "p0=1ms", "p101=1ms")) {
            assertThatThrownBy(() -> Goal.parse(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(new Goal(50, Duration.ofNanos(2)).isReachedBy(Waits.of(new long[] {9, 2, 1})))
                .isTrue();
        assertThat(new Goal(67, Duration.ofNanos(2)).isReachedBy(Waits.of(new long[] {9, 2, 1})))
                .isFalse();
    }

    @Test
    void percentilesAreThoseOfTheAcquires() {
        Waits waits = Waits.of(new long[] {4, 1, 3, 2});
        assertThat(waits.percentile(0)).isEqualTo(1);
        assertThat(waits.percentile(50)).isEqualTo(2);
        assertThat(waits.percentile(51)).isEqualTo(3);
        assertThat(waits.percentile(100)).isEqualTo(4);
        assertThat(waits.mean()).isEqualTo(2.5);
        assertThat(Waits.of(new long[0]).percentile(99)).isZero();
        var failed = new BitSet();
        failed.set(1);
        Waits withFailure = Waits.of(new long[] {4, 1, 3, 2}, failed);
        assertThat(withFailure.percentile(25)).isEqualTo(1);
        assertThat(withFailure.servedPercentile(25)).isEqualTo(2);
        assertThat(withFailure.servedPercentile(75)).isEqualTo(4);
        assertThat(withFailure.servedPercentile(76)).isEqualTo(Long.MAX_VALUE);
        assertThat(new Goal(76, Duration.ofSeconds(Long.MAX_VALUE)).isReachedBy(withFailure))
                .isFalse();
    }
}
