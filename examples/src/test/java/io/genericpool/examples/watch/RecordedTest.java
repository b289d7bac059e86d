package io.genericpool.examples.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.examples.basics.MyOwnManager;
import io.genericpool.replay.Recordings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RecordedTest {
    @TempDir
    Path folder;

    @Test
    void whatIsRecordedIsReplayedAndKnobsAreRecommended() throws Exception {
        try (var server = new ServerSocket(0)) {
            var greeting = CompletableFuture.runAsync(() -> greet(server));
            Recorded.record(new MyOwnManager(), new InetSocketAddress("localhost", server.getLocalPort()), folder);
            greeting.join();
        }
        assertThat(Recordings.read(folder).endpoints())
                .singleElement()
                .asString()
                .startsWith("endpoint-");
        assertThat(Recorded.recommend(folder))
                .hasValueSatisfying(knobs -> assertThat(knobs.maxSize()).isBetween(1, 4));
    }

    @Test
    void theOptionNamesAFolder() {
        assertThat(Recorded.folder("--console", "--record=traces")).contains(Path.of("traces"));
        assertThat(Recorded.folder("--console")).isEmpty();
    }

    private static void greet(ServerSocket server) {
        try (var socket = server.accept()) {
            socket.getOutputStream().write(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
