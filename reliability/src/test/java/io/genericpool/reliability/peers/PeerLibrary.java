package io.genericpool.reliability.peers;

import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The libraries that servers of the matrix are made of. */
enum PeerLibrary {
    JETTY("Jetty", JettyPeer::new),
    UNDERTOW("Undertow", UndertowPeer::new),
    TOMCAT("Tomcat", TomcatPeer::new),
    NETTY("Netty", NettyPeer::new),
    JAVA_WEBSOCKET("Java-WebSocket", JavaWebSocketPeer::new);

    /** A server that dies on purpose has much to say. Loggers are weakly held by their manager, so they are held here. */
    private static final List<Logger> LOGGERS = Stream.of(
                    "org.eclipse.jetty",
                    "io.undertow",
                    "org.xnio",
                    "org.jboss",
                    "org.apache",
                    "io.netty",
                    "org.java_websocket")
            .map(Logger::getLogger)
            .toList();

    static {
        Level level = Level.parse(System.getProperty("peers.log", "OFF"));
        LOGGERS.forEach(logger -> logger.setLevel(level));
    }

    private interface Factory {
        PeerServer create(boolean deflate, @Nullable SSLContext tls);
    }

    private final String title;
    private final Factory factory;

    PeerLibrary(String title, Factory factory) {
        this.title = title;
        this.factory = factory;
    }

    /** Those named by {@code -Dpeers}, such as {@code netty,jetty}; all unless set. */
    static Stream<PeerLibrary> chosen() {
        String names = System.getProperty("peers", "").toUpperCase(Locale.ROOT).replace('-', '_');
        return names.isEmpty()
                ? Stream.of(values())
                : Stream.of(names.split(",")).map(PeerLibrary::valueOf);
    }

    /** A server that has not started. */
    PeerServer create(boolean deflate, @Nullable SSLContext tls) {
        return factory.create(deflate, tls);
    }

    @Override
    public String toString() {
        return title;
    }
}
