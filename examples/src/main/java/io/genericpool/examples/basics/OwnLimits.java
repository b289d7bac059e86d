package io.genericpool.examples.basics;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointLimits;
import io.genericpool.core.ConnectionPools;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketConnectionManager;
import io.genericpool.websocket.WebSocketEndpoint;

/** Limits that differ by endpoint. */
final class OwnLimits {
    private OwnLimits() {}

    static ConnectionPool<WebSocketEndpoint, WebSocketConnection> newPool(WebSocketConnectionManager manager) {
        return ConnectionPools.builder(manager)
                .maxSize(20)
                .totalMaxSize(100)
                .endpointLimits(endpoint -> switch (endpoint.path()) {
                    case "/market" -> EndpointLimits.of(2, 5); // two kept open, five at most
                    case "/batch" -> EndpointLimits.of(0, 3).withMaxWaiters(50); // the 51st is turned away at once
                    case "/orders" -> EndpointLimits.of(0, 20).withReserved(5); // others take none of its last five
                    default -> EndpointLimits.of(0, 20);
                })
                .build();
    }
}
