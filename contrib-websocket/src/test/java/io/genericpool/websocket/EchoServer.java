package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/**
 * An independent peer: a Jetty server on a free loopback port that answers every text with {@code path|text} and every
 * binary message with itself, counts its sockets, and pushes, closes or kills them on demand.
 *
 * <p>A text that begins with {@code !silent} gets no answer.
 */
public final class EchoServer implements AutoCloseable {
    /** What the text in an answer is separated from the path by. */
    static final String SEPARATOR = "|";

    private final Server server;
    private final ServerConnector connector;
    private final String scheme;
    private final Set<Peer> peers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final List<Integer> closeCodes = new ArrayList<>();
    private volatile UpgradeHook upgradeHook = (request, response) -> {};

    /** Looks at an upgrade request and may change the answer. */
    interface UpgradeHook {
        void upgrading(ServerUpgradeRequest request, ServerUpgradeResponse response);
    }

    private EchoServer(@Nullable SSLContext tls) {
        var threads = new QueuedThreadPool(32, 4);
        threads.setDaemon(true);
        server = new Server(threads);
        connector = tls == null ? new ServerConnector(server, 1, 1) : secure(server, tls);
        scheme = tls == null ? "ws://127.0.0.1:" : "wss://localhost:";
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(1024);
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.setIdleTimeout(Duration.ZERO);
            container.setMaxTextMessageSize(64L * 1024 * 1024);
            container.setMaxBinaryMessageSize(64L * 1024 * 1024);
            container.setMaxFrameSize(64L * 1024 * 1024);
            container.addMapping("/*", (request, response, callback) -> {
                upgradeHook.upgrading(request, response);
                return new Peer(Request.getPathInContext(request));
            });
        }));
    }

    private static ServerConnector secure(Server server, SSLContext tls) {
        var factory = new SslContextFactory.Server();
        factory.setSslContext(tls);
        return new ServerConnector(
                server, 1, 1, AbstractConnectionFactory.getFactories(factory, new HttpConnectionFactory()));
    }

    static EchoServer start() throws Exception {
        return start(null);
    }

    /** A server that speaks TLS; its endpoints are those of localhost. */
    static EchoServer start(@Nullable SSLContext tls) throws Exception {
        var started = new EchoServer(tls);
        started.server.start();
        return started;
    }

    void onUpgrade(UpgradeHook hook) {
        upgradeHook = hook;
    }

    WebSocketEndpoint endpoint(String path) {
        return WebSocketEndpoint.of(scheme + connector.getLocalPort() + path);
    }

    /** Sockets that are open at the moment. */
    int open() {
        return peers.size();
    }

    int open(String path) {
        return (int) peers.stream().filter(peer -> peer.path.equals(path)).count();
    }

    /** Sockets ever opened. */
    int opened() {
        return opened.get();
    }

    /** A client may know of its socket before its server does. */
    void awaitOpened(int count) {
        await().untilAsserted(() -> assertThat(opened()).isEqualTo(count));
    }

    /** As {@link #awaitOpened}. */
    void awaitOpen(int count) {
        await().untilAsserted(() -> assertThat(open()).isEqualTo(count));
    }

    /** The most sockets ever open at once. */
    int most() {
        return most.get();
    }

    /** Sends a text to every socket of a path. */
    void push(String path, String text) {
        forEach(path, session -> session.sendText(text, Callback.NOOP));
    }

    /** Closes every socket of a path with a handshake. */
    void close(String path, int code, String reason) {
        forEach(path, session -> session.close(code, reason, Callback.NOOP));
    }

    /** Cuts every socket of a path: no close, just the end of the stream. */
    void kill(String path) {
        forEach(path, Session::disconnect);
    }

    /** Does something with every socket of a path; a client may know of its socket a moment before the server does. */
    void forEach(String path, Consumer<Session> action) {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> open(path) > 0);
        List.copyOf(peers).stream().filter(peer -> peer.path.equals(path)).forEach(peer -> action.accept(peer.session));
    }

    /** The close codes that clients have sent, or 1006 where there was none, oldest first. */
    List<Integer> closeCodes() {
        synchronized (closeCodes) {
            return List.copyOf(closeCodes);
        }
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    /** One socket; public because Jetty finds its methods by a public lookup. */
    public final class Peer extends Session.Listener.AbstractAutoDemanding {
        private final String path;
        private volatile Session session;

        private Peer(String path) {
            this.path = path;
        }

        @Override
        public void onWebSocketOpen(Session opening) {
            super.onWebSocketOpen(opening);
            session = opening;
            peers.add(this);
            opened.incrementAndGet();
            most.accumulateAndGet(peers.size(), Math::max);
        }

        @Override
        public void onWebSocketText(String text) {
            if (!text.startsWith("!silent")) {
                session.sendText(path + SEPARATOR + text, Callback.NOOP);
            }
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            var copy = ByteBuffer.allocate(payload.remaining()).put(payload).flip();
            session.sendBinary(copy, callback);
        }

        @Override
        public void onWebSocketClose(int code, String reason, Callback callback) {
            ended(code);
            callback.succeed();
        }

        @Override
        public void onWebSocketError(Throwable cause) {
            ended(1006);
        }

        private void ended(int code) {
            synchronized (closeCodes) {
                // The code first: whoever sees the socket gone is to find it.
                if (peers.contains(this)) {
                    closeCodes.add(code);
                    peers.remove(this);
                }
            }
        }
    }
}
