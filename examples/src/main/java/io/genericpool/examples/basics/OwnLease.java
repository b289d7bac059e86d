package io.genericpool.examples.basics;

import io.genericpool.ConnectionPool;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import java.time.Duration;

/** A lease in one's own hands, for work that {@code use} does not fit. */
final class OwnLease {
    private final ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool;

    OwnLease(ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool) {
        this.pool = pool;
    }

    String ask(WebSocketEndpoint endpoint, String question) {
        try (var lease = pool.connection(endpoint, Duration.ofSeconds(2))) {
            try {
                lease.connection().send(question);
                return lease.connection().receive(Duration.ofSeconds(5)).text();
            } catch (RuntimeException e) {
                lease.invalidate(e); // a reply that comes late must not be the next holder's
                throw e;
            }
        }
    }
}
