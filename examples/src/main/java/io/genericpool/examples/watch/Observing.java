package io.genericpool.examples.watch;

import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.websocket.WebSocketEndpoint;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A listener that keeps what an operator wants to hear of. */
final class Observing implements PoolListener<WebSocketEndpoint> {
    private final Queue<String> alerts = new ConcurrentLinkedQueue<>();

    @Override
    public void onConnectFailed(ConnectionEvent<WebSocketEndpoint> event) {
        alerts.add("no connect to " + event.endpointLabel() + ": "
                + event.failure().orElseThrow());
    }

    @Override
    public void onLeakDetected(LeaseEvent<WebSocketEndpoint> event) {
        alerts.add("a lease of " + event.endpointLabel() + " is held for " + event.duration() + " by "
                + event.holder().orElse("an unknown thread"));
    }

    Queue<String> alerts() {
        return alerts;
    }
}
