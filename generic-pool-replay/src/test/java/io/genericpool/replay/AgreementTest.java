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
    private static final int MOST_ATTEMPTS = 3;

    @TempDir
    Path folder;

    /** A machine that stops threads before they connect makes waits that no pool is the cause of: then once more. */
    @Test
    void aReplayWithTheKnobsOfTheRecordingHasItsWaits() throws Exception {
        record("warm-up", 15);
        boolean agrees = false;
        for (int attempt = 1; attempt <= MOST_ATTEMPTS && !agrees; attempt++) {
            String name = "load-" + attempt;
            record(name, LEASES);
            agrees = agrees(Recordings.read(folder.resolve(name)), name)
                    && agrees(Recordings.read(folder.resolve(name + ".jfr"), name, false), name);
        }
        assertThat(agrees).isTrue();
    }

    private void record(String name, int leases) throws Exception {
        var simulated = new Simulated(THREADS, leases);
        try (var flown = new jdk.jfr.Recording(Configuration.getConfiguration("default"))) {
            flown.enable("genericpool.Lease");
            flown.start();
            PoolRecorder<String> recorder =
                    PoolRecorder.builder(folder.resolve(name)).build();
            try (recorder;
                    var pool = simulated
                            .builder()
                            .name(name)
                            .maxSize(3)
                            .acquireTimeout(Duration.ofSeconds(20))
                            .listener(recorder)
                            .build()) {
                recorder.start(pool);
                simulated.load(pool);
            }
            assertThat(recorder.dropped()).isZero();
            flown.stop();
            flown.dump(folder.resolve(name + ".jfr"));
        }
    }

    private static boolean agrees(Recording recording, String name) {
        assertThat(recording.pool()).isEqualTo(name);
        assertThat(recording.size()).isEqualTo(THREADS * LEASES);
        assertThat(recording.endpoints()).containsExactlyInAnyOrder("a", "b");
        assertThat(recording.waits().percentile(95)).as("a load that waits").isGreaterThan(5_000_000);
        Knobs knobs = recording.knobs().orElseThrow();
        assertThat(knobs.maxSize()).isEqualTo(3);
        assertThat(knobs.acquireTimeout()).isEqualTo(Duration.ofSeconds(20));

        var replay = new Replay(recording);
        ReplayResult same = replay.run(knobs);
        ReplayResult more = replay.run(knobs.withMaxSize(10));
        assertThat(more.waits().percentile(95)).isLessThan(same.waits().percentile(95) / 2);
        ReplayResult closed = replay.closedLoop(true).run(knobs.withMaxSize(2));
        assertThat(closed.waits().mean()).isGreaterThan(same.waits().mean());

        List<Agreement> agreement = Agreement.between(recording.waits(), same.waits());
        System.out.println(name + ": " + agreement);
        assertThat(agreement).hasSize(3);
        return agreement.stream().allMatch(Agreement::holds);
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
