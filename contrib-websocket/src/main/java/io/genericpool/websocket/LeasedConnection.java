package io.genericpool.websocket;

import io.genericpool.spi.LeaseScope;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** A connection as seen by one lease; see {@link WebSocketConnection}. */
final class LeasedConnection implements WebSocketConnection {
    private final OkHttpConnection connection;
    private final LeaseScope scope;
    private final long epoch;

    private LeasedConnection(OkHttpConnection connection, LeaseScope scope, long epoch) {
        this.connection = connection;
        this.scope = scope;
        this.epoch = epoch;
    }

    static LeasedConnection begin(OkHttpConnection connection, LeaseScope scope) {
        long epoch = connection.beginLease();
        scope.onEnd(() -> connection.endLease(epoch));
        return new LeasedConnection(connection, scope, epoch);
    }

    /** The calls below check the lease; queue and gate check it again under their locks, against a release meanwhile. */
    private OkHttpConnection connection() {
        if (!scope.isActive()) {
            throw new IllegalStateException("The lease of this connection to " + connection.endpoint() + " has ended");
        }
        return connection;
    }

    @Override
    public WebSocketEndpoint endpoint() {
        return connection.endpoint();
    }

    @Override
    public void send(Message message) {
        connection().send(epoch, message, connection.sendTimeout());
    }

    @Override
    public void send(Message message, Duration timeout) {
        connection().send(epoch, message, timeout);
    }

    @Override
    public Message receive(Duration timeout) {
        return connection().receive(epoch, timeout);
    }

    @Override
    public Optional<Message> tryReceive() {
        return connection().tryReceive(epoch);
    }

    @Override
    public CompletableFuture<Message> receiveAsync() {
        return connection().receiveAsync(epoch);
    }

    @Override
    public boolean isOpen() {
        return connection().isOpen();
    }

    @Override
    public OptionalInt closeCode() {
        return connection().closeCode();
    }

    @Override
    public Optional<String> closeReason() {
        return connection().closeReason();
    }

    @Override
    public Optional<String> subprotocol() {
        return connection().subprotocol();
    }

    @Override
    public void close(int code, String reason) {
        connection().close(code, reason);
    }

    @Override
    public String toString() {
        return scope.isActive() ? connection.toString() : "ended lease of a " + connection;
    }
}
