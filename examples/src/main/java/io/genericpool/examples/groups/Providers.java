package io.genericpool.examples.groups;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.group.Routing;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.WebSocketPool;
import java.time.Duration;

/** A second provider that serves what the first one cannot. */
final class Providers {
    private Providers() {}

    static EndpointGroup<WebSocketEndpoint, WebSocketConnection> providers(
            WebSocketPool pool, String mainUri, String secondUri) {
        return pool.group("llm", Routing.inOrder().spillAfter(Duration.ofMillis(300)), mainUri, secondUri);
    }

    static String ask(EndpointGroup<WebSocketEndpoint, WebSocketConnection> providers, String question) {
        try (var lease = providers.connection(Duration.ofSeconds(5))) {
            lease.connection().send(question);
            return lease.connection().receive(Duration.ofSeconds(5)).text();
        }
    }

    static EndpointGroup<WebSocketEndpoint, WebSocketConnection> hedged(
            ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool, WebSocketEndpoint... endpoints) {
        return pool.group("search", Routing.leastLoaded().hedgeAfter(Duration.ofMillis(100)), endpoints);
    }
}
