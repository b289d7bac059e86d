package io.genericpool.tcp;

import java.nio.file.Path;

/**
 * A manager of Unix-domain stream sockets. An endpoint is the path of the server's socket. Use absolute paths, because
 * a pool treats two paths to the same file as two endpoints. Thread-safe. {@link SocketConnectionManager} describes how
 * it connects, checks and disposes.
 *
 * <p>A connection uses three descriptors after a read had to wait, and five after a write had to wait. The reason is
 * that the JDK offers waits with a timeout only by selectors.
 */
public class UnixSocketConnectionManager extends SocketConnectionManager<Path> {
    private UnixSocketConnectionManager(UnixSocketConnectionManagerBuilder builder) {
        super(builder);
    }

    /**
     * Returns a new builder.
     *
     * @return a builder with default values
     */
    public static UnixSocketConnectionManagerBuilder builder() {
        return new UnixSocketConnectionManagerBuilder();
    }

    static UnixSocketConnectionManager of(UnixSocketConnectionManagerBuilder builder) {
        return builder.needsHooks() ? new Hooked(builder) : new UnixSocketConnectionManager(builder);
    }

    private static final class Hooked extends UnixSocketConnectionManager
            implements LeaseHooks<Path, SocketConnection> {
        Hooked(UnixSocketConnectionManagerBuilder builder) {
            super(builder);
        }

        @Override
        public SocketManagerBase<Path, SocketConnection> manager() {
            return this;
        }
    }
}
