package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.SocketFactory;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NoDelaySocketsTest {
    private final List<Socket> made = new ArrayList<>();

    /** A user's own factory, whose sockets are kept. */
    private final SocketFactory factory = new SocketFactory() {
        private Socket keep(Socket socket) {
            made.add(socket);
            return socket;
        }

        @Override
        public Socket createSocket() {
            return keep(new Socket());
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return keep(new Socket(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
            return keep(new Socket(host, port, localHost, localPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return keep(new Socket(host, port));
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
                throws IOException {
            return keep(new Socket(host, port, localHost, localPort));
        }
    };

    @Test
    void sendsAtOnceWithTheUsersOwnSockets() throws Exception {
        var certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("localhost")
                .build();
        var trust = new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .addTrustedCertificate(certificate.certificate())
                .build();
        try (var plain = EchoServer.start();
                var secure = EchoServer.start(trust.sslContext());
                var manager = WebSocketConnectionManager.builder()
                        .customizeClient(client -> client.socketFactory(factory)
                                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager()))
                        .build()) {
            manager.create(plain.endpoint("/a"), SOON);
            manager.create(secure.endpoint("/a"), SOON);
            assertThat(made).hasSizeGreaterThanOrEqualTo(2);
            for (Socket socket : made) {
                // One that could not be connected (localhost may have two addresses) is closed, and does not tell.
                assertThat(socket.isClosed() || socket.getTcpNoDelay()).isTrue();
            }
        }
    }
}
