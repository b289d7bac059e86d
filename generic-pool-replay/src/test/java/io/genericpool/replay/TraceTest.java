package io.genericpool.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPools;
import io.genericpool.replay.recording.Recording;
import io.genericpool.replay.recording.RecordingException;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A trace is read as it was written, or refused. */
@Timeout(120)
class TraceTest {
    @TempDir
    Path folder;

    private final ScriptedManager<String> manager = ScriptedManager.plain();

    private ConnectionPool<String, FakeConnection<String>> pool(PoolRecorder<String> recorder) {
        var pool = ConnectionPools.<String, FakeConnection<String>>builder(manager)
                .name("traced/1")
                .maxSize(1)
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .listener(recorder)
                .build();
        recorder.start(pool);
        return pool;
    }

    private Path trace(int leases) {
        PoolRecorder<String> recorder = PoolRecorder.builder(folder).build();
        try (recorder;
                var pool = pool(recorder)) {
            for (int i = 0; i < leases; i++) {
                pool.connection("e").release();
            }
        }
        assertThat(recorder.files()).hasSize(1);
        return recorder.files().get(0);
    }

    @Test
    void eachEventIsReadAsItWasRecorded() {
        manager.script(Operation.CREATE, "down").always(Behaviour.fail(new IOException("refused")));
        PoolRecorder<String> recorder = PoolRecorder.builder(folder).build();
        assertThat(recorder.files()).isEmpty();
        try (recorder;
                var pool = pool(recorder)) {
            var lease = pool.connection("a");
            assertThatThrownBy(() -> pool.connection("a", Duration.ofMillis(30)))
                    .isNotNull();
            assertThatThrownBy(() -> pool.connection("down")).isNotNull();
            lease.invalidate();
            pool.connection("a").release();
            pool.evict("a");
            var kept = pool.connection("b");
            assertThat(kept.connection()).isNotNull();
            recorder.close();
        }
        Recording recording = Recordings.read(folder);

        assertThat(recording.pool()).isEqualTo("traced/1");
        assertThat(recording.endpoints()).containsExactlyInAnyOrder("a", "down", "b");
        assertThat(recording.size()).isEqualTo(4);
        assertThat(recording.outcome(0)).isEqualTo(Recording.Outcome.INVALIDATED);
        assertThat(recording.held(0)).isGreaterThanOrEqualTo(30_000_000);
        assertThat(recording.outcome(1)).isEqualTo(Recording.Outcome.TIMED_OUT);
        assertThat(recording.waited(1)).isGreaterThanOrEqualTo(30_000_000);
        assertThat(recording.outcome(2)).isEqualTo(Recording.Outcome.FAILED);
        assertThat(recording.outcome(3)).isEqualTo(Recording.Outcome.RELEASED);
        assertThat(recording.requester(0)).isEqualTo(Thread.currentThread().getId());
        for (int i = 1; i < 4; i++) {
            assertThat(recording.requestedAt(i)).isGreaterThanOrEqualTo(recording.requestedAt(i - 1));
        }
        assertThat(recording.connects()).isEqualTo(4);
        assertThat(recording.isConnected(1)).isFalse();
        assertThat(recording.endpoints().get(recording.connectEndpoint(1))).isEqualTo("down");
        assertThat(recording.deaths()).isEqualTo(1);
        assertThat(recording.isEviction(0)).isTrue();
        assertThat(recording.openLeases()).isEqualTo(1);
        assertThat(recording.dropped()).isZero();
        assertThat(recording.span()).isPositive();
    }

