package io.genericpool.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.replay.recording.Knobs;
import io.genericpool.replay.recording.Recording;
import io.genericpool.replay.recording.RecordingBuilder;
import io.genericpool.replay.recording.RecordingException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Replays of recordings made by hand, whose waits can be told by counting. */
class ReplayTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private static void lease(RecordingBuilder into, long requestedAt, long held, long requester) {
        lease(into, requestedAt, 0, held, requester);
    }

    private static void lease(RecordingBuilder into, long requestedAt, long waited, long held, long requester) {
        long[] times = {waited * MS, 0, held * MS};
        into.lease(into.endpoint("e"), (requestedAt + waited + held) * MS, times, requester, false);
    }

    private static RecordingBuilder fiveAtOnce() {
        var builder = new RecordingBuilder("p");
        builder.knobs(Knobs.DEFAULTS);
        builder.connect(builder.endpoint("e"), 3 * MS, 3 * MS, true);
        for (int i = 0; i < 5; i++) {
            lease(builder, 0, 3, 10, i);
        }
        return builder;
    }

    private static long[] waits(ReplayResult result) {
        var waits = new long[result.waits().count()];
        for (int i = 0; i < waits.length; i++) {
            waits[i] = result.waits().percentile(100.0 * (i + 1) / waits.length) / MS;
        }
        return waits;
    }

    @Test
    void oneConnectionServesOneAfterTheOther() {
        var replay = new Replay(fiveAtOnce().build());
        ReplayResult one = replay.run(Knobs.DEFAULTS.withMaxSize(1));
        // Five leases ran at once after one connect was recorded, so four connections were there before: one of them
        // here.
        assertThat(waits(one)).containsExactly(0, 10, 20, 30, 40);
        assertThat(one.mostOpen()).isEqualTo(1);
        assertThat(one.opened()).isZero();
        assertThat(one.timedOut()).isZero();
    }

    @Test
    void connectsTakeTheTimeThatWasRecorded() {
        var builder = new RecordingBuilder("p");
        builder.connect(builder.endpoint("e"), 3 * MS, 3 * MS, true);
        builder.connect(builder.endpoint("e"), 7 * MS, 6 * MS, true);
        lease(builder, 0, 3, 100, 1);
        lease(builder, 1, 6, 100, 2);
        lease(builder, 200, 10, 1);
        ReplayResult result = new Replay(builder.build()).run(Knobs.DEFAULTS);
        assertThat(waits(result)).containsExactly(0, 3, 6);
        assertThat(result.opened()).isEqualTo(2);
        assertThat(result.meanOpen()).isBetween(1.9, 2.0);
    }

    @Test
    void oneMoreConnectionHelpsAsFarAsItCan() {
        var replay = new Replay(fiveAtOnce().build());
        assertThat(waits(replay.run(Knobs.DEFAULTS.withMaxSize(2)))).containsExactly(0, 0, 10, 10, 20);
        assertThat(waits(replay.run(Knobs.DEFAULTS.withMaxSize(5)))).containsExactly(0, 0, 0, 0, 3);
    }

    @Test
    void aShorterTimeoutEndsThoseThatWaitLonger() {
        ReplayResult result = new Replay(fiveAtOnce().build())
                .run(Knobs.DEFAULTS.withMaxSize(1).withAcquireTimeout(Duration.ofMillis(25)));
        assertThat(waits(result)).containsExactly(0, 10, 20, 25, 25);
        assertThat(result.timedOut()).isEqualTo(2);
    }

    @Test
    void oneThatTimedOutHoldsAsLongAsOthersWhenItIsServed() {
        var builder = new RecordingBuilder("p");
        builder.knobs(Knobs.DEFAULTS.withMaxSize(1));
        lease(builder, 0, 50, 1);
        builder.failure(builder.endpoint("e"), 30 * MS, 20 * MS, 2, true);
        Recording recording = builder.build();
        assertThat(recording.requestedAt(1)).isEqualTo(10 * MS);
        var replay = new Replay(recording);
        assertThat(replay.run(Knobs.DEFAULTS.withMaxSize(1)).timedOut()).isEqualTo(1);
        ReplayResult two = replay.run(Knobs.DEFAULTS.withMaxSize(2));
        assertThat(two.timedOut()).isZero();
        assertThat(two.mostOpen()).isEqualTo(2);
    }

    @Test
    void aConnectionThatDiedIsReplacedAsItWas() {
        var builder = new RecordingBuilder("p");
        builder.knobs(Knobs.DEFAULTS);
        int endpoint = builder.endpoint("e");
        builder.connect(endpoint, 4 * MS, 4 * MS, true);
        lease(builder, 0, 4, 10, 1);
        builder.death(endpoint, 20 * MS, 16 * MS, false);
        builder.connect(endpoint, 37 * MS, 7 * MS, true);
        lease(builder, 30, 7, 10, 1);
        ReplayResult result = new Replay(builder.build()).run(Knobs.DEFAULTS);
        assertThat(waits(result)).containsExactly(4, 7);
        assertThat(result.opened()).isEqualTo(2);
        assertThat(result.mostOpen()).isEqualTo(1);
    }

    @Test
    void aConnectThatFailedFailsItsRequestAgain() {
        var builder = new RecordingBuilder("p");
        int endpoint = builder.endpoint("e");
        builder.connect(endpoint, 5 * MS, 5 * MS, false);
        builder.failure(endpoint, 5 * MS, 5 * MS, 1, false);
        builder.connect(endpoint, 10_004 * MS, 4 * MS, true);
        lease(builder, 10_000, 4, 1, 1);
        ReplayResult result = new Replay(builder.build()).run(Knobs.DEFAULTS);
        assertThat(result.failed()).isEqualTo(1);
        assertThat(result.connectsFailed()).isEqualTo(1);
        assertThat(waits(result)).containsExactly(4, 5);
    }

    @Test
    void aConnectThatThePoolGaveUpIsCounted() {
        var builder = new RecordingBuilder("p");
        int endpoint = builder.endpoint("e");
        builder.connect(endpoint, 5_000 * MS, 5_000 * MS, true);
        lease(builder, 0, 5_000, 1, 1);
        Duration second = Duration.ofSeconds(1);
        var knobs = new Knobs(1, 1, 0, 1, 1, second.multipliedBy(2), second, second, Duration.ofHours(1));
        ReplayResult result = new Replay(builder.build()).run(knobs);
        assertThat(result.connectsFailed()).isEqualTo(1);
        assertThat(result.opened()).isZero();
    }

    @Test
    void aFewOverlapsAreChanceAndMoreAreNoClosedLoop() {
        for (int overlaps = 2; overlaps <= 3; overlaps++) {
            var builder = new RecordingBuilder("p");
            for (int i = 0; i < 100; i++) {
                lease(builder, 10 * i, i < overlaps ? 15 : 5, 1);
            }
            var replay = new Replay(builder.build());
            if (overlaps == 2) { // 2 % of the acquires
                assertThat(replay.closedLoop(true)).isSameAs(replay);
            } else {
                assertThatThrownBy(() -> replay.closedLoop(true)).hasMessageContaining("is no closed loop");
            }
        }
    }

    @Test
    void anInvalidatedLeaseTakesItsConnectionAlong() {
        var builder = new RecordingBuilder("p");
        int endpoint = builder.endpoint("e");
        builder.connect(endpoint, 4 * MS, 4 * MS, true);
        builder.connect(endpoint, 25 * MS, 5 * MS, true);
        builder.lease(endpoint, 9 * MS, new long[] {4 * MS, 0, 5 * MS}, 1, true);
        lease(builder, 20, 5, 5, 1);
        assertThat(waits(new Replay(builder.build()).run(Knobs.DEFAULTS))).containsExactly(4, 5);
    }

    /** The hand-over and the way from one holder to the next count as they were recorded. */
    @Test
    void theTimeBetweenTwoHoldersIsReplayed() {
        var builder = new RecordingBuilder("p");
        builder.knobs(Knobs.DEFAULTS.withMaxSize(1));
        int endpoint = builder.endpoint("e");
        builder.lease(endpoint, 10 * MS, new long[] {0, 0, 10 * MS}, 1, false);
        builder.lease(endpoint, 25 * MS, new long[] {11 * MS, MS, 13 * MS}, 2, false); // asked at 1, was given it at 12
        Recording recording = builder.build();
        assertThat(recording.waits().percentile(100)).isEqualTo(12 * MS);
        ReplayResult result = new Replay(recording).run(Knobs.DEFAULTS.withMaxSize(1));
        assertThat(waits(result)).containsExactly(0, 12);
    }

    @Test
    void inAClosedLoopARequestWaitsForTheLastLeaseOfItsThread() {
        var builder = new RecordingBuilder("p");
        builder.knobs(Knobs.DEFAULTS);
        for (int thread = 1; thread <= 2; thread++) {
            lease(builder, 0, 10, thread);
            lease(builder, 15, 10, thread);
            lease(builder, 30, 10, thread);
        }
        Recording recording = builder.build();
        Knobs one = Knobs.DEFAULTS.withMaxSize(1);
        assertThat(waits(new Replay(recording).run(one))).containsExactly(0, 5, 10, 10, 15, 20);
        assertThat(waits(new Replay(recording).closedLoop(true).run(one))).containsExactly(0, 5, 5, 5, 5, 10);
    }

    @Test
    void threadsThatDoNotWaitForTheirLeasesAreNoClosedLoop() {
        var builder = new RecordingBuilder("p");
        for (int i = 0; i < 10; i++) {
            lease(builder, i, 10, 1);
        }
        var replay = new Replay(builder.build());
        assertThatThrownBy(() -> replay.closedLoop(true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no closed loop");
    }

    @Test
    void theSameReplayGivesTheSameResult() {
        Recording recording = fiveAtOnce().build();
        assertThat(waits(new Replay(recording).run(Knobs.DEFAULTS.withMaxSize(3))))
                .isEqualTo(waits(new Replay(recording).run(Knobs.DEFAULTS.withMaxSize(3))));
    }

    @Test
    void knobsThatContradictAreRefused() {
        var replay = new Replay(fiveAtOnce().build());
        assertThatThrownBy(() -> replay.run(Knobs.DEFAULTS.withMaxSize(200)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxSize must be at most totalMaxSize (100), but is 200");
        assertThatThrownBy(() -> replay.run(Knobs.DEFAULTS.withMinIdle(11)))
                .hasMessage("minIdle must be at most maxSize (10), but is 11");
    }

    @Test
    void aRecordingWithoutAcquiresIsNone() {
        assertThatThrownBy(() -> new RecordingBuilder("p").build())
                .isInstanceOf(RecordingException.class)
                .hasMessage("the recording of pool p holds no acquires");
    }

    /** How fast it is stands in docs/replay.md; here only that it ends, tells how far it is, and is right. */
    @Test
    void manyAcquiresAreReplayed() {
        int count = 200_000;
        var builder = new RecordingBuilder("p");
        builder.connect(builder.endpoint("e"), 3 * MS, 3 * MS, true);
        for (int i = 0; i < count; i++) {
            lease(builder, i, 0, 8, i);
        }
        var told = new AtomicInteger();
        long start = System.nanoTime();
        ReplayResult result = new Replay(builder.build()).progress(told::set).run(Knobs.DEFAULTS.withMaxSize(8));
        System.out.println(count + " acquires replayed in " + (System.nanoTime() - start) / MS + " ms");
        assertThat(result.waits().count()).isEqualTo(count);
        assertThat(told.get()).isEqualTo(count);
        assertThat(result.mostOpen()).isEqualTo(8);
    }
}
