package io.genericpool.examples;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.genericpool.examples.server.EchoServer;
import io.genericpool.examples.watch.Consoled;
import io.genericpool.websocket.Drain;
import io.genericpool.websocket.Heartbeat;
import io.genericpool.websocket.Message;
import io.genericpool.websocket.Retry;
import io.genericpool.websocket.SessionListener;
import io.genericpool.websocket.WebSocketPool;
import io.genericpool.websocket.WebSocketSession;
import java.time.Duration;
import java.util.function.Supplier;

/** The WebSocket plug-in as docs/websocket.md shows it. */
final class WebSocketQuick {
    private WebSocketQuick() {}

    /** Runs against a server of its own, or the one whose base URI is given. */
    public static void main(String[] args) throws Exception {
        boolean console = Consoled.isAsked(args);
        String[] baseUri = Consoled.others(args);
        if (baseUri.length > 0) {
            run(baseUri[0], console);
            return;
        }
        try (var server = EchoServer.start()) {
            run(server.endpoint("/").uri().toString(), console);
        }
    }

    private static void run(String baseUri, boolean console) throws Exception {
        try (var pool = pool(baseUri, () -> "no secret")) {
            System.out.println("warm: " + pool.warmedUp().get() + " connections");
            System.out.println("received: " + subscribe(pool).text());
            System.out.println("opened: " + pool.stats().created() + ", sent: "
                    + pool.traffic().messagesOut());
            Consoled.show(console, pool.pool());
        }
    }

    static WebSocketPool pool(String baseUri, Supplier<String> token) {
        return WebSocketPool.builder()
                .baseUri(baseUri)
                .header("Authorization", () -> "Bearer " + token.get()) // asked at each connect
                .maxSize(50)
                .totalMaxSize(200)
                .warmUp(2, "/ws/btcusdt", "/ws/ethusdt")
                .drain(Drain.quietFor(Duration.ofMillis(200))
                        .atMost(Duration.ofSeconds(2))
                        .onlyIf(m -> m.isText() && m.text().startsWith("{\"type\":\"notification\"")))
                .retry(Retry.attempts(3).backoff(Duration.ofMillis(200), Duration.ofSeconds(10)))
                .heartbeat(Heartbeat.ping(Duration.ofSeconds(20)))
                .connectRate(300, Duration.ofMinutes(5))
                .build();
    }

    static Message subscribe(WebSocketPool pool) {
        try (var lease = pool.connection("/ws/btcusdt")) {
            lease.connection().send("{\"subscribe\":\"trades\"}");
            return lease.connection().receive(Duration.ofSeconds(5));
        }
    }

    /** What is sent and received as values. */
    record Order(int id, String symbol) {}

    static Order confirm(WebSocketPool pool, Order order) {
        var codec = new JacksonCodec<>(new ObjectMapper(), Order.class);
        try (var lease = pool.connection("/orders")) {
            var orders = lease.connection().typed(codec);
            return orders.request(order, answer -> answer.id() == order.id(), Duration.ofSeconds(5));
        }
    }

    static WebSocketSession follow(WebSocketPool pool, SessionListener listener) {
        var session = pool.session("/ws/btcusdt", listener)
                .rotateAfter(Duration.ofMinutes(55)) // before the server ends it
                .start();
        session.subscribe("trades", Message.text("{\"subscribe\":\"trades\"}"));
        return session;
    }
}
