package io.genericpool.websocket.internal.session;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.FailureContext;
import io.genericpool.Lease;
import io.genericpool.PoolClosedException;
import io.genericpool.support.SafeText;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a session connects to: one endpoint, or any member of a group. Its text is fit for logs and errors. */
public interface SessionTarget {
    /** Fails with {@link PoolClosedException} when there will never be a connection again. */
    CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> request();

    /** For a connection that replaces another one of the session's. */
    CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> requestNext();

    /** Where a request may have caused a connection attempt. */
    List<WebSocketEndpoint> endpoints();

    /** The part of a failure that says how long to wait before the next request; null when none does. */
    @Nullable
    Throwable reasonToWait(Throwable failure);

    /** The next connection is always a new one: those in the pool may be as old as the present one. */
    static SessionTarget of(ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool, WebSocketEndpoint endpoint) {
        return new SessionTarget() {
            @Override
            public CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> request() {
                return pool.connectionAsync(endpoint);
            }

            @Override
            public CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> requestNext() {
                return pool.newConnectionAsync(endpoint);
            }

            @Override
            public List<WebSocketEndpoint> endpoints() {
                return List.of(endpoint);
            }

            @Override
            public Throwable reasonToWait(Throwable failure) {
                return failure;
            }

            @Override
            public String toString() {
                return endpoint.toString();
            }
        };
    }

    /**
     * The policy of the group decides about each connection anew, so a replacement may return to a better member. It is
     * a new connection there as well.
     */
    static SessionTarget of(EndpointGroup<WebSocketEndpoint, WebSocketConnection> group) {
        return new SessionTarget() {
            @Override
            public CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> request() {
                return ask(group::connectionAsync);
            }

            private CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> ask(
                    Supplier<CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>>> request) {
                try {
                    return request.get();
                } catch (IllegalStateException e) { // the group is closed, and stays so
                    return CompletableFuture.failedFuture(closed(e));
                }
            }

            private PoolClosedException closed(IllegalStateException cause) {
                return new PoolClosedException(
                        "no connection to " + this + ": it is closed",
                        cause,
                        new FailureContext(group.name(), Duration.ZERO, Duration.ZERO, null, null));
            }

            @Override
            public CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> requestNext() {
                return ask(group::newConnectionAsync);
            }

            @Override
            public List<WebSocketEndpoint> endpoints() {
                try {
                    return group.members();
                } catch (IllegalStateException e) { // the group is closed
                    return List.of();
                }
            }

            /** A pause that one member asks for is none of the others'. The pool keeps it for that member. */
            @Override
            public @Nullable Throwable reasonToWait(Throwable failure) {
                return null;
            }

            @Override
            public String toString() {
                return "group " + SafeText.label(group.name());
            }
        };
    }
}