    @Test
    void labelsAreHashedOnRequest() throws IOException {
        PoolRecorder<String> recorder =
                PoolRecorder.builder(folder).hashLabels(true).build();
        try (recorder;
                var pool = pool(recorder)) {
            pool.connection("secret").release();
            pool.connection("secret").release();
        }
        assertThat(Recordings.read(folder).endpoints())
                .singleElement()
                .asString()
                .matches("endpoint-[0-9a-f]{12}");
        assertThat(new String(
                        Files.readAllBytes(recorder.files().get(0)), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("secret");
    }

    @Test
    void tracesOfTwoRunsAreNotMixed() {
        Path first = trace(1);
        Path second = trace(1);
        assertThat(second).isNotEqualTo(first);
        assertThatThrownBy(() -> Recordings.read(folder))
                .isInstanceOf(RecordingException.class)
                .hasMessageContaining("the folder " + folder + " has traces of several recorders, [" + stem(first)
                        + ", " + stem(second) + "]; move those of each recorder into a folder of their own");
        assertThat(Recordings.read(second).size()).isEqualTo(1);
    }

    private static String stem(Path file) {
        return file.getFileName().toString().replaceFirst("-\\d+\\.gptrace$", "");
    }

    @Test
    void tracesOfTwoPoolsAreNotMixed() throws IOException {
        Path file = trace(1);
        byte[] bytes = Files.readAllBytes(file);
        bytes[12 + "traced".length()] = '_'; // after eight bytes of magic, two of version and two of the name's length
        Files.write(folder.resolve(stem(file) + "-000002.gptrace"), bytes);
        assertThatThrownBy(() -> Recordings.read(folder))
                .isInstanceOf(RecordingException.class)
                .hasMessageContaining("the folder " + folder + " has traces of the pools traced/1 and traced_1,"
                        + " all named " + stem(file) + "; move");
    }

    @Test
    void aStartThatFailedMayBeTriedAgain() throws IOException {
        Path taken = Files.writeString(folder.resolve("taken"), "");
        PoolRecorder<String> recorder = PoolRecorder.builder(taken).build();
        assertThatThrownBy(() -> pool(recorder)).isInstanceOf(UncheckedIOException.class);
        Files.delete(taken);
        try (recorder;
                var pool = pool(recorder)) {
            pool.connection("e").release();
        }
        assertThat(Recordings.read(taken).size()).isEqualTo(1);
    }

    @Test
    void aTruncatedTraceIsRefusedAndReadInPartOnRequest() throws IOException {
        Path whole = trace(1_000);
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = folder.resolve("cut.trace");
        Files.write(cut, Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> Recordings.read(cut))
                .isInstanceOf(RecordingException.class)
                .hasMessageContaining("cut.trace is truncated: it ends after " + (bytes.length - 1) + " bytes");
        assertThat(Recordings.read(cut, null, true).size()).isEqualTo(1_000);
        for (int length = 8; length < bytes.length; length += 97) {
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> Recordings.read(cut)).isInstanceOf(RecordingException.class);
        }
    }

    @Test
    void aChangedByteIsFound() throws IOException {
        Path file = trace(1_000);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
        assertThatThrownBy(() -> Recordings.read(file))
                .isInstanceOf(RecordingException.class)
                .hasMessageEndingWith("is damaged: its bytes are not those that were written");
    }

    @Test
    void anotherVersionIsRefused() throws IOException {
        Path file = trace(1);
        byte[] bytes = Files.readAllBytes(file);
        bytes[9] = 7;
        Files.write(file, bytes);
        assertThatThrownBy(() -> Recordings.read(file))
                .hasMessageEndingWith("is a trace of version 7; this program reads version 1");
    }

    @Test
    void whatIsNoRecordingIsRefused() throws IOException {
        assertThatThrownBy(() -> Recordings.read(folder.resolve("none")))
                .isInstanceOf(RecordingException.class)
                .hasMessageStartingWith("there is no file");
        assertThatThrownBy(() -> Recordings.read(folder)).hasMessageEndingWith("has no traces");
        Path text = Files.writeString(folder.resolve("text.jfr"), "not a recording");
        assertThatThrownBy(() -> Recordings.read(text))
                .isInstanceOf(RecordingException.class)
                .hasMessageContaining("text.jfr is no flight recording, or is truncated");
    }

    @Test
    void aFlightRecordingWithoutLeasesSaysWhatToDo() throws IOException {
        Path file = folder.resolve("plain.jfr");
        try (var flown = new jdk.jfr.Recording()) {
            flown.enable("genericpool.Connect");
            flown.start();
            try (var pool = ConnectionPools.builder(manager).name("one").build()) {
                pool.connection("e").release();
            }
            try (var pool = ConnectionPools.builder(manager).name("two").build()) {
                pool.connection("e").release();
            }
            flown.stop();
            flown.dump(file);
        }
        assertThatThrownBy(() -> Recordings.read(file))
                .hasMessageEndingWith("has several pools; name one of [one, two]");
        assertThatThrownBy(() -> Recordings.read(file, "one", false))
                .hasMessageContaining("holds no acquires of pool one; enable genericpool.Lease");
        assertThatThrownBy(() -> Recordings.read(file, "three", false))
                .hasMessageContaining("has no events of pool three; it has [one, two]");
    }

    @Test
    void filesTakeTurnsAndTheOldestGoes() throws IOException {
        PoolRecorder<String> recorder =
                PoolRecorder.builder(folder).maxBytes(65_536).maxFiles(3).build();
        int leases = 60_000;
        try (recorder;
                var pool = pool(recorder)) {
            for (int i = 0; i < leases; i++) {
                pool.connection("e").release();
                if (i % 2_000 == 0) {
                    Simulated.pass(25_000_000); // the writer looks ten times a second
                }
            }
        }
        assertThat(recorder.files()).hasSize(3);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrderElementsOf(recorder.files());
        }
        long bytes = recorder.files().stream()
                .mapToLong(file -> file.toFile().length())
                .sum();
        Recording last = Recordings.read(folder);
        assertThat(last.size()).isLessThan(leases).isGreaterThan(1_000);
        assertThat(last.endpoints()).containsExactly("e");
        System.out.println((double) bytes / last.size() + " bytes per lease");
        assertThat((double) bytes / last.size()).isLessThan(16);
    }

