package io.genericpool.reliability.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.core.ConnectionPools;
import io.genericpool.reliability.Footprint;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.websocket.WebSocketConnectionManager;
import io.genericpool.websocket.WebSocketConnectionManagerBuilder;
import io.genericpool.websocket.WebSocketEndpoint;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSocket connections through faults, with and without TLS. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class WebSocketSocketStormTest {
    private static final int MAX_SIZE = 12;
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
        var authority = new HeldCertificate.Builder().certificateAuthority(0).build();
        var certificate = new HeldCertificate.Builder()
                .signedBy(authority)
                .addSubjectAlternativeName("127.0.0.1")
                .build();
        var server =
                new HandshakeCertificates.Builder().heldCertificate(certificate).build();
        var client = new HandshakeCertificates.Builder()
                .addTrustedCertificate(authority.certificate())
                .build();
        storm(
                "WebSocket over TLS",
                "wss://127.0.0.1:",
                server.sslContext(),
                knobs -> knobs.customizeClient(
                        http -> http.sslSocketFactory(client.sslSocketFactory(), client.trustManager())),
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
            run(
                    "warm-up of " + kind,
                    SocketStorm.WARM_UP,
                    scheme,
                    server,
                    knobs,
                    maxBytes); // what libraries start and keep
            var before = Footprint.take();
            run(kind, SocketStorm.CONNECTS, scheme, server, knobs, maxBytes);
            before.awaitReturn();
            System.out.printf("reliability E: %s: before: %s; after: %s%n", kind, before, Footprint.take());
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
            var pool = ConnectionPools.builder(manager)
                    .maxSize(MAX_SIZE)
                    .totalMaxSize(MAX_SIZE)
                    .maxConnectsPerEndpoint(MAX_SIZE)
                    .maxLeases(5)
                    .connectTimeout(Duration.ofMillis(500))
                    .disposeTimeout(Duration.ofSeconds(1))
                    .connectGovernor(ConnectGovernor.unlimited()) // the faults are the endpoint's, on purpose
                    .build();
            var endpoint = WebSocketEndpoint.of(scheme + proxy.port() + "/");

            new SocketStorm<>(kind, connects, pool, endpoint, proxy, (connection, text, timeout) -> {
                        connection.send(text);
                        return connection.receive(timeout).text();
                    })
                    .run();

            assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();
            assertThat(pool.stats().created()).isEqualTo(pool.stats().disposed());
            Awaitility.await().until(() -> manager.openSockets() == 0);
        } finally {
            manager.close();
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> server.open() == 0);
    }
}
