package io.genericpool.websocket;

import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import io.genericpool.websocket.internal.socket.OkHttpConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A connection in the hands of a test that plays the pool: binds it, leases it, hears its signals. */
final class Managed implements ConnectionSignals {
    static final Duration SOON = Duration.ofSeconds(30);

    final WebSocketConnectionManager manager;
    final OkHttpConnection connection;

    /** Completed with the cause of death; null stands for an orderly one. */
    final CompletableFuture<Throwable> death = new CompletableFuture<>();

    final CompletableFuture<Void> retired = new CompletableFuture<>();

    private Managed(WebSocketConnectionManager manager, OkHttpConnection connection) {
        this.manager = manager;
        this.connection = connection;
    }

    static Managed connect(WebSocketConnectionManager manager, WebSocketEndpoint endpoint) throws Exception {
        var connection = (OkHttpConnection) manager.create(endpoint, SOON);
        var managed = new Managed(manager, connection);
        manager.bind(endpoint, connection, managed);
        return managed;
    }

    @Override
    public void dead(Throwable cause) {
        death.complete(cause);
    }

    @Override
    public void retire() {
        retired.complete(null);
    }

    /** The cause of the connection's death, once it has died. */
    Throwable causeOfDeath() throws Exception {
        return death.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    TestLease lease() {
        return new TestLease();
    }

    /** A lease as a pool would keep it. */
    final class TestLease implements LeaseScope, AutoCloseable {
        final WebSocketConnection connection;
        private volatile boolean active = true;
        private Runnable end = () -> {};

        private TestLease() {
            connection = manager.lend(Managed.this.connection.endpoint(), Managed.this.connection, this);
        }

        @Override
        public boolean isActive() {
            return active;
        }

        @Override
        public void onEnd(Runnable action) {
            end = action;
        }

        @Override
        public void close() {
            active = false;
            end.run();
        }
    }
}
