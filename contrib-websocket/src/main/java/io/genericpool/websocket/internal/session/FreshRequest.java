package io.genericpool.websocket.internal.session;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.internal.socket.ConnectionView;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A request for a connection that was opened after a certain time. A group lends what its members have; a connection from
 * before goes back, and its member opens another one.
 */
final class FreshRequest {
    private final ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool;
    private final long sinceNanos;

    /** @param sinceNanos by {@link System#nanoTime} */
    FreshRequest(ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool, long sinceNanos) {
        this.pool = pool;
        this.sinceNanos = sinceNanos;
    }

    /** The cancellation of the returned future cancels what it waits for, and a lease that is too late goes back. */
    CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> start(
            CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> first) {
        var result = new CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>>();
        var unused = first.whenComplete((lease, failure) -> {
            if (lease == null || !isOld(lease)) {
                pass(lease, failure, result);
                return;
            }
            lease.release();
            try {
                follow(pool.newConnectionAsync(lease.endpoint()), result);
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        cancelWith(result, first);
        return result;
    }

    private boolean isOld(Lease<WebSocketEndpoint, WebSocketConnection> lease) {
        try {
            return lease.connection() instanceof ConnectionView view
                    && view.open().isOlderThan(sinceNanos);
        } catch (IllegalStateException e) {
            // Revoked by the close of the pool. Its use says so.
            return false;
        }
    }

    private static void follow(
            CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> second,
            CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> result) {
        var unused = second.whenComplete((lease, failure) -> pass(lease, failure, result));
        cancelWith(result, second);
    }

    private static void pass(
            @Nullable Lease<WebSocketEndpoint, WebSocketConnection> lease,
            @Nullable Throwable failure,
            CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> result) {
        if (lease == null) {
            result.completeExceptionally(
                    failure != null ? failure : new IllegalStateException("the pool granted no lease"));
        } else if (!result.complete(lease)) {
            lease.release();
        }
    }

    /** A stage does not hand its cancellation on by itself. */
    private static void cancelWith(
            CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> result,
            CompletableFuture<Lease<WebSocketEndpoint, WebSocketConnection>> request) {
        var unused = result.whenComplete((lease, failure) -> {
            if (result.isCancelled()) {
                request.cancel(true);
            }
        });
    }
}
