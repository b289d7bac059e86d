package io.genericpool.examples.server;

import io.genericpool.websocket.WebSocketEndpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket server on a free port of the loopback address. It answers each text with {@code path|text}, so that a reply
 * shows which endpoint it came from, and cuts connections without a word when told to.
 */
public final class EchoServer implements AutoCloseable {
    private static final long NEVER = Long.MAX_VALUE;

    private final Server server;
    private final ServerConnector connector;
    private final Set<Peer> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicLong received = new AtomicLong();
    private final Map<String, AtomicInteger> cuts = new ConcurrentHashMap<>();
    private volatile long messagesPerCut = NEVER;

    private EchoServer() {
        var threads = new QueuedThreadPool(16, 4);
        threads.setName("echo-server");
        server = new Server(threads);
        connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(1024);
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.setIdleTimeout(Duration.ZERO);
            container.addMapping("/*", (request, response, callback) -> new Peer(Request.getPathInContext(request)));
        }));
    }

    public static EchoServer start() throws Exception {
        var started = new EchoServer();
        started.server.start();
        return started;
    }

    public WebSocketEndpoint endpoint(String path) {
        return WebSocketEndpoint.of("ws://127.0.0.1:" + connector.getLocalPort() + path);
    }

    /** From now on, each time this many messages have come in, cuts the connection of the last one and one other. */
    public void cutEvery(int messages) {
        received.set(0);
        messagesPerCut = messages;
    }

    public void cutNoMore() {
        messagesPerCut = NEVER;
    }

    /** Connections of a path that were cut so far. */
    public int cuts(String path) {
        return cuts.getOrDefault(path, new AtomicInteger()).get();
    }

    /** The most connections that were open at once since the last call. */
    public int takeMostOpen() {
        return most.getAndSet(open.size());
    }

    private void cutAnyOther(Peer than) {
        var others = new ArrayList<Peer>();
        for (Peer peer : open) {
            if (peer != than && peer.hasAnswered) {
                others.add(peer);
            }
        }
        if (!others.isEmpty()) {
            others.get(ThreadLocalRandom.current().nextInt(others.size())).cut();
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server did not stop", e);
        }
    }

    /** One connection; public because Jetty looks its methods up. */
    public final class Peer extends Session.Listener.AbstractAutoDemanding {
        private final String path;
        private volatile @Nullable Session session;
        private volatile boolean hasAnswered;

        private Peer(String path) {
            this.path = path;
        }

        @Override
        public void onWebSocketOpen(Session opened) {
            super.onWebSocketOpen(opened);
            session = opened;
            open.add(this);
            most.accumulateAndGet(open.size(), Math::max);
        }

        @Override
        public void onWebSocketText(String text) {
            if (received.incrementAndGet() % messagesPerCut == 0) {
                cut();
                cutAnyOther(this);
                return;
            }
            Session answering = session;
            if (answering != null) {
                answering.sendText(path + "|" + text, Callback.NOOP);
                hasAnswered = true;
            }
        }

        @Override
        public void onWebSocketClose(int code, String reason, Callback callback) {
            open.remove(this);
            callback.succeed();
        }

        @Override
        public void onWebSocketError(Throwable cause) {
            open.remove(this);
        }

        /** Ends the TCP connection; the client is sent no close frame. */
        private void cut() {
            Session victim = session;
            if (victim != null && open.remove(this)) {
                cuts.computeIfAbsent(path, any -> new AtomicInteger()).incrementAndGet();
                victim.disconnect();
            }
        }
    }
}
