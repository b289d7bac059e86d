package io.genericpool.core.model;

import io.genericpool.DisposeReason;
import io.genericpool.core.model.TraceLog.Kind;
import io.genericpool.core.model.TraceServer.Connection;
import io.genericpool.core.model.TraceServer.Target;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The ways in which a pool may talk to the {@link TraceServer}: by stages or not, with hooks or without. */
final class TraceManagers {
    private TraceManagers() {}

    static ConnectionManager<Target, Connection> of(TraceServer server) {
        if (server.config.async) {
            return server.config.hooks ? new HookedAsync(server) : new Async(server);
        }
        return server.config.hooks ? new HookedBlocking(server) : new Blocking(server);
    }

    private static Object result(CompletionStage<?> stage) throws Exception {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        }
    }

    private static class Async implements AsyncConnectionManager<Target, Connection> {
        final TraceServer server;

        Async(TraceServer server) {
            this.server = server;
        }

        @Override
        @SuppressWarnings("unchecked")
        public CompletionStage<Connection> createAsync(Target target, Duration timeout) {
            return (CompletionStage<Connection>) server.stage(server.begin(Kind.CREATE, target, null, null));
        }

        @Override
        @SuppressWarnings("unchecked")
        public CompletionStage<Boolean> checkAlivenessAsync(Target target, Connection connection, Duration timeout) {
            return (CompletionStage<Boolean>) server.stage(server.begin(Kind.CHECK, target, connection, null));
        }

        @Override
        public CompletionStage<?> disposeAsync(Target target, Connection connection, DisposeReason reason, Duration t) {
            return server.stage(server.begin(Kind.DISPOSE, target, connection, reason));
        }

        @Override
        public boolean checkAliveness(Target target, Connection connection, Duration timeout) {
            return server.checkAtOnce(connection);
        }

        @Override
        public boolean isAlivenessCheckInstant() {
            return server.config.instantChecks;
        }
    }

    private static class Blocking implements ConnectionManager<Target, Connection> {
        final TraceServer server;

        Blocking(TraceServer server) {
            this.server = server;
        }

        @Override
        public Connection create(Target target, Duration timeout) throws Exception {
            return (Connection) result(server.stage(server.begin(Kind.CREATE, target, null, null)));
        }

        @Override
        public void dispose(Target target, Connection connection, Duration timeout) {
            throw new AssertionError("the pool calls the other method");
        }

        @Override
        public void dispose(Target target, Connection connection, DisposeReason reason, Duration t) throws Exception {
            result(server.stage(server.begin(Kind.DISPOSE, target, connection, reason)));
        }
    }

    /** What both kinds of managers with hooks have. */
    private interface Hooks extends ConnectionManager<Target, Connection> {
        TraceServer server();

        @Override
        default void onAcquire(Target target, Connection connection) {
            server().acquired(connection, Fault.ON_ACQUIRE_THROWS);
        }

        @Override
        default Connection lend(Target target, Connection connection, LeaseScope scope) {
            server().acquired(connection, Fault.LEND_THROWS);
            server().note(connection.views == 0, "a connection is lent while a view of it lives");
            connection.isLeased = true;
            connection.views++;
            scope.onEnd(() -> connection.views--);
            return connection;
        }

        @Override
        default void onRelease(Target target, Connection connection) {
            server().released(connection);
        }

        @Override
        default CompletionStage<?> resetAsync(Target target, Connection connection) {
            return server().config.resets ? server().reset(connection) : NO_RESET;
        }

        @Override
        default void onConnectionDead(Target target, Connection connection) {
            server().died(connection);
        }

        @Override
        default void bind(Target target, Connection connection, ConnectionSignals signals) {
            server().bound(connection, signals);
        }
    }

    private static final class HookedAsync extends Async implements Hooks {
        HookedAsync(TraceServer server) {
            super(server);
        }

        @Override
        public TraceServer server() {
            return server;
        }
    }

    private static final class HookedBlocking extends Blocking implements Hooks {
        HookedBlocking(TraceServer server) {
            super(server);
        }

        @Override
        public TraceServer server() {
            return server;
        }

        @Override
        public boolean checkAliveness(Target target, Connection connection, Duration timeout) throws Exception {
            return server.config.instantChecks
                    ? server.checkAtOnce(connection)
                    : Boolean.TRUE.equals(result(server.stage(server.begin(Kind.CHECK, target, connection, null))));
        }

        @Override
        public boolean isAlivenessCheckInstant() {
            return server.config.instantChecks;
        }
    }
}
