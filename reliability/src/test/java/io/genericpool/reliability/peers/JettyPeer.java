package io.genericpool.reliability.peers;

import io.genericpool.reliability.peers.EchoApplication.Refusal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/** A server made of Jetty. */
public final class JettyPeer extends PeerServer {
    private Server server;
    private ServerConnector connector;
    private int port;

    JettyPeer(boolean deflate, @Nullable SSLContext tls) {
        super(deflate, tls);
    }

    @Override
    void start(int onPort) throws Exception {
        var threads = new QueuedThreadPool(16, 2);
        threads.setDaemon(true);
        server = new Server(threads);
        connector = tls == null ? new ServerConnector(server, 1, 1) : secure(server, tls);
        connector.setHost(HOST);
        connector.setPort(onPort);
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(server, this::configure));
        server.start();
        port = connector.getLocalPort();
    }

    private static ServerConnector secure(Server server, SSLContext tls) {
        var factory = new SslContextFactory.Server();
        factory.setSslContext(tls);
        return new ServerConnector(
                server, 1, 1, AbstractConnectionFactory.getFactories(factory, new HttpConnectionFactory()));
    }

    private void configure(ServerWebSocketContainer container) {
        container.setIdleTimeout(Duration.ZERO);
        container.setMaxTextMessageSize(EchoApplication.MAX_MESSAGE_SIZE);
        container.setMaxBinaryMessageSize(EchoApplication.MAX_MESSAGE_SIZE);
        container.setMaxFrameSize(EchoApplication.MAX_MESSAGE_SIZE);
        container.addMapping("/*", this::upgrade);
    }

    private @Nullable Socket upgrade(
            ServerUpgradeRequest request, ServerUpgradeResponse response, org.eclipse.jetty.util.Callback callback) {
        String path = Request.getPathInContext(request);
        Optional<Refusal> refusal = EchoApplication.refusal(path);
        if (refusal.isPresent()) {
            response.setStatus(refusal.get().status());
            refusal.get().headers().forEach((name, value) -> response.getHeaders()
                    .put(name, value));
            response.write(true, BufferUtil.EMPTY_BUFFER, callback);
            return null;
        }
        response.getHeaders().put(EchoApplication.HEADER, EchoApplication.HEADER_VALUE);
        if (!deflate) {
            response.setExtensions(List.of());
        }
        String subprotocol = EchoApplication.subprotocol(request.getSubProtocols());
        if (subprotocol != null) {
            response.setAcceptedSubProtocol(subprotocol);
        }
        return new Socket(path);
    }

    @Override
    int port() {
        return port;
    }

    @Override
    void cutAll() {
        connector.getConnectedEndPoints().forEach(EndPoint::close);
    }

    @Override
    void kill() throws Exception {
        connector.close();
        cutAll();
        server.stop();
    }

    /** Public because Jetty finds its methods by a public lookup. */
    public final class Socket extends Session.Listener.AbstractAutoDemanding implements PeerSocket {
        private final String path;
        private volatile Session session;

        private Socket(String path) {
            this.path = path;
        }

        @Override
        public void onWebSocketOpen(Session opening) {
            super.onWebSocketOpen(opening);
            session = opening;
            application.opened(this);
        }

        @Override
        public void onWebSocketText(String text) {
            application.received(this, text);
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            application.received(
                    this, ByteBuffer.allocate(payload.remaining()).put(payload).flip());
            callback.succeed();
        }

        @Override
        public void onWebSocketError(Throwable cause) {
            application.closed(this, 1006, "");
        }

        @Override
        public void onWebSocketClose(int code, String reason, Callback callback) {
            application.closed(this, code, reason);
            callback.succeed();
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public @Nullable String header(String name) {
            return session.getUpgradeRequest().getHeader(name);
        }

        @Override
        public void send(String text) {
            session.sendText(text, Callback.NOOP);
        }

        @Override
        public void send(ByteBuffer bytes) {
            session.sendBinary(bytes, Callback.NOOP);
        }

        @Override
        public void close(int code, String reason) {
            session.close(code, reason, Callback.NOOP);
        }
    }
}
