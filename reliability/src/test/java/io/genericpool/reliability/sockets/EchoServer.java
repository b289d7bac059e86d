package io.genericpool.reliability.sockets;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/** A WebSocket server on a free loopback port that answers each text with itself and counts its open sockets. */
public final class EchoServer implements AutoCloseable {
    /** Held here, since a logger's level is lost with the logger. */
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    static {
        JETTY.setLevel(Level.WARNING);
    }

    private final Server server;
    private final ServerConnector connector;
    private final AtomicInteger open = new AtomicInteger();

    private EchoServer(@Nullable SSLContext tls) {
        var threads = new QueuedThreadPool(64, 4);
        threads.setDaemon(true);
        threads.setIdleTimeout(100); // ms; the storm looks for threads that are left over
        server = new Server(threads);
        connector = tls == null ? new ServerConnector(server, 1, 1) : secure(server, tls);
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(1_024);
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.setIdleTimeout(Duration.ofSeconds(20));
            container.addMapping("/*", (request, response, callback) -> new Peer());
        }));
    }

    private static ServerConnector secure(Server server, SSLContext tls) {
        var factory = new SslContextFactory.Server();
        factory.setSslContext(tls);
        return new ServerConnector(
                server, 1, 1, AbstractConnectionFactory.getFactories(factory, new HttpConnectionFactory()));
    }

    static EchoServer start(@Nullable SSLContext tls) throws Exception {
        var started = new EchoServer(tls);
        started.server.start();
        return started;
    }

    int port() {
        return connector.getLocalPort();
    }

    int open() {
        return open.get();
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    /** One socket; public because Jetty finds its methods by a public lookup. */
    public final class Peer extends Session.Listener.AbstractAutoDemanding {
        private final AtomicInteger ends = new AtomicInteger();

        private Peer() {}

        @Override
        public void onWebSocketOpen(Session session) {
            super.onWebSocketOpen(session);
            open.incrementAndGet();
        }

        @Override
        public void onWebSocketText(String text) {
            getSession().sendText(text, Callback.NOOP);
        }

        @Override
        public void onWebSocketClose(int code, String reason, Callback callback) {
            ended();
            callback.succeed();
        }

        @Override
        public void onWebSocketError(Throwable cause) {
            ended();
        }

        private void ended() {
            if (ends.getAndIncrement() == 0 && getSession() != null) {
                open.decrementAndGet();
            }
        }
    }
}
