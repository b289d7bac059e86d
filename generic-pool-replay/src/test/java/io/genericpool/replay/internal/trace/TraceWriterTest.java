package io.genericpool.replay.internal.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.replay.recording.Knobs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the files. */
class TraceWriterTest {
    @TempDir
    Path folder;

    /** Whether this process has a file of the folder open. */
    private boolean isOpen() throws IOException {
        Path real = folder.toRealPath();
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.anyMatch(each -> {
                try {
                    return Files.readSymbolicLink(each).startsWith(real);
                } catch (IOException e) {
                    return false; // closed meanwhile
                }
            });
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aWriterThatFailedClosesItsFile() throws IOException {
        var bounds = new TraceWriter.Bounds(1 << 20, 2, 1_000, 1_024, 10);
        var writer = new TraceWriter(folder, "p-1", "p", Knobs.DEFAULTS, bounds);
        assertThat(isOpen()).isTrue();
        writer.death(-1, System.nanoTime(), 1, false); // no endpoint has this number, so the thread fails
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (isOpen() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        assertThat(isOpen()).isFalse();
        assertThatThrownBy(() -> writer.end(0)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void filesAreReadByTheirNumbers() throws IOException {
        for (String name : List.of("p-1-10000", "p-1-9999", "p-1-000007")) {
            Files.writeString(folder.resolve(name + TraceFormat.SUFFIX), "");
        }
        assertThat(TraceReader.traces(folder))
                .extracting(each -> each.getFileName().toString())
                .containsExactly("p-1-000007.gptrace", "p-1-9999.gptrace", "p-1-10000.gptrace");
    }
}
