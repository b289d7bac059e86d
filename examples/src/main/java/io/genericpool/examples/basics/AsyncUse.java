package io.genericpool.examples.basics;

import io.genericpool.ConnectionPool;
import io.genericpool.websocket.Message;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asynchronous work: no thread waits, and no lease can be lost. */
final class AsyncUse {
    private final ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool;

    AsyncUse(ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool) {
        this.pool = pool;
    }

    CompletableFuture<String> ask(WebSocketEndpoint endpoint, String question) {
        return pool.useAsync(endpoint, Duration.ofSeconds(2), connection -> {
            connection.send(Message.text(question), Duration.ZERO); // must not block, so: room now, or a failure
            return connection.receiveAsync().orTimeout(5, TimeUnit.SECONDS).thenApply(Message::text);
        });
    }
}
