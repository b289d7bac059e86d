package io.genericpool.tcp;

import io.genericpool.spi.LeaseScope;
import java.io.IOException;

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
public class AsyncSocketConnectionManager<E> extends SocketManagerBase<E, AsyncSocketConnection> {
    private AsyncSocketConnectionManager(SocketManagerBuilder<E, ?> builder) {
        super(builder.nonBlockingDialer(), builder);
    }

    static <E> AsyncSocketConnectionManager<E> of(SocketManagerBuilder<E, ?> builder) {
        return builder.needsHooks() ? new WithHooks<>(builder) : new AsyncSocketConnectionManager<>(builder);
    }

    @Override
    final AsyncFace faceOf(AsyncSocketConnection connection) {
        return (AsyncFace) connection;
    }

    /** For the settings that need hooks, which the others shall not pay for. */
    private static final class WithHooks<E> extends AsyncSocketConnectionManager<E> {
        WithHooks(SocketManagerBuilder<E, ?> builder) {
            super(builder);
        }

        @Override
        public AsyncSocketConnection lend(E endpoint, AsyncSocketConnection connection, LeaseScope scope) {
            return lendFace(connection, scope);
        }

        @Override
        public void onRelease(E endpoint, AsyncSocketConnection connection) throws IOException {
            checkClean(connection);
        }
    }
}
