package io.genericpool.benchmarks.websocket;

import java.nio.ByteBuffer;
import java.time.Duration;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/**
 * The other end: a Jetty server that echoes, or streams numbered messages on some paths, in a process of its own, so that
 * it shares neither heap nor file descriptors with what is measured. Prints its plain port, its TLS port and its
 * certificate, and lives until its input ends.
 */
public final class EchoPeer {
    private static final String STREAM = "/stream/";
    private static final String FROM = "from ";

    private EchoPeer() {}

    /** Where numbered messages come from; each socket is cut after so many of them, 0 for never. */
    static String streamPath(int cutAfter) {
        return STREAM + cutAfter;
    }

    /** What begins a stream: with the number after this one. */
    static String from(long number) {
        return FROM + number;
    }

    static long numberOf(String message) {
        return Long.parseLong(message);
    }

    /** Started by {@link ServerProcess}. */
    public static void main(String[] args) throws Exception {
        var threads = new QueuedThreadPool(32, 4);
        threads.setDaemon(true);
        var server = new Server(threads);
        var certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("localhost")
                .build();
        ServerConnector plain = listen(server, new ServerConnector(server, 1, 1));
        ServerConnector secure = listen(
                server,
                new ServerConnector(
                        server,
                        1,
                        1,
                        AbstractConnectionFactory.getFactories(tls(certificate), new HttpConnectionFactory())));
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.setIdleTimeout(Duration.ZERO);
            container.addMapping("/*", (request, response, callback) -> {
                String path = Request.getPathInContext(request);
                return path.startsWith(STREAM)
                        ? new NumberStream(Integer.parseInt(path.substring(STREAM.length())))
                        : new Echo();
            });
        }));
        server.start();
        System.out.println(plain.getLocalPort());
        System.out.println(secure.getLocalPort());
        System.out.println(certificate.certificatePem());
        while (System.in.read() >= 0) {
            // Nothing is said: only the end counts.
        }
        server.stop();
    }

    private static ServerConnector listen(Server server, ServerConnector connector) {
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(4096);
        server.addConnector(connector);
        return connector;
    }

    private static SslContextFactory.Server tls(HeldCertificate certificate) {
        var factory = new SslContextFactory.Server();
        factory.setSslContext(new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .build()
                .sslContext());
        return factory;
    }

    /** Sends on as fast as the client reads; public because Jetty finds its methods by a public lookup. */
    public static final class NumberStream extends Session.Listener.AbstractAutoDemanding implements Callback {
        private final int cutAfter;
        private long next;
        private int sent;

        private NumberStream(int cutAfter) {
            this.cutAfter = cutAfter;
        }

        @Override
        public void onWebSocketText(String text) {
            next = Long.parseLong(text.substring(FROM.length())) + 1;
            succeed();
        }

        /** The message before is on its way. */
        @Override
        public void succeed() {
            if (cutAfter > 0 && sent == cutAfter) {
                getSession().disconnect();
                return;
            }
            sent++;
            getSession().sendText(Long.toString(next++), this);
        }
    }

    /** One socket; public because Jetty finds its methods by a public lookup. */
    public static final class Echo extends Session.Listener.AbstractAutoDemanding {
        @Override
        public void onWebSocketText(String text) {
            getSession().sendText(text, Callback.NOOP);
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            var copy = ByteBuffer.allocate(payload.remaining()).put(payload).flip();
            getSession().sendBinary(copy, callback);
        }
    }
}
