package io.genericpool.reliability.peers;

import io.genericpool.reliability.peers.EchoApplication.Refusal;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.core.protocol.version13.Hybi13Handshake;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.Pooled;

/** A server made of Undertow. */
final class UndertowPeer extends PeerServer {
    private final Set<WebSocketChannel> channels = ConcurrentHashMap.newKeySet();
    private Undertow server;
    private int port;

    UndertowPeer(boolean deflate, @Nullable SSLContext tls) {
        super(deflate, tls);
    }

    @Override
    void start(int onPort) {
        var upgrades = new WebSocketProtocolHandshakeHandler(
                List.of(new Hybi13Handshake(Set.copyOf(EchoApplication.SUBPROTOCOLS), deflate)), this::connected);
        if (deflate) {
            // By default it fails to send what is still 1 MiB when it is deflated.
            upgrades.addExtension(new PerMessageDeflateHandshake(
                    false, PerMessageDeflateHandshake.DEFAULT_DEFLATER, true, true, EchoApplication.MAX_MESSAGE_SIZE));
        }
        Undertow.Builder builder = Undertow.builder()
                .setIoThreads(2)
                .setWorkerThreads(2)
                .setHandler(exchange -> handle(exchange, upgrades));
        server = (tls == null ? builder.addHttpListener(onPort, HOST) : builder.addHttpsListener(onPort, HOST, tls))
                .build();
        server.start();
        port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    private static void handle(HttpServerExchange exchange, HttpHandler upgrades) throws Exception {
        Optional<Refusal> refusal = EchoApplication.refusal(exchange.getRequestPath());
        if (refusal.isPresent()) {
            exchange.setStatusCode(refusal.get().status());
            refusal.get().headers().forEach((name, value) -> exchange.getResponseHeaders()
                    .put(new HttpString(name), value));
            exchange.endExchange();
            return;
        }
        exchange.getResponseHeaders().put(new HttpString(EchoApplication.HEADER), EchoApplication.HEADER_VALUE);
        upgrades.handleRequest(exchange);
    }

    private void connected(WebSocketHttpExchange exchange, WebSocketChannel channel) {
        var socket = new Socket(exchange, channel);
        channels.add(channel);
        channel.addCloseTask(ended -> {
            channels.remove(ended);
            application.closed(socket, socket.code, socket.reason);
        });
        channel.getReceiveSetter().set(socket.listener());
        application.opened(socket);
        channel.resumeReceives();
    }

    @Override
    int port() {
        return port;
    }

    @Override
    void cutAll() {
        channels.forEach(IoUtils::safeClose);
    }

    @Override
    void kill() {
        server.stop();
        cutAll();
    }

    private final class Socket implements PeerSocket {
        private final WebSocketHttpExchange exchange;
        private final WebSocketChannel channel;
        private volatile int code = 1006;
        private volatile String reason = "";

        private Socket(WebSocketHttpExchange exchange, WebSocketChannel channel) {
            this.exchange = exchange;
            this.channel = channel;
        }

        private AbstractReceiveListener listener() {
            return new AbstractReceiveListener() {
                @Override
                protected long getMaxTextBufferSize() {
                    return EchoApplication.MAX_MESSAGE_SIZE;
                }

                @Override
                protected long getMaxBinaryBufferSize() {
                    return EchoApplication.MAX_MESSAGE_SIZE;
                }

                @Override
                protected void onFullTextMessage(WebSocketChannel source, BufferedTextMessage message) {
                    application.received(Socket.this, message.getData());
                }

                @Override
                protected void onFullBinaryMessage(WebSocketChannel source, BufferedBinaryMessage message) {
                    try (Pooled<ByteBuffer[]> data = message.getData()) {
                        application.received(Socket.this, WebSockets.mergeBuffers(data.getResource()));
                    }
                }

                @Override
                protected void onCloseMessage(CloseMessage message, WebSocketChannel source) {
                    code = message.getCode();
                    reason = message.getReason();
                }
            };
        }

        @Override
        public String path() {
            return exchange.getRequestURI();
        }

        @Override
        public @Nullable String header(String name) {
            return exchange.getRequestHeader(name);
        }

        @Override
        public void send(String text) {
            WebSockets.sendText(text, channel, null);
        }

        @Override
        public void send(ByteBuffer bytes) {
            WebSockets.sendBinary(bytes, channel, null);
        }

        @Override
        public void close(int withCode, String withReason) {
            WebSockets.sendClose(withCode, withReason, channel, null);
        }
    }
}
