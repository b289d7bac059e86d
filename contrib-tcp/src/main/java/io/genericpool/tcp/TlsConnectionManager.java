package io.genericpool.tcp;

/**
 * A manager of TLS connections over TCP to {@link TcpEndpoint}s. The server's certificate must be trusted. It must also
 * match the endpoint's host, unless that check is disabled. Connections to the same endpoint resume each other's
 * sessions. Thread-safe. {@link SocketConnectionManager} describes how it connects, checks and disposes.
 */
public class TlsConnectionManager extends SocketConnectionManager<TcpEndpoint> {
    private TlsConnectionManager(TlsConnectionManagerBuilder builder) {
        super(builder);
    }

    /**
     * Returns a new builder.
     *
     * @return a builder with default values
     */
    public static TlsConnectionManagerBuilder builder() {
        return new TlsConnectionManagerBuilder();
    }

    static TlsConnectionManager of(TlsConnectionManagerBuilder builder) {
        return builder.needsHooks() ? new Hooked(builder) : new TlsConnectionManager(builder);
    }

    private static final class Hooked extends TlsConnectionManager
            implements LeaseHooks<TcpEndpoint, SocketConnection> {
        Hooked(TlsConnectionManagerBuilder builder) {
            super(builder);
        }

        @Override
        public SocketManagerBase<TcpEndpoint, SocketConnection> manager() {
            return this;
        }
    }
}