    @Test
    void whatComesTooFastIsLeftOutAndCounted() {
        PoolRecorder<String> recorder = PoolRecorder.builder(folder)
                .maxBufferedEvents(256)
                .maxEventsPerSecond(500)
                .build();
        int leases = 20_000;
        try (recorder;
                var pool = pool(recorder)) {
            for (int i = 0; i < leases; i++) {
                pool.connection("e").release();
            }
        }
        Recording recording = Recordings.read(folder);
        assertThat(recorder.dropped()).isPositive();
        assertThat(recording.dropped()).isEqualTo(recorder.dropped());
        assertThat(recording.size() + recording.connects() + recording.dropped())
                .isEqualTo(leases + 1);
    }

    @Test
    void endpointsBeyondTheBoundAreOne() {
        PoolRecorder<String> recorder =
                PoolRecorder.builder(folder).maxEndpoints(2).build();
        try (recorder;
                var pool = pool(recorder)) {
            for (String endpoint : List.of("a", "b", "c", "d", "a")) {
                pool.connection(endpoint).release();
            }
        }
        Recording recording = Recordings.read(folder);
        assertThat(recording.endpoints()).containsExactlyInAnyOrder("a", "b", "(others)");
        assertThat(recording.size()).isEqualTo(5);
    }

    @Test
    void aRecorderIsStartedOnceAndItsBoundsAreChecked() {
        PoolRecorder<String> recorder = PoolRecorder.builder(folder).build();
        recorder.close(); // it has not begun: no effect
        try (recorder;
                var pool = pool(recorder)) {
            assertThatThrownBy(() -> recorder.start(pool)).isInstanceOf(IllegalStateException.class);
        }
        var builder = PoolRecorder.builder(folder);
        assertThatThrownBy(() -> builder.maxBytes(10)).hasMessage("maxBytes must be at least 65536, but is 10");
        assertThatThrownBy(() -> builder.maxFiles(0)).hasMessage("maxFiles must be at least 1, but is 0");
        assertThatThrownBy(() -> builder.maxEventsPerSecond(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.maxBufferedEvents(9)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.maxEndpoints(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
