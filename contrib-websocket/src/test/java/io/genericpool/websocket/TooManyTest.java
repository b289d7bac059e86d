package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that says that there are too many connections is asked for fewer. */
@Timeout(60)
class TooManyTest {
    private final MockWebServer server = new MockWebServer();
    private final Queue<WebSocket> peers = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void upgrade() {
        server.enqueue(new MockResponse.Builder()
                .webSocketUpgrade(new WebSocketListener() {
                    @Override
                    public void onOpen(WebSocket peer, Response response) {
                        peers.add(peer);
                    }

                    @Override
                    public void onClosing(WebSocket peer, int code, String reason) {
                        peer.close(code, null);
                    }
                })
                .build());
    }

    private WebSocketPool pool() {
        return WebSocketPool.builder().baseUri(server.url("/").toString()).build();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void whoWaitsIsServedByWhatTheServerHasLetIn(int status) throws Exception {
        upgrade();
        upgrade();
        server.enqueue(new MockResponse.Builder().code(status).build());
        try (var pool = pool();
                var first = pool.connection("/");
                var second = pool.connection("/")) {
            var third = pool.connectionAsync("/");
            await().until(() -> server.getRequestCount() == 3);
            var endpoint = pool.endpoint("/");
            await().until(() -> pool.pool().stats(endpoint).orElseThrow().effectiveMaxSize() == 2);
            assertThat(third).isNotDone();
            first.release();
            third.get(20, TimeUnit.SECONDS).release();
            assertThat(pool.stats().failed()).isZero();
            assertThat(second.connection().isOpen()).isTrue();
        }
    }

    @Test
    void aConnectionClosedWithTryAgainLaterLowersTheLimit() {
        upgrade();
        upgrade();
        try (var pool = pool();
                var first = pool.connection("/");
                var second = pool.connection("/")) {
            await().until(() -> peers.size() == 2);
            peers.remove().close(1013, "try again later");
            await().until(() ->
                    !first.connection().isOpen() || !second.connection().isOpen());
            (first.connection().isOpen() ? second : first).release();
            var endpoint = pool.endpoint("/");
            await().until(() -> pool.pool().stats(endpoint).orElseThrow().effectiveMaxSize() == 1);
        }
    }

    @Test
    void otherFailuresDoNotMeanThat() {
        try (var manager = WebSocketConnectionManager.builder().build()) {
            var endpoint = WebSocketEndpoint.of("ws://127.0.0.1:1/");
            for (int status : new int[] {101, 400, 401, 500, 502}) {
                assertThat(manager.isTooMany(endpoint, refused(status)))
                        .as("status %s", status)
                        .isFalse();
            }
            assertThat(manager.isTooMany(endpoint, refused(429))).isTrue();
            assertThat(manager.isTooMany(endpoint, refused(503))).isTrue();
            assertThat(manager.isTooMany(endpoint, new WebSocketClosedException("closed", 1011, "", null)))
                    .isFalse();
            assertThat(manager.isTooMany(endpoint, new WebSocketClosedException("closed", 1013, "", null)))
                    .isTrue();
            assertThat(manager.isTooMany(endpoint, new IOException("reset"))).isFalse();
        }
    }

    private static WebSocketHandshakeException refused(int status) {
        return new WebSocketHandshakeException("refused", null, status, Map.of(), "");
    }
}
