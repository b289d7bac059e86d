package io.genericpool.reliability.peers;

import io.genericpool.reliability.peers.EchoApplication.Refusal;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** A server made of Netty. */
final class NettyPeer extends PeerServer {
    private static final int MAX_REQUEST_SIZE = 64 << 10;

    private final ChannelGroup channels = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
    private EventLoopGroup loops;
    private Channel listening;
    private int port;

    NettyPeer(boolean deflate, @Nullable SSLContext tls) {
        super(deflate, tls);
    }

    @Override
    void start(int onPort) throws Exception {
        loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                        fill(channel.pipeline());
                    }
                })
                .bind(HOST, onPort)
                .sync()
                .channel();
        port = ((InetSocketAddress) listening.localAddress()).getPort();
    }

    private void fill(ChannelPipeline pipeline) {
        if (tls != null) {
            SSLEngine engine = tls.createSSLEngine();
            engine.setUseClientMode(false);
            pipeline.addLast(new SslHandler(engine));
        }
        pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_REQUEST_SIZE), new Upgrades());
        if (deflate) {
            pipeline.addLast(new WebSocketServerCompressionHandler(EchoApplication.MAX_MESSAGE_SIZE));
        }
        pipeline.addLast(
                new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                        .websocketPath("/")
                        .checkStartsWith(true)
                        .subprotocols(String.join(",", EchoApplication.SUBPROTOCOLS))
                        .allowExtensions(deflate)
                        .handleCloseFrames(false)
                        // Otherwise each close of a channel would begin with a closing handshake.
                        .sendCloseFrame(null)
                        .maxFramePayloadLength(EchoApplication.MAX_MESSAGE_SIZE)
                        .build()),
                new WebSocketFrameAggregator(EchoApplication.MAX_MESSAGE_SIZE),
                new Socket());
    }

    @Override
    int port() {
        return port;
    }

    @Override
    void cutAll() {
        channels.close().awaitUninterruptibly();
    }

    @Override
    void kill() {
        listening.close().awaitUninterruptibly();
        cutAll();
        loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Refuses some upgrades, and adds a header to the answer to the others. */
    private static final class Upgrades extends ChannelDuplexHandler {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Optional<Refusal> refusal = message instanceof FullHttpRequest request
                    ? EchoApplication.refusal(request.uri())
                    : Optional.empty();
            if (refusal.isEmpty()) {
                context.fireChannelRead(message);
                return;
            }
            ((FullHttpRequest) message).release();
            var answer = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    HttpResponseStatus.valueOf(refusal.get().status()));
            answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
            refusal.get().headers().forEach((name, value) -> answer.headers().set(name, value));
            context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof HttpResponse response) {
                response.headers().set(EchoApplication.HEADER, EchoApplication.HEADER_VALUE);
            }
            context.write(message, promise);
        }
    }

    private final class Socket extends SimpleChannelInboundHandler<WebSocketFrame> implements PeerSocket {
        private volatile Channel channel;
        private volatile HandshakeComplete handshake;

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof HandshakeComplete complete) {
                channel = context.channel();
                handshake = complete;
                channel.closeFuture().addListener(ended -> application.closed(this, 1006, ""));
                application.opened(this);
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            if (frame instanceof TextWebSocketFrame text) {
                application.received(this, text.text());
            } else if (frame instanceof BinaryWebSocketFrame binary) {
                application.received(
                        this,
                        ByteBuffer.allocate(binary.content().readableBytes())
                                .put(binary.content().nioBuffer())
                                .flip());
            } else if (frame instanceof CloseWebSocketFrame close) {
                application.closed(this, close.statusCode(), close.reasonText());
                channel.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        @Override
        public String path() {
            return handshake.requestUri();
        }

        @Override
        public @Nullable String header(String name) {
            return handshake.requestHeaders().get(name);
        }

        @Override
        public void send(String text) {
            channel.writeAndFlush(new TextWebSocketFrame(text));
        }

        @Override
        public void send(ByteBuffer bytes) {
            channel.writeAndFlush(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(bytes)));
        }

        @Override
        public void close(int code, String reason) {
            channel.writeAndFlush(new CloseWebSocketFrame(code, reason));
        }
    }
}
