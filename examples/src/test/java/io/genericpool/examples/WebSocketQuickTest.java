package io.genericpool.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.genericpool.examples.WebSocketQuick.Order;
import io.genericpool.websocket.Message;
import io.genericpool.websocket.WebSocketPool;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
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

@Timeout(60)
class WebSocketQuickTest {
    private final MockWebServer server = new MockWebServer();
    private WebSocketPool pool;

    @BeforeEach
    void start() throws Exception {
        for (int i = 0; i < 10; i++) {
            server.enqueue(
                    new MockResponse.Builder().webSocketUpgrade(new Echo()).build());
        }
        server.start();
        String base = server.url("/").toString().replaceFirst("^http", "ws");
        pool = WebSocketQuick.pool(base, () -> "current");
        assertThat(pool.warmedUp().get(20, TimeUnit.SECONDS)).isEqualTo(4);
    }

    @AfterEach
    void stop() {
        pool.close();
        server.close();
    }

    private static final class Echo extends WebSocketListener {
        @Override
        public void onMessage(WebSocket socket, String text) {
            socket.send(text);
        }

        @Override
        public void onOpen(WebSocket socket, Response response) {}

        @Override
        public void onClosing(WebSocket socket, int code, String reason) {
            socket.close(code, null);
        }
    }

    @Test
    void sendsAndReceivesOnAWarmConnectionWithTheHeader() throws Exception {
        assertThat(WebSocketQuick.subscribe(pool)).isEqualTo(Message.text("{\"subscribe\":\"trades\"}"));
        assertThat(pool.traffic().connects()).isEqualTo(4);
        assertThat(server.takeRequest().getHeaders().get("Authorization")).isEqualTo("Bearer current");
    }

    @Test
    void runsByItself() throws Exception {
        PrintStream before = System.out;
        var text = new ByteArrayOutputStream();
        try (var out = new PrintStream(text, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            WebSocketQuick.main(new String[0]);
        } finally {
            System.setOut(before);
        }
        assertThat(text.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("warm: 4 connections\n"
                        + "received: /ws/btcusdt|{\"subscribe\":\"trades\"}\nopened: 4, sent: 1\n");
    }

    @Test
    void exchangesValues() {
        var order = new Order(7, "btcusdt");
        assertThat(WebSocketQuick.confirm(pool, order)).isEqualTo(order);
    }

    @Test
    void followsASubscription() throws Exception {
        var first = new CompletableFuture<Message>();
        try (var session = WebSocketQuick.follow(pool, first::complete)) {
            assertThat(first.get(20, TimeUnit.SECONDS).text()).contains("trades");
        }
    }

    @Test
    void tellsWhatIsNoJson() {
        var codec = new JacksonCodec<>(new ObjectMapper(), Order.class);
        assertThatThrownBy(() -> codec.decode(Message.text("no json"))).isInstanceOf(UncheckedIOException.class);
    }
}
