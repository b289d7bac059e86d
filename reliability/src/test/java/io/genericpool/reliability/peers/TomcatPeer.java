package io.genericpool.reliability.peers;

import io.genericpool.reliability.peers.EchoApplication.Refusal;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.apache.tomcat.websocket.server.WsSci;
import org.jspecify.annotations.Nullable;

/** A server made of Tomcat, without TLS. */
final class TomcatPeer extends PeerServer {
    private static final String HEADERS = "headers";

    private Tomcat tomcat;
    private Protocol protocol;
    private Path directory;
    private int port;

    TomcatPeer(boolean deflate, @Nullable SSLContext tls) {
        super(deflate, tls);
        if (tls != null) {
            throw new IllegalArgumentException("tls must be null: this server has no TLS");
        }
    }

    @Override
    void start(int onPort) throws Exception {
        directory = Files.createTempDirectory("tomcat-peer");
        tomcat = new Tomcat();
        tomcat.setBaseDir(directory.toString());
        protocol = new Protocol();
        var connector = new Connector(protocol);
        connector.setPort(onPort);
        connector.setProperty("address", HOST);
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        context.getPipeline().addValve(new Refusals());
        context.addServletContainerInitializer(new WsSci(), null);
        context.addServletContainerInitializer(
                (types, servlets) -> deploy((ServerContainer) servlets.getAttribute(ServerContainer.class.getName())),
                null);
        // The filter that upgrades is asked only for what leads to a servlet.
        Tomcat.addServlet(context, "none", new HttpServlet() {});
        context.addServletMappingDecoded("/", "none");
        tomcat.start();
        port = connector.getLocalPort();
    }

    private void deploy(ServerContainer container) throws ServletException {
        container.setDefaultMaxTextMessageBufferSize(EchoApplication.MAX_MESSAGE_SIZE);
        container.setDefaultMaxBinaryMessageBufferSize(EchoApplication.MAX_MESSAGE_SIZE);
        try {
            container.addEndpoint(ServerEndpointConfig.Builder.create(Socket.class, "/{path}")
                    .subprotocols(EchoApplication.SUBPROTOCOLS)
                    .configurator(new Upgrades())
                    .build());
        } catch (DeploymentException e) {
            throw new ServletException(e);
        }
    }

    @Override
    int port() {
        return port;
    }

    @Override
    void cutAll() {
        protocol.cutAll();
    }

    @Override
    void kill() throws Exception {
        tomcat.getConnector().pause();
        cutAll();
        tomcat.getConnector().stop();
        tomcat.stop();
        tomcat.destroy();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }

    /** Reaches the sockets, which an application does not see. */
    private static final class Protocol extends Http11NioProtocol {
        void cutAll() {
            for (SocketWrapperBase<NioChannel> wrapper : getEndpoint().getConnections()) {
                SocketChannel channel = wrapper.getSocket().getIOChannel();
                try {
                    // Not closed: then the server would not look at it again, and never learn of the end.
                    channel.shutdownOutput();
                    channel.shutdownInput();
                } catch (IOException e) {
                    // It has ended by itself.
                }
            }
        }
    }

    private static final class Refusals extends ValveBase {
        private Refusals() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            Optional<Refusal> refusal = EchoApplication.refusal(request.getRequestURI());
            if (refusal.isEmpty()) {
                getNext().invoke(request, response);
                return;
            }
            response.setStatus(refusal.get().status());
            refusal.get().headers().forEach(response::setHeader);
        }
    }

    private final class Upgrades extends ServerEndpointConfig.Configurator {
        @Override
        public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
            return deflate ? super.getNegotiatedExtensions(installed, requested) : List.of();
        }

        @Override
        public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
            response.getHeaders().put(EchoApplication.HEADER, List.of(EchoApplication.HEADER_VALUE));
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            request.getHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
            // This map belongs to one connection.
            config.getUserProperties().put(HEADERS, headers);
        }

        @Override
        public <T> T getEndpointInstance(Class<T> type) {
            return type.cast(new Socket(application));
        }
    }

    private static final class Socket extends Endpoint implements PeerSocket {
        private final EchoApplication application;
        private volatile Session session;

        private Socket(EchoApplication application) {
            this.application = application;
        }

        @Override
        public void onOpen(Session opening, EndpointConfig config) {
            session = opening;
            opening.addMessageHandler(
                    String.class, (MessageHandler.Whole<String>) text -> application.received(this, text));
            opening.addMessageHandler(
                    ByteBuffer.class, (MessageHandler.Whole<ByteBuffer>) bytes -> application.received(
                            this,
                            ByteBuffer.allocate(bytes.remaining()).put(bytes).flip()));
            application.opened(this);
        }

        @Override
        public void onClose(Session closing, CloseReason reason) {
            application.closed(this, reason.getCloseCode().getCode(), reason.getReasonPhrase());
        }

        @Override
        public String path() {
            return session.getRequestURI().getPath();
        }

        @Override
        public @Nullable String header(String name) {
            return ((Map<?, ?>) session.getUserProperties().get(HEADERS)).get(name) instanceof String value
                    ? value
                    : null;
        }

        @Override
        public void send(String text) {
            try {
                session.getBasicRemote().sendText(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void send(ByteBuffer bytes) {
            try {
                session.getBasicRemote().sendBinary(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close(int code, String reason) {
            try {
                session.close(new CloseReason(CloseCodes.getCloseCode(code), reason));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
