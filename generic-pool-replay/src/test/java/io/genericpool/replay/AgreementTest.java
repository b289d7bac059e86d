package io.genericpool.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.replay.recording.Knobs;
import io.genericpool.replay.recording.Recording;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A load of real threads is recorded both ways at once, and replayed with its own knobs: the waits are the same. */
@Timeout(120)
class AgreementTest {
    private static final int THREADS = 10;
    private static final int LEASES = 90;

    @TempDir
    Path folder;

    @Test
    void aReplayWithTheKnobsOfTheRecordingHasItsWaits() throws Exception {
        Path flight = folder.resolve("load.jfr");
        Path trace = folder.resolve("trace");
        var simulated = new Simulated(THREADS, LEASES);
        try (var warmUp = new Simulated(THREADS, 15).builder().name("warm-up").build()) {
            new Simulated(THREADS, 15).load(warmUp); // classes are loaded and compiled: no part of what a pool makes callers wait for
        }
        try (var flown = new jdk.jfr.Recording(Configuration.getConfiguration("default"))) {
            flown.enable("genericpool.Lease");
            flown.start();
            PoolRecorder<String> recorder = PoolRecorder.builder(trace).build();
            try (recorder;
                    var pool = simulated
                            .builder()
                            .maxSize(3)
                            .acquireTimeout(Duration.ofSeconds(20))
                            .listener(recorder)
                            .build()) {
                recorder.start(pool);
                simulated.load(pool);
            }
            assertThat(recorder.dropped()).isZero();
            flown.stop();
            flown.dump(flight);
        }
        for (Path file : List.of(trace, flight)) {
            Recording recording = Recordings.read(file, "simulated", false);
            assertThat(recording.pool()).isEqualTo("simulated");
            assertThat(recording.size()).isEqualTo(THREADS * LEASES);
            assertThat(recording.endpoints()).containsExactlyInAnyOrder("a", "b");
            Knobs knobs = recording.knobs().orElseThrow();
            assertThat(knobs.maxSize()).isEqualTo(3);
            assertThat(knobs.acquireTimeout()).isEqualTo(Duration.ofSeconds(20));

            var replay = new Replay(recording);
            ReplayResult same = replay.run(knobs);
            List<Agreement> agreement = Agreement.between(recording.waits(), same.waits());
            System.out.println(file.getFileName() + ": " + agreement);
            assertThat(agreement).hasSize(3).allMatch(Agreement::holds);
            assertThat(recording.waits().percentile(95)).as("a load that waits").isGreaterThan(5_000_000);

            ReplayResult more = replay.run(knobs.withMaxSize(10));
            assertThat(more.waits().percentile(95)).isLessThan(same.waits().percentile(95) / 2);
            ReplayResult closed = replay.closedLoop(true).run(knobs.withMaxSize(2));
            assertThat(closed.waits().percentile(50)).isGreaterThan(same.waits().percentile(50));
        }
    }

    @Test
    void whatIsNotWithinATenthOrAMillisecondDoesNotAgree() {
        assertThat(new Agreement(50, 100_000_000, 110_000_000).holds()).isTrue();
        assertThat(new Agreement(50, 100_000_000, 111_000_000).holds()).isFalse();
        assertThat(new Agreement(50, 100_000_000, 89_000_000).holds()).isFalse();
        assertThat(new Agreement(50, 1_000, 1_001_000).holds()).isTrue();
        assertThat(new Agreement(50, 1_000, 1_002_000).holds()).isFalse();
    }
}
