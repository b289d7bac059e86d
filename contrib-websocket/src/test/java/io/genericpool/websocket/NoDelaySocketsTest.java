package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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

    /** The ways in which a socket comes to be. */
    enum Path {
        DIRECT,
        SOCKS,
        HTTP_PROXY
    }

    static Stream<Arguments> paths() {
        return Arrays.stream(Path.values())
                .flatMap(path -> Stream.of(Arguments.of(path, false), Arguments.of(path, true)));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void sendsAtOnceOnEveryPath(Path path, boolean tls) throws Exception {
        var certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("localhost")
                .build();
        var trust = new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .addTrustedCertificate(certificate.certificate())
                .build();
        var used = new ConcurrentLinkedQueue<Socket>();
        try (var socks = new SocksProxy();
                var http = ForwardProxy.start();
                var server = tls ? EchoServer.start(trust.sslContext()) : EchoServer.start();
                var manager = WebSocketConnectionManager.builder()
                        .customizeClient(client -> client.proxy(
                                        switch (path) {
                                            case DIRECT -> Proxy.NO_PROXY;
                                            case SOCKS -> socks.address();
                                            case HTTP_PROXY -> http.address();
                                        })
                                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                                .addInterceptor(chain -> {
                                    chain.call().addEventListener(listenerThatKeeps(used));
                                    return chain.proceed(chain.request());
                                }))
                        .build()) {
            var connection = manager.create(server.endpoint("/a"), SOON);
            connection.send("x");
            assertThat(connection.receive(SOON).text()).isEqualTo("/a|x");
            assertThat(used).hasSize(1).allSatisfy(socket -> assertThat(socket.getTcpNoDelay())
                    .isTrue());
            assertThat(socks.connects).hasValue(path == Path.SOCKS ? 1 : 0);
            assertThat(http.requests).hasSize(path == Path.HTTP_PROXY ? 1 : 0);
        }
    }

    private static EventListener listenerThatKeeps(Queue<Socket> used) {
        return new EventListener() {
            @Override
            public void connectionAcquired(Call call, Connection connection) {
                used.add(connection.socket());
            }
        };
    }

    @Test
    void takesASocketThatHasNoSuchOption() throws Exception {
        var without = new SocketFactory() {
            @Override
            public Socket createSocket() {
                return new Socket() {
                    @Override
                    public void setTcpNoDelay(boolean on) throws SocketException {
                        throw new SocketException("no such option");
                    }
                };
            }

            @Override
            public Socket createSocket(String host, int port) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Socket createSocket(InetAddress host, int port) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
                throw new UnsupportedOperationException();
            }
        };
        try (var server = EchoServer.start();
                var manager = WebSocketConnectionManager.builder()
                        .customizeClient(client -> client.socketFactory(without))
                        .build()) {
            assertThat(manager.create(server.endpoint("/a"), SOON).isOpen()).isTrue();
        }
    }
}
