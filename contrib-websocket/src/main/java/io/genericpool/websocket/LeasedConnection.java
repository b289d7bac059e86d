package io.genericpool.websocket;

import io.genericpool.spi.LeaseScope;

/**
 * A connection as seen by one lease; see {@link WebSocketConnection}. Each call checks the lease; queue and gate check its
 * epoch again under their locks, against a release meanwhile.
 */
final class LeasedConnection extends ConnectionView {
    private final OkHttpConnection connection;
    private final LeaseScope scope;
    private final long epoch;

    private LeasedConnection(OkHttpConnection connection, LeaseScope scope, long epoch) {
        this.connection = connection;
        this.scope = scope;
        this.epoch = epoch;
    }

    static LeasedConnection begin(OkHttpConnection connection, LeaseScope scope) {
        long epoch = connection.betweenLeases().begin();
        scope.onEnd(() -> connection.betweenLeases().end(epoch));
        return new LeasedConnection(connection, scope, epoch);
    }

    @Override
    OkHttpConnection open() {
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
