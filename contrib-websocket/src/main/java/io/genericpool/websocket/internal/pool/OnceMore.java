package io.genericpool.websocket.internal.pool;

import io.genericpool.ConnectionFunction;
import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.support.CauseChain;
import io.genericpool.support.Nanos;
import io.genericpool.websocket.WebSocketClosedException;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.internal.socket.ConnectionView;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Work that is done once more, on a new connection, when its first one turned out to be closed before anything was
 * received on it. A reused connection may have died on its way to the peer, which only its use shows.
 */
public final class OnceMore<R extends @Nullable Object, X extends Exception> {
    private final ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool;
    private final WebSocketEndpoint endpoint;
    private final ConnectionFunction<? super WebSocketConnection, ? extends R, X> work;
    private @Nullable Throwable first;

    public OnceMore(
            ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool,
            WebSocketEndpoint endpoint,
            ConnectionFunction<? super WebSocketConnection, ? extends R, X> work) {
        this.pool = pool;
        this.endpoint = endpoint;
        this.work = work;
    }

    public R run(Duration timeout) throws X {
        long nanos = Nanos.ofTimeout(timeout);
        long began = System.nanoTime();
        try {
            return pool.<R, X>use(endpoint, timeout, this::attempt);
        } catch (Throwable t) {
            if (t != first) {
                throw t;
            }
        }
        long left = Nanos.isOff(nanos) ? nanos : Math.max(0, nanos - (System.nanoTime() - began));
        try {
            return again(Nanos.toDuration(left));
        } catch (Throwable t) {
            if (t != first && first != null) {
                t.addSuppressed(first);
            }
            throw t;
        }
    }

    private R attempt(WebSocketConnection connection) throws X {
        try {
            return work.apply(connection);
        } catch (Throwable t) {
            if (isClosed(t) && connection instanceof ConnectionView view && view.hasEndedUnheard()) {
                first = t;
            }
            throw t;
        }
    }

    private R again(Duration timeout) throws X {
        Lease<WebSocketEndpoint, WebSocketConnection> lease = pool.newConnection(endpoint, timeout);
        R result;
        try {
            result = work.apply(lease.connection());
        } catch (Throwable t) {
            lease.invalidate(t);
            throw t;
        }
        lease.release();
        return result;
    }

    /** The end of the connection may be wrapped by the work's own exceptions. */
    private static boolean isClosed(Throwable failure) {
        return CauseChain.causes(failure).stream().anyMatch(WebSocketClosedException.class::isInstance);
    }
}
