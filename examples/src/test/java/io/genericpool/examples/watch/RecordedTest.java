package io.genericpool.examples.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.examples.basics.MyOwnManager;
import io.genericpool.replay.Recordings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
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
            var greeting = new FutureTask<>(() -> greet(server));
            var greeter = new Thread(greeting, "greeter");
            greeter.setDaemon(true);
            greeter.start();
            Recorded.record(new MyOwnManager(), new InetSocketAddress("localhost", server.getLocalPort()), folder);
            assertThat(greeting.get(30, TimeUnit.SECONDS)).isEqualTo(1);
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

    private static int greet(ServerSocket server) throws IOException {
        try (var socket = server.accept()) {
            socket.getOutputStream().write(1);
        }
        return 1;
    }
}
