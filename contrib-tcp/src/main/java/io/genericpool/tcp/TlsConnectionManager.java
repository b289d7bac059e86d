package io.genericpool.tcp;

import io.genericpool.spi.LeaseScope;
import java.io.IOException;

/**
 * TLS over TCP. The server's certificate must be trusted and, unless switched off, be one for the endpoint's host. An
 * endpoint is a {@link TcpEndpoint}. Connections to the same endpoint resume
 * each other's sessions. Thread-safe; see {@link SocketConnectionManager} for how it connects, checks and disposes.
 */
public class TlsConnectionManager extends SocketConnectionManager<TcpEndpoint> {
    private TlsConnectionManager(TlsConnectionManagerBuilder builder) {
        super(builder);
    }

    /**
     * Begins to configure a manager.
     *
     * @return a builder with the defaults
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
            return lendFace(connection, scope);
        }

        @Override
        public void onRelease(TcpEndpoint endpoint, SocketConnection connection) throws IOException {
            checkClean(connection);
        }
    }
}
