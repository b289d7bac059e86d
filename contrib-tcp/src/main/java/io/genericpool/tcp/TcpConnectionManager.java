package io.genericpool.tcp;

import io.genericpool.spi.LeaseScope;
import java.io.IOException;

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
        return builder.needsHooks() ? new WithHooks(builder) : new TcpConnectionManager(builder);
    }

    /** For the settings that need hooks, which the others shall not pay for. */
    private static final class WithHooks extends TcpConnectionManager {
        WithHooks(TcpConnectionManagerBuilder builder) {
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
