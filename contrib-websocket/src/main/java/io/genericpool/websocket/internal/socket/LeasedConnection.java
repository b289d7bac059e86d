package io.genericpool.websocket.internal.socket;

import io.genericpool.spi.LeaseScope;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;

/**
 * A connection as seen by one lease; see {@link WebSocketConnection}. Each call checks the lease; queue and gate check its
 * epoch again under their locks, against a release meanwhile.
 */
public final class LeasedConnection extends ConnectionView {
    private final OkHttpConnection connection;
    private final LeaseScope scope;
    private final long epoch;

    private LeasedConnection(OkHttpConnection connection, LeaseScope scope, long epoch) {
        this.connection = connection;
        this.scope = scope;
        this.epoch = epoch;
    }

    public static LeasedConnection begin(OkHttpConnection connection, LeaseScope scope) {
        long epoch = connection.betweenLeases().begin();
        scope.onEnd(() -> connection.betweenLeases().end(epoch));
        return new LeasedConnection(connection, scope, epoch);
    }

    @Override
    public OkHttpConnection open() {
        if (!scope.isActive()) {
            throw new IllegalStateException("the lease of this connection to " + connection.endpoint() + " has ended");
        }
        return connection;
    }

    @Override
    long epoch() {
        return epoch;
    }

    @Override
    public WebSocketEndpoint endpoint() {
        return connection.endpoint();
    }

    @Override
    public String toString() {
        return scope.isActive() ? connection.toString() : "ended lease of a " + connection;
    }
}
