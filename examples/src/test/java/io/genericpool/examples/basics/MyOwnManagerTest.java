package io.genericpool.examples.basics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.testkit.ConnectionManagerContract;
import io.genericpool.testkit.RefusingPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The testkit's contract for managers, and the manager in a pool. */
class MyOwnManagerTest extends ConnectionManagerContract<InetSocketAddress, Socket> {
    private final MyOwnManager manager = new MyOwnManager();
    private final RefusingPort refusing = new RefusingPort();
    private LineServer server;

    @BeforeEach
    void start() throws IOException {
        server = new LineServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        refusing.close();
    }

    @Override
    protected ConnectionManager<InetSocketAddress, Socket> manager() {
        return manager;
    }

    @Override
    protected InetSocketAddress endpoint() {
        return server.endpoint();
    }

    @Override
    protected Optional<InetSocketAddress> unreachableEndpoint() {
        return Optional.of(InetSocketAddress.createUnresolved("127.0.0.1", refusing.number()));
    }

    @Override
    protected void use(Socket connection) throws Exception {
        assertThat(LineServer.ask(connection, "hello")).isEqualTo("hello");
    }

    @Override
    protected boolean breakFromServer(Socket connection) throws Exception {
        server.cut(connection);
        return true;
    }

    @Override
    protected boolean leavesNoThreads() {
        return false; // the server of this test has a thread for each connection
    }

    @Test
    void aPoolReusesItsSocketsAndReplacesThoseTheServerHasClosed() throws Exception {
        try (var pool = ConnectionPools.builder(manager)
                .alivenessBypass(Duration.ZERO)
                .maxSize(1)
                .build()) {
            for (int i = 0; i < 5; i++) {
                String line = "line " + i;
                assertThat(ask(pool, line)).isEqualTo(line);
            }
            assertThat(pool.stats().created()).isEqualTo(1);

            try (var lease = pool.connection(server.endpoint())) {
                server.cut(lease.connection());
            }
            assertThat(ask(pool, "again")).isEqualTo("again");
            assertThat(pool.stats().created()).isEqualTo(2);
            assertThat(pool.stats().disposed(DisposeReason.DEAD)).isEqualTo(1);
        }
    }

    @Test
    void bytesThatNobodyAskedForEndAConnection() throws Exception {
        try (var pool = ConnectionPools.builder(manager)
                .alivenessBypass(Duration.ZERO)
                .maxSize(1)
                .build()) {
            try (var lease = pool.connection(server.endpoint())) {
                var socket = lease.connection();
                socket.getOutputStream().write("left unread\n".getBytes(StandardCharsets.UTF_8));
                await().until(() -> socket.getInputStream().available() > 0);
            }
            assertThat(ask(pool, "mine")).isEqualTo("mine");
        }
    }

    private String ask(ConnectionPool<InetSocketAddress, Socket> pool, String line) throws IOException {
        return pool.use(server.endpoint(), socket -> LineServer.ask(socket, line));
    }
}
