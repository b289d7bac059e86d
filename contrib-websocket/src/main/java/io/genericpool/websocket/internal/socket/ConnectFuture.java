package io.genericpool.websocket.internal.socket;

import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The future of a connect. Cancelled, it tells what the connect was busy with: a pool whose time is up cancels it. */
final class ConnectFuture extends CompletableFuture<WebSocketConnection> {
    private final WebSocketEndpoint endpoint;
    private final Supplier<String> phase;

    ConnectFuture(WebSocketEndpoint endpoint, Supplier<String> phase) {
        this.endpoint = endpoint;
        this.phase = phase;
    }

    String phase() {
        return phase.get();
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        if (!isDone()) {
            completeExceptionally(new CancellationException(
                    "the connection attempt to " + endpoint + " was cancelled while it was " + phase()));
        }
        return isCancelled();
    }
}
