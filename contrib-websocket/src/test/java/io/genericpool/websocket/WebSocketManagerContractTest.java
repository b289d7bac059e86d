package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.spi.ConnectionManager;
import io.genericpool.testkit.ConnectionManagerContract;
import io.genericpool.testkit.RefusingPort;
import io.genericpool.websocket.internal.socket.ConnectionView;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The testkit's suite for managers. */
class WebSocketManagerContractTest extends ConnectionManagerContract<WebSocketEndpoint, WebSocketConnection> {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final WebSocketConnectionManager manager =
            WebSocketConnectionManager.builder().virtualThreads(false).build();
    private final RefusingPort refusing = new RefusingPort();
    private EchoServer server;
    private RawPeer silent;

    @BeforeEach
    void start() throws Exception {
        server = EchoServer.start();
        silent = RawPeer.start(RawPeer.Connection::drain);
    }

    @AfterEach
    void stop() throws Exception {
        manager.close();
        silent.close();
        server.close();
        refusing.close();
    }

    @Override
    protected ConnectionManager<WebSocketEndpoint, WebSocketConnection> manager() {
        return manager;
    }

    @Override
    protected WebSocketEndpoint endpoint() {
        return server.endpoint("/contract");
    }

    @Override
    protected void use(WebSocketConnection connection) {
        connection.send("ping");
        assertThat(connection.receive(SOON).text()).isEqualTo("/contract|ping");
    }

    @Override
    protected Optional<WebSocketEndpoint> unreachableEndpoint() {
        return Optional.of(WebSocketEndpoint.of("ws://127.0.0.1:" + refusing.number()));
    }

    @Override
    protected Optional<WebSocketEndpoint> silentEndpoint() {
        return Optional.of(silent.endpoint());
    }

    @Override
    protected boolean breakFromServer(WebSocketConnection connection) {
        server.kill("/contract");
        await().until(() -> server.open() == 0);
        return true;
    }

    @Override
    protected boolean sendFromServer(WebSocketConnection connection) {
        long before = ((ConnectionView) connection).open().inbound().size();
        server.push("/contract", "news");
        await().until(() -> ((ConnectionView) connection).open().inbound().size() > before);
        return true;
    }

    @Override
    protected void receive(WebSocketConnection connection) {
        assertThat(connection.receive(SOON).text()).isEqualTo("news");
    }

    @Override
    protected boolean signalsDeath() {
        return true;
    }
}
