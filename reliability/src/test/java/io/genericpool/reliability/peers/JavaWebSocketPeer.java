package io.genericpool.reliability.peers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.java_websocket.WebSocket;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.extensions.IExtension;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshakeBuilder;
import org.java_websocket.protocols.IProtocol;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.java_websocket.server.DefaultWebSocketServerFactory;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/** A server made of Java-WebSocket. */
final class JavaWebSocketPeer extends PeerServer {
    private static final int STOP_MILLIS = 10_000;
    private static final int NUDGE_MILLIS = 20;

    private final Set<SocketChannel> channels = ConcurrentHashMap.newKeySet();
    private Server server;
    private ScheduledExecutorService nudges;
    private int port;

    JavaWebSocketPeer(boolean deflate, @Nullable SSLContext tls) {
        super(deflate, tls);
    }

    @Override
    void start(int onPort) throws Exception {
        List<IExtension> extensions = deflate ? List.of(new PerMessageDeflateExtension()) : List.of();
        List<IProtocol> protocols = Stream.concat(EchoApplication.SUBPROTOCOLS.stream(), Stream.of(""))
                .<IProtocol>map(Protocol::new)
                .toList();
        server = new Server(
                new InetSocketAddress(HOST, onPort),
                new Draft_6455(extensions, protocols, EchoApplication.MAX_MESSAGE_SIZE));
        server.setReuseAddr(true);
        server.setTcpNoDelay(true);
        server.setDaemon(true);
        server.setConnectionLostTimeout(0);
        server.setWebSocketFactory(tls == null ? new Plain() : new Secure(tls));
        server.start();
        server.started.get(30, TimeUnit.SECONDS);
        port = server.getPort();
        nudges = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "java-websocket-nudges");
            thread.setDaemon(true);
            return thread;
        });
        nudges.scheduleWithFixedDelay(server::nudge, NUDGE_MILLIS, NUDGE_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    int port() {
        return port;
    }

    @Override
    void cutAll() {
        server.getConnections().forEach(connection -> connection.closeConnection(CloseFrame.ABNORMAL_CLOSE, ""));
    }

    @Override
    void kill() throws Exception {
        nudges.shutdown();
        server.accepting = false;
        cutAll();
        server.stop(STOP_MILLIS);
        // The library leaves those open that were not upgraded yet, and those whose closing handshake has not ended.
        cutAll();
        for (SocketChannel channel : channels) {
            channel.close();
        }
        channels.clear();
    }

    /** The library answers each refusal with 404. */
    @Override
    boolean choosesRefusal() {
        return false;
    }

    private final class Plain extends DefaultWebSocketServerFactory {
        @Override
        public SocketChannel wrapChannel(SocketChannel channel, SelectionKey key) {
            channels.add(channel);
            return super.wrapChannel(channel, key);
        }
    }

    private final class Secure extends DefaultSSLWebSocketServerFactory {
        private Secure(SSLContext tls) {
            super(tls);
        }

        @Override
        public ByteChannel wrapChannel(SocketChannel channel, SelectionKey key) throws IOException {
            channels.add(channel);
            return super.wrapChannel(channel, key);
        }
    }

    private final class Server extends WebSocketServer {
        private final CompletableFuture<@Nullable Void> started = new CompletableFuture<>();

        private volatile boolean accepting = true;

        private Server(InetSocketAddress address, Draft draft) {
            super(address, 2, List.of(draft));
        }

        /**
         * Asks again for the writing of what waits to be written. Release 1.6.0 forgets a message that is sent while its
         * selector ends the write of the one before: it stays in the queue until the next is sent.
         */
        void nudge() {
            for (WebSocket connection : getConnections()) {
                if (connection.hasBufferedData()) {
                    onWriteDemand(connection);
                }
            }
        }

        @Override
        protected boolean onConnect(SelectionKey key) {
            return accepting;
        }

        @Override
        public ServerHandshakeBuilder onWebsocketHandshakeReceivedAsServer(
                WebSocket connection, Draft draft, ClientHandshake request) throws InvalidDataException {
            if (EchoApplication.refusal(request.getResourceDescriptor()).isPresent()) {
                throw new InvalidDataException(CloseFrame.POLICY_VALIDATION, "refused");
            }
            ServerHandshakeBuilder answer = super.onWebsocketHandshakeReceivedAsServer(connection, draft, request);
            answer.put(EchoApplication.HEADER, EchoApplication.HEADER_VALUE);
            return answer;
        }

        @Override
        public void onStart() {
            started.complete(null);
        }

        @Override
        public void onOpen(WebSocket connection, ClientHandshake request) {
            var socket = new Socket(connection, request);
            // The library closes under this lock, on another thread, maybe before this one comes here.
            synchronized (connection) {
                connection.setAttachment(socket);
                application.opened(socket);
                if (!connection.isOpen()) {
                    application.closed(socket, CloseFrame.ABNORMAL_CLOSE, "");
                }
            }
        }

        @Override
        public void onMessage(WebSocket connection, String text) {
            application.received(connection.<Socket>getAttachment(), text);
        }

        @Override
        public void onMessage(WebSocket connection, ByteBuffer bytes) {
            application.received(connection.<Socket>getAttachment(), bytes);
        }

        @Override
        public void onClose(WebSocket connection, int code, String reason, boolean remote) {
            Socket socket = connection.getAttachment();
            if (socket != null) {
                application.closed(socket, code, reason);
            }
        }

        @Override
        public void onError(@Nullable WebSocket connection, Exception cause) {
            if (connection == null) {
                started.completeExceptionally(cause);
            }
        }
    }

    private static final class Socket implements PeerSocket {
        private final WebSocket connection;
        private final ClientHandshake request;

        private Socket(WebSocket connection, ClientHandshake request) {
            this.connection = connection;
            this.request = request;
        }

        @Override
        public String path() {
            return request.getResourceDescriptor();
        }

        @Override
        public @Nullable String header(String name) {
            return request.hasFieldValue(name) ? request.getFieldValue(name) : null;
        }

        @Override
        public void send(String text) {
            connection.send(text);
        }

        @Override
        public void send(ByteBuffer bytes) {
            connection.send(bytes);
        }

        /** The library closes the channel of a connection that was reset, but does not always report the end. */
        @Override
        public boolean isConnected() {
            return ((WebSocketImpl) connection).getChannel().isOpen();
        }

        @Override
        public void close(int code, String reason) {
            connection.close(code, reason);
        }
    }
}
