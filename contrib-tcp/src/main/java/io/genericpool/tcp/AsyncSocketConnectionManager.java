package io.genericpool.tcp;

import io.genericpool.DisposeReason;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A manager of connections whose reads and writes hold no thread either. Made by {@code buildAsync} of the builders of
 * {@link TcpConnectionManager}, {@link TlsConnectionManager} and {@link UnixSocketConnectionManager}. Immutable, for any
 * number of pools, and with nothing to close: one thread waits for all of its sockets, and ends a second after the last.
 *
 * <p>What is said at {@link SocketConnectionManager} of connecting, aliveness and disposal holds here too; besides, an idle
 * connection whose peer closes or resets it leaves the pool at once.
 *
 * @param <E> the type of endpoints
 */
public class AsyncSocketConnectionManager<E> implements AsyncConnectionManager<E, AsyncSocketConnection> {
    private final NonBlockingDialer<E> dialer;
    private final UnreadData unreadData;

    private AsyncSocketConnectionManager(SocketManagerBuilder<E, ?> builder) {
        this.dialer = builder.nonBlockingDialer();
        this.unreadData = builder.unreadData;
    }

    static <E> AsyncSocketConnectionManager<E> of(SocketManagerBuilder<E, ?> builder) {
        return builder.needsHooks() ? new WithHooks<>(builder) : new AsyncSocketConnectionManager<>(builder);
    }

    @Override
    public final CompletionStage<AsyncSocketConnection> createAsync(E endpoint, Duration timeout) {
        Objects.requireNonNull(endpoint, "endpoint");
        return dialer.dial(endpoint, Nanos.of(timeout));
    }

    @Override
    public final boolean isAlivenessCheckInstant() {
        return true;
    }

    @Override
    public final boolean checkAliveness(E endpoint, AsyncSocketConnection connection, Duration timeout) {
        NonBlockingConnection checked = connectionOf(connection);
        return checked.isAlive() && (unreadData == UnreadData.KEEP || checked.unread() == 0);
    }

    @Override
    public final CompletionStage<Boolean> checkAlivenessAsync(
            E endpoint, AsyncSocketConnection connection, Duration timeout) {
        return CompletableFuture.completedFuture(checkAliveness(endpoint, connection, timeout));
    }

    @Override
    public final CompletionStage<?> disposeAsync(
            E endpoint, AsyncSocketConnection connection, DisposeReason reason, Duration timeout) {
        connectionOf(connection).dispose(reason);
        return NO_RESET;
    }

    @Override
    public final void bind(E endpoint, AsyncSocketConnection connection, ConnectionSignals signals) {
        connectionOf(connection).mortality.bind(signals);
    }

    private static NonBlockingConnection connectionOf(AsyncSocketConnection connection) {
        return ((AsyncFace) connection).connection;
    }

    /** For the settings that need hooks, which the others shall not pay for. */
    private static final class WithHooks<E> extends AsyncSocketConnectionManager<E> {
        private final UnreadData unreadData;
        private final boolean leaseViews;

        WithHooks(SocketManagerBuilder<E, ?> builder) {
            super(builder);
            this.unreadData = builder.unreadData;
            this.leaseViews = builder.leaseViews;
        }

        @Override
        public AsyncSocketConnection lend(E endpoint, AsyncSocketConnection connection, LeaseScope scope) {
            return leaseViews ? ((AsyncFace) connection).forLease(scope) : connection;
        }

        @Override
        public void onRelease(E endpoint, AsyncSocketConnection connection) throws IOException {
            if (unreadData == UnreadData.DISCARD) {
                NonBlockingConnection released = connectionOf(connection);
                if (released.isAlive() && released.unread() > 0) {
                    throw new UncleanReleaseException(released.unread());
                }
            }
        }
    }
}
