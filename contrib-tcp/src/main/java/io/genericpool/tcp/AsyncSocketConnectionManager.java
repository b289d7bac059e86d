package io.genericpool.tcp;

/**
 * A manager of connections whose reads and writes block no thread. The method {@code buildAsync} of the builders of
 * {@link TcpConnectionManager}, {@link TlsConnectionManager} and {@link UnixSocketConnectionManager} creates it.
 * Immutable. Any number of pools may share it, and it need not be closed. One thread serves all of its sockets, and
 * ends one second after the last socket.
 *
 * <p>It connects, checks and disposes as {@link SocketConnectionManager} does. In addition, an idle connection leaves
 * the pool at once when its peer closes or resets it.
 *
 * @param <E> the type of endpoints
 */
public class AsyncSocketConnectionManager<E> extends SocketManagerBase<E, AsyncSocketConnection> {
    private AsyncSocketConnectionManager(SocketManagerBuilder<E, ?> builder) {
        super(builder.nonBlockingDialer(), builder);
    }

    static <E> AsyncSocketConnectionManager<E> of(SocketManagerBuilder<E, ?> builder) {
        return builder.needsHooks() ? new Hooked<>(builder) : new AsyncSocketConnectionManager<>(builder);
    }

    @Override
    final AsyncSocketConnectionView viewOf(AsyncSocketConnection connection) {
        return (AsyncSocketConnectionView) connection;
    }

    private static final class Hooked<E> extends AsyncSocketConnectionManager<E>
            implements LeaseHooks<E, AsyncSocketConnection> {
        Hooked(SocketManagerBuilder<E, ?> builder) {
            super(builder);
        }

        @Override
        public SocketManagerBase<E, AsyncSocketConnection> manager() {
            return this;
        }
    }
}
