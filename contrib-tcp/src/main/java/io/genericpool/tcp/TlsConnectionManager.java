package io.genericpool.tcp;

import io.genericpool.spi.LeaseScope;
import java.io.IOException;

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
        return builder.needsHooks() ? new WithHooks(builder) : new TlsConnectionManager(builder);
    }

    /** For the settings that need hooks, which the others shall not pay for. */
    private static final class WithHooks extends TlsConnectionManager {
        WithHooks(TlsConnectionManagerBuilder builder) {
            super(builder);
        }

        @Override
        public SocketConnection lend(TcpEndpoint endpoint, SocketConnection connection, LeaseScope scope) {
            return lendView(connection, scope);
        }

        @Override
        public void onRelease(TcpEndpoint endpoint, SocketConnection connection) throws IOException {
            checkClean(connection);
        }
    }
}
