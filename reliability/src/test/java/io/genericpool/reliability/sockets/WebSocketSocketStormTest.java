package io.genericpool.reliability.sockets;

import io.genericpool.websocket.WebSocketConnectionManager;
import io.genericpool.websocket.WebSocketConnectionManagerBuilder;
import io.genericpool.websocket.WebSocketEndpoint;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSocket connections through faults, with and without TLS. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class WebSocketSocketStormTest {
    /** About the length of a few answers, and of the upgrade's. */
    private static final int PLAIN_BYTES = 600;
    /** A TLS handshake has some 2,000 bytes from the server. */
    private static final int TLS_BYTES = 4_000;

    @Test
    void plainConnectionsThroughFaultsLeaveNothingWrongAndNothingBehind() throws Exception {
        storm("WebSocket", "ws://127.0.0.1:", null, knobs -> {}, PLAIN_BYTES);
    }

    @Test
    void connectionsOverTlsThroughFaultsLeaveNothingWrongAndNothingBehind() throws Exception {
        var tls = new Loopback();
        storm(
                "WebSocket over TLS",
                "wss://127.0.0.1:",
                tls.server(),
                knobs -> knobs.customizeClient(
                        http -> http.sslSocketFactory(tls.client().getSocketFactory(), tls.trustManager())),
                TLS_BYTES);
    }

    private static void storm(
            String kind,
            String scheme,
            @Nullable SSLContext tls,
            Consumer<WebSocketConnectionManagerBuilder> knobs,
            int maxBytes)
            throws Exception {
        try (var server = EchoServer.start(tls)) {
            Storms.leaveNothingBehind(kind, (name, connects) -> run(name, connects, scheme, server, knobs, maxBytes));
        }
    }

    private static void run(
            String kind,
            int connects,
            String scheme,
            EchoServer server,
            Consumer<WebSocketConnectionManagerBuilder> knobs,
            int maxBytes)
            throws Exception {
        var builder = WebSocketConnectionManager.builder()
                .closeTimeout(Duration.ofMillis(100))
                .ioTimeout(SocketStorm.ANSWER);
        knobs.accept(builder);
        var manager = builder.build();
        try (var proxy = new FaultyProxy(server.port(), new FaultPlans(SocketStorm.SEED, maxBytes))) {
            var endpoint = WebSocketEndpoint.of(scheme + proxy.port() + "/");
            Storms.run(kind, connects, manager, endpoint, proxy, (connection, text, timeout) -> {
                connection.send(text);
                return connection.receive(timeout).text();
            });
            Awaitility.await().until(() -> manager.openSockets() == 0);
        } finally {
            manager.close();
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> server.open() == 0);
    }
}
