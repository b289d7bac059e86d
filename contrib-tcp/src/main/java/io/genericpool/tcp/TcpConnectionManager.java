package io.genericpool.tcp;

import io.genericpool.spi.LeaseScope;
import java.io.IOException;

/**
 * Plain TCP. An endpoint is a {@link TcpEndpoint}. Thread-safe; see
 * {@link SocketConnectionManager} for how it connects, checks and disposes.
 */
public class TcpConnectionManager extends SocketConnectionManager<TcpEndpoint> {
    private TcpConnectionManager(TcpConnectionManagerBuilder builder) {
        super(builder);
    }

    /**
     * Begins to configure a manager.
     *
     * @return a builder with the defaults
     */
    public static TcpConnectionManagerBuilder builder() {
        return new TcpConnectionManagerBuilder();
    }

    static TcpConnectionManager of(TcpConnectionManagerBuilder builder) {
        return builder.needsHooks() ? new WithHooks(builder) : new TcpConnectionManager(builder);
    }

    /** For the settings that need hooks, which the others shall not pay for. */
    private static final class WithHooks extends TcpConnectionManager {
        WithHooks(TcpConnectionManagerBuilder builder) {
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
