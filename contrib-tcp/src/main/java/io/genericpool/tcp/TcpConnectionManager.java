package io.genericpool.tcp;

/**
 * A manager of plain TCP connections to {@link TcpEndpoint}s. Thread-safe. {@link SocketConnectionManager} describes
 * how it connects, checks and disposes.
 */
public class TcpConnectionManager extends SocketConnectionManager<TcpEndpoint> {
    private TcpConnectionManager(TcpConnectionManagerBuilder builder) {
        super(builder);
    }

    /**
     * Returns a new builder.
     *
     * @return a builder with default values
     */
    public static TcpConnectionManagerBuilder builder() {
        return new TcpConnectionManagerBuilder();
    }

    static TcpConnectionManager of(TcpConnectionManagerBuilder builder) {
        return builder.needsHooks() ? new Hooked(builder) : new TcpConnectionManager(builder);
    }

    private static final class Hooked extends TcpConnectionManager
            implements LeaseHooks<TcpEndpoint, SocketConnection> {
        Hooked(TcpConnectionManagerBuilder builder) {
            super(builder);
        }

        @Override
        public SocketManagerBase<TcpEndpoint, SocketConnection> manager() {
            return this;
        }
    }
}
