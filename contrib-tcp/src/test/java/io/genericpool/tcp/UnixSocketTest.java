package io.genericpool.tcp;

import static io.genericpool.tcp.Kind.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UnixSocketTest {
    @TempDir
    private Path directory;

    private final UnixSocketConnectionManager manager = UnixSocketConnectionManager.builder()
            .name("unix-test")
            .receiveBufferSize(50_000)
            .build();

    @Test
    void aFileThatIsMissingIsNamed() {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> manager.create(missing, SOON))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(missing.toString());
    }

    @Test
    void aFileThatNobodyListensOnIsRefused() throws Exception {
        Path stale = directory.resolve("stale");
        Peer.unix(stale, Peer::echo).close(); // the file stays
        assertThatThrownBy(() -> manager.create(stale, SOON))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("refused");
    }

    @Test
    void aPathThatIsTooLongIsRefused() {
        Path tooLong = directory.resolve("x".repeat(200));
        assertThatThrownBy(() -> manager.create(tooLong, SOON))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("too long");
    }

    @Test
    void aFullBacklogIsWaitedFor() throws Exception {
        try (var full = new FullUnixBacklog(directory.resolve("full"))) {
            assertThatThrownBy(() -> manager.create(full.path(), Duration.ofMillis(300)))
                    .isInstanceOf(SocketTimeoutException.class);
            var connect = manager.createAsync(full.path(), SOON).toCompletableFuture();
            await().during(Duration.ofMillis(100)).until(() -> !connect.isDone());
            full.acceptOne();
            Talk.await(connect).close();
            // Who waited on a thread has ended.
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("unix-test")));
        }
    }

    @Test
    void addressesArePaths() throws Exception {
        Path file = directory.resolve("server");
        try (var server = Peer.unix(file, Peer::echo)) {
            var connection = manager.create(file, SOON);
            assertThat(connection.remoteAddress()).hasToString(file.toString());
            assertThat(connection).hasToString("connection to " + file);
            assertThat(server.failures()).isEmpty();
            connection.close();
            assertThat(connection).hasToString("connection to " + file + ", closed");
        }
    }
}
