package io.genericpool.examples.basics;

import io.genericpool.ConnectionPool;
import io.genericpool.reactor.ReactorPool;
import io.genericpool.websocket.Message;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A pool in chains of Reactor. */
final class Reactive {
    private Reactive() {}

    static Mono<String> ask(
            ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool, WebSocketEndpoint endpoint, String question) {
        return ReactorPool.of(pool)
                .acquireTimeout(Duration.ofSeconds(2))
                .use(endpoint, connection -> Mono.fromFuture(() -> connection.sendAsync(question))
                        .then(Mono.fromFuture(connection::receiveAsync))
                        .timeout(Duration.ofSeconds(5)))
                .map(Message::text);
    }

    static Flux<Message> follow(
            ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool, WebSocketEndpoint endpoint, int messages) {
        return ReactorPool.of(pool)
                .useMany(endpoint, connection -> Mono.fromFuture(connection::receiveAsync)
                        .repeat()) // one message after the other, and the connection is held meanwhile
                .take(messages);
    }

    static Mono<Boolean> isOpen(
            ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool, WebSocketEndpoint endpoint) {
        return ReactorPool.of(pool).acquire(endpoint).map(lease -> {
            try (lease) {
                return lease.connection().isOpen();
            }
        });
    }
}
