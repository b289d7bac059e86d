package io.genericpool.tcp;

import io.genericpool.DisposeReason;
import io.genericpool.spi.AsyncConnectionManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The kinds of sockets, for tests that hold for all of them. */
public enum Kind {
    TCP,
    TLS,
    UNIX;

    static final Certificates CERTIFICATES = new Certificates();
    static final Duration SOON = Duration.ofSeconds(20);

    /** Throws anything, unchecked. */
    @SuppressWarnings("unchecked")
    public static <T extends Throwable> void throwIt(Throwable failure) throws T {
        throw (T) failure;
    }

    /** A server of this kind, and clients of it. */
    World world(Peer.Behaviour behaviour) throws Exception {
        return world(behaviour, builder -> {});
    }

    World world(Peer.Behaviour behaviour, Consumer<SocketManagerBuilder<?, ?>> settings) throws Exception {
        return new World(this, behaviour, settings);
    }

    static final class World implements AutoCloseable {
        final Peer server;
        private final Kind kind;
        private final SocketManagerBuilder<?, ?> builder;
        private final Object endpoint;
        private final Path file;
        private final List<AutoCloseable> opened = new ArrayList<>();

        private World(Kind kind, Peer.Behaviour behaviour, Consumer<SocketManagerBuilder<?, ?>> settings)
                throws Exception {
            this.kind = kind;
            file = Path.of(Files.createTempDirectory("tcp").toString(), "server");
            switch (kind) {
                case TCP -> {
                    server = Peer.tcp(behaviour);
                    builder = TcpConnectionManager.builder();
                }
                case TLS -> {
                    server = Peer.tls(CERTIFICATES.server(), behaviour);
                    builder = TlsConnectionManager.builder().sslContext(CERTIFICATES.client());
                }
                case UNIX -> {
                    server = Peer.unix(file, behaviour);
                    builder = UnixSocketConnectionManager.builder();
                }
                default -> throw new AssertionError();
            }
            endpoint = kind == UNIX ? file : server.endpoint();
            settings.accept(builder);
        }

        @SuppressWarnings("unchecked")
        <E> E endpoint() {
            return (E) endpoint;
        }

        @SuppressWarnings("unchecked")
        <E> SocketConnectionManager<E> manager() {
            return (SocketConnectionManager<E>) builder.build();
        }

        @SuppressWarnings("unchecked")
        <E> AsyncSocketConnectionManager<E> asyncManager() {
            return (AsyncSocketConnectionManager<E>) builder.buildAsync();
        }

        SocketConnection connect() throws Exception {
            return connect(manager());
        }

        AsyncSocketConnection connectAsync() throws Exception {
            return connect(asyncManager());
        }

        private <E, C> C connect(AsyncConnectionManager<E, C> manager) throws Exception {
            E where = endpoint();
            C connection = manager.create(where, SOON);
            opened.add(() -> manager.dispose(where, connection, DisposeReason.CLOSED, SOON));
            return connection;
        }

        /** An endpoint at which nobody listens. */
        Object unreachable() {
            return kind == UNIX ? file.resolveSibling("nobody") : Refused.endpoint();
        }

        /** An endpoint to which connects hang, of TLS in the handshake; another one at each call. */
        Object silent() throws IOException {
            switch (kind) {
                case TCP -> {
                    var silent = new Refused.FullBacklog();
                    opened.add(silent);
                    return silent.endpoint();
                }
                case TLS -> {
                    Peer silent = Peer.tcp(Peer::hold);
                    opened.add(silent);
                    return silent.endpoint();
                }
                case UNIX -> {
                    var silent = new FullUnixBacklog(file.resolveSibling("silent" + opened.size()));
                    opened.add(silent);
                    return silent.path();
                }
                default -> throw new AssertionError();
            }
        }

        /** The server's end of the connection that was made last. */
        Peer.End end() {
            return server.end(0);
        }

        @Override
        public void close() throws Exception {
            for (AutoCloseable each : opened) {
                each.close();
            }
            server.close();
            Files.deleteIfExists(file);
            Files.delete(file.getParent());
        }
    }
}
