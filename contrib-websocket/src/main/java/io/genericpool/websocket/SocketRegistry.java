package io.genericpool.websocket;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All attempts and connections of a manager that have not ended, so that closing it ends them. */
final class SocketRegistry {
    private final Set<ConnectAttempt> attempts = ConcurrentHashMap.newKeySet();
    private final Set<OkHttpConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    void add(ConnectAttempt attempt) {
        attempts.add(attempt);
        if (closed) {
            attempt.abort();
        }
    }

    void remove(ConnectAttempt attempt) {
        attempts.remove(attempt);
    }

    void add(OkHttpConnection connection) {
        connections.add(connection);
        if (closed) {
            connection.abort(Termination.byPool(CloseCodes.GOING_AWAY));
        }
    }

    void remove(OkHttpConnection connection) {
        connections.remove(connection);
    }

    int connections() {
        return connections.size();
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        attempts.forEach(ConnectAttempt::abort);
        connections.forEach(connection -> connection.abort(Termination.byPool(CloseCodes.GOING_AWAY)));
    }
}
