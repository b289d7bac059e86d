package io.genericpool.reliability.sockets;

import io.genericpool.spi.ConnectionManager;
import io.genericpool.tcp.SocketConnection;
import io.genericpool.tcp.TcpConnectionManager;
import io.genericpool.tcp.TcpEndpoint;
import io.genericpool.tcp.TlsConnectionManager;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Plain sockets and TLS through faults. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class TcpSocketStormTest {
    private static final int PLAIN_BYTES = 300;
    /** A TLS handshake has some 2,000 bytes from the server. */
    private static final int TLS_BYTES = 4_000;

    @Test
    void plainSocketsThroughFaultsLeaveNothingWrongAndNothingBehind() throws Exception {
        storm("TCP", null, TcpConnectionManager.builder().build(), PLAIN_BYTES);
    }

    @Test
    void socketsOverTlsThroughFaultsLeaveNothingWrongAndNothingBehind() throws Exception {
        var tls = new Loopback();
        storm(
                "TLS",
                tls.server(),
                TlsConnectionManager.builder().sslContext(tls.client()).build(),
                TLS_BYTES);
    }

    private static void storm(
            String kind,
            @Nullable SSLContext serverSide,
            ConnectionManager<TcpEndpoint, SocketConnection> manager,
            int maxBytes)
            throws Exception {
        try (var server = new LineServer(serverSide)) {
            Storms.leaveNothingBehind(kind, (name, connects) -> {
                try (var proxy = new FaultyProxy(server.port(), new FaultPlans(SocketStorm.SEED, maxBytes))) {
                    var endpoint = TcpEndpoint.of("127.0.0.1", proxy.port());
                    Storms.run(name, connects, manager, endpoint, proxy, TcpSocketStormTest::ask);
                }
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> server.open() == 0);
            });
        }
    }

    private static String ask(SocketConnection connection, String text, Duration timeout) throws IOException {
        connection.readTimeout(timeout);
        byte[] sent = text.getBytes(StandardCharsets.UTF_8);
        connection.output().write(sent);
        byte[] heard = connection.input().readNBytes(sent.length);
        if (heard.length < sent.length) {
            throw new EOFException("heard " + heard.length + " bytes of " + sent.length);
        }
        return new String(heard, StandardCharsets.UTF_8);
    }
}
