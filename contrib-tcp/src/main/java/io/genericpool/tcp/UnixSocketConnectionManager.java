package io.genericpool.tcp;

import io.genericpool.spi.LeaseScope;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Unix-domain stream sockets. An endpoint is the path of the server's socket, best an absolute one: a pool takes two paths
 * to the same file for two endpoints. Thread-safe; see {@link SocketConnectionManager} for how it connects, checks and
 * disposes.
 *
 * <p>A connection takes three descriptors once a read had to wait, and five once a write had, as the JDK offers selectors
 * only for waits with a timeout.
 */
public class UnixSocketConnectionManager extends SocketConnectionManager<Path> {
    private UnixSocketConnectionManager(UnixSocketConnectionManagerBuilder builder) {
        super(builder);
    }

    /**
     * Begins to configure a manager.
     *
     * @return a builder with the defaults
     */
    public static UnixSocketConnectionManagerBuilder builder() {
        return new UnixSocketConnectionManagerBuilder();
    }

    static UnixSocketConnectionManager of(UnixSocketConnectionManagerBuilder builder) {
        return builder.needsHooks() ? new WithHooks(builder) : new UnixSocketConnectionManager(builder);
    }

    /** For the settings that need hooks, which the others shall not pay for. */
    private static final class WithHooks extends UnixSocketConnectionManager {
        WithHooks(UnixSocketConnectionManagerBuilder builder) {
            super(builder);
        }

        @Override
        public SocketConnection lend(Path endpoint, SocketConnection connection, LeaseScope scope) {
            return lendFace(connection, scope);
        }

        @Override
        public void onRelease(Path endpoint, SocketConnection connection) throws IOException {
            checkClean(connection);
        }
    }
}
