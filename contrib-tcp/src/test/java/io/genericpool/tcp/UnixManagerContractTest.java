package io.genericpool.tcp;

import io.genericpool.spi.ConnectionManager;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class UnixManagerContractTest extends BlockingContract<Path> {
    private final UnixSocketConnectionManager manager =
            UnixSocketConnectionManager.builder().build();

    @TempDir
    private Path directory;

    private Peer server;
    private FullUnixBacklog silent;

    @BeforeEach
    void start() throws Exception {
        server = Peer.unix(directory.resolve("server"), Peer::echo);
        silent = new FullUnixBacklog(directory.resolve("silent"));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        silent.close();
    }

    @Override
    Peer server() {
        return server;
    }

    @Override
    protected ConnectionManager<Path, SocketConnection> manager() {
        return manager;
    }

    @Override
    protected Path endpoint() {
        return directory.resolve("server");
    }

    @Override
    protected Optional<Path> unreachableEndpoint() {
        return Optional.of(directory.resolve("nobody"));
    }

    @Override
    protected Optional<Path> silentEndpoint() {
        return Optional.of(silent.path());
    }
}
