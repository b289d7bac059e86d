package io.genericpool.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that take what they can get and give nothing back. */
@Timeout(180)
class StalledReadersTest {
    private static final int PEERS = 1_000;

    private static List<Socket> peers(URI console, String request) throws IOException {
        var peers = new ArrayList<Socket>();
        for (int i = 0; i < PEERS; i++) {
            var socket = new Socket();
            socket.setReceiveBufferSize(4_096);
            socket.connect(new java.net.InetSocketAddress(console.getHost(), console.getPort()), 10_000);
            try {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // Refused already.
            }
            peers.add(socket);
        }
        return peers;
    }

    private static void closeAll(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("pool-console"))
                .count();
    }

    private static void tellSeen(URI console, String reader) throws IOException {
        assertThat(Http.post(console, "/seen", "reader=" + reader).status()).isEqualTo(204);
    }

    @Test
    void readersThatDoNotReadHoldUpNobodyElse() throws Exception {
        try (var test = new TestPool("orders", knobs -> knobs.totalMaxSize(10_000));
                var console = PoolConsole.start(test.pool);
                var reader = new EventReader(console.address())) {
            for (int i = 0; i < 2_000; i++) {
                test.touch("a-label-that-makes-a-frame-too-large-for-the-buffers-of-a-socket-" + i);
            }
            String id = reader.next("hello").get("reader").asText();
            reader.next("full");
            tellSeen(console.address(), id);
            List<Socket> stalled = peers(console.address(), Http.request(console.address(), "GET", "/events", ""));
            try {
                for (int i = 0; i < 5; i++) {
                    assertThat(reader.next().name())
                            .as("the reader that was there first")
                            .isEqualTo("delta");
                    tellSeen(console.address(), id);
                }
                assertThat(threads()).isLessThan(60);
                Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                    try (var late = new EventReader(console.address())) {
                        assertThat(late.status).isEqualTo(200);
                        assertThat(late.next("full").get("pools").get(0).get("rows"))
                                .hasSize(2_000);
                    }
                });
                assertThat(test.pool.stats().idle()).isEqualTo(2_000);
            } finally {
                closeAll(stalled);
            }
        }
    }

    @Test
    void halfARequestIsCutOffAndOthersAreAnsweredAgain() throws Exception {
        try (var test = new TestPool("orders");
                var console = PoolConsole.start(test.pool)) {
            List<Socket> half = peers(console.address(), "GET / HTTP/1.1\r\nHost: loc");
            try {
                Awaitility.await()
                        .ignoreExceptions()
                        .atMost(Duration.ofSeconds(100))
                        .until(() -> Http.get(console.address(), "/").status() == 200);
                assertThat(threads()).isLessThan(60);
            } finally {
                closeAll(half);
            }
        }
    }
}
