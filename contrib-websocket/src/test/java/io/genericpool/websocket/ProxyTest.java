package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.util.Throwables.getStackTrace;
import static org.awaitility.Awaitility.await;

import io.genericpool.ConnectionCreateException;
import io.genericpool.websocket.internal.handshake.NoDelaySockets;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import okhttp3.Credentials;
import okhttp3.Request;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ProxyTest {
    private static final String NAME = "proxy-test";

    private final HeldCertificate certificate =
            new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
    private final HandshakeCertificates trust = new HandshakeCertificates.Builder()
            .heldCertificate(certificate)
            .addTrustedCertificate(certificate.certificate())
            .build();
    private ForwardProxy proxy;

    @BeforeEach
    void start() throws Exception {
        proxy = ForwardProxy.start();
    }

    @AfterEach
    void stop() {
        proxy.close();
        ThreadsLeft.awaitNone(NAME);
    }

    private WebSocketPoolBuilder builder(EchoServer server) {
        return WebSocketPool.builder()
                .name(NAME)
                .baseUri(server.endpoint("/").uri().toString())
                .connections(knobs -> knobs.customizeClient(client -> client.proxy(proxy.address())
                        .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())));
    }

    private EchoServer secureServer() throws Exception {
        return EchoServer.start(trust.sslContext());
    }

    private static void exchange(WebSocketPool pool) {
        String answer = pool.use("/a", connection -> {
            connection.send("x");
            return connection.receive(SOON).text();
        });
        assertThat(answer).isEqualTo("/a|x");
    }

    @Test
    void tunnelsWithoutTlsToo() throws Exception {
        try (var server = EchoServer.start();
                var pool = builder(server).build()) {
            exchange(pool);
            exchange(pool);
            assertThat(proxy.requests).singleElement().asString().startsWith("CONNECT 127.0.0.1:");
        }
    }

    @Test
    void connectsThroughATunnel() throws Exception {
        try (var server = secureServer();
                var pool = builder(server).build()) {
            exchange(pool);
            exchange(pool);
            assertThat(proxy.requests).singleElement().asString().startsWith("CONNECT localhost:");
        }
    }

    @Test
    void noticesTheEndOfItsProxy() throws Exception {
        try (var server = EchoServer.start();
                var pool = builder(server).build()) {
            exchange(pool);
            proxy.close();
            await().until(() -> pool.stats().total() == 0);
            var e = catchThrowableOfType(ConnectionCreateException.class, () -> pool.connection("/a"));
            assertThat(e).hasCauseInstanceOf(WebSocketConnectException.class);
        }
    }

    @Test
    void tellsThatATunnelWithoutTlsIsRefused() throws Exception {
        proxy.refusal = "403 Forbidden";
        try (var server = EchoServer.start();
                var pool = builder(server).build()) {
            var e = catchThrowableOfType(ConnectionCreateException.class, () -> pool.connection("/a"));
            assertThat(e.getCause())
                    .isInstanceOf(WebSocketConnectException.class)
                    .hasMessageContaining("CONNECT: 403");
            assertThat(pool.stats().total()).isZero();
            assertThat(server.opened()).isZero();
        }
    }

    @Test
    void tellsThatATunnelIsRefused() throws Exception {
        proxy.refusal = "403 Forbidden";
        try (var server = secureServer();
                var pool = builder(server).build()) {
            var e = catchThrowableOfType(ConnectionCreateException.class, () -> pool.connection("/a"));
            assertThat(e.getCause())
                    .isInstanceOf(WebSocketConnectException.class)
                    .hasMessageContaining("403");
            assertThat(pool.stats().total()).isZero();
            assertThat(server.opened()).isZero();
        }
    }

    @Test
    void authenticatesAndTellsNobodyHow() throws Exception {
        String right = Credentials.basic("user", "hush");
        proxy.credentials = right;
        try (var server = secureServer();
                var pool = builder(server)
                        .connections(knobs -> knobs.customizeClient(client -> client.proxy(proxy.address())
                                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                                .proxyAuthenticator((route, response) -> authenticate(response.request(), right))))
                        .build()) {
            exchange(pool);
            proxy.credentials = "Basic other";
            var e = catchThrowableOfType(ConnectionCreateException.class, () -> pool.newConnection("/a"));
            assertThat(getStackTrace(e)).doesNotContain("hush").doesNotContain(right);
        }
    }

    @Test
    void authenticatesWithoutTlsToo() throws Exception {
        String right = Credentials.basic("user", "hush");
        proxy.credentials = right;
        for (boolean beforeItIsAsked : new boolean[] {true, false}) {
            try (var server = EchoServer.start();
                    var pool = builder(server)
                            .connections(knobs -> knobs.customizeClient(
                                    client -> client.proxy(proxy.address()).proxyAuthenticator((route, response) -> {
                                        assertThat(route.proxy()).isEqualTo(proxy.address());
                                        boolean isAsked = !response.header("Proxy-Authenticate")
                                                .startsWith("OkHttp");
                                        return isAsked || beforeItIsAsked
                                                ? authenticate(response.request(), right)
                                                : null;
                                    })))
                            .build()) {
                exchange(pool);
                proxy.credentials = "Basic other";
                var e = catchThrowableOfType(ConnectionCreateException.class, () -> pool.newConnection("/a"));
                assertThat(e.getCause()).hasMessageContaining("CONNECT: 407");
                assertThat(getStackTrace(e)).doesNotContain("hush").doesNotContain(right);
                proxy.credentials = right;
            }
        }
    }

    @Test
    void sendsTheProxyNoHeaderThatIsForTheServer() throws Exception {
        try (var server = EchoServer.start();
                var pool = builder(server).header("X-Key", "hush").build()) {
            exchange(pool);
            assertThat(proxy.heads)
                    .singleElement()
                    .asString()
                    .startsWith("CONNECT ")
                    .doesNotContain("hush");
        }
    }

    @Test
    void asksTheNextProxyWhenOneCannotBeReached() throws Exception {
        var failed = new ConcurrentLinkedQueue<SocketAddress>();
        Proxy dead;
        try (var closed = ForwardProxy.start()) {
            dead = closed.address();
        }
        var selector = new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return List.of(dead, proxy.address());
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {
                failed.add(address);
            }
        };
        try (var server = EchoServer.start();
                var pool = builder(server)
                        .connections(knobs -> knobs.customizeClient(client -> client.proxySelector(selector)))
                        .build()) {
            exchange(pool);
            assertThat(failed).containsExactly(dead.address());
            assertThat(proxy.requests).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1", "nonsense\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 99 x\r\n\r\n"})
    void failsWhenTheProxySpeaksSomethingElse(String answer) throws Exception {
        proxy.rawAnswer = answer;
        try (var server = EchoServer.start();
                var pool = builder(server).build()) {
            var e = catchThrowableOfType(ConnectionCreateException.class, () -> pool.connection("/a"));
            assertThat(e.getCause())
                    .isInstanceOf(WebSocketConnectException.class)
                    .hasMessageContaining("proxy");
        }
    }

    @Test
    void leavesARouteWithSocketsOfTheUserToOkHttp() throws Exception {
        var own = new NoDelaySockets(SocketFactory.getDefault());
        try (var server = EchoServer.start();
                var pool = builder(server)
                        .connections(knobs -> knobs.customizeClient(
                                client -> client.proxy(proxy.address()).socketFactory(own)))
                        .build()) {
            exchange(pool);
            assertThat(proxy.requests).singleElement().asString().startsWith("GET http://127.0.0.1:");
        }
    }

    /** Once: who is refused with these credentials has no others. */
    private static @Nullable Request authenticate(Request request, String credentials) {
        String header = "Proxy-Authorization";
        return request.header(header) == null
                ? request.newBuilder().header(header, credentials).build()
                : null;
    }

    @Test
    void asksForTheProxyAtEachConnect() throws Exception {
        var asked = new AtomicInteger();
        var selector = new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return List.of(asked.getAndIncrement() == 0 ? Proxy.NO_PROXY : proxy.address());
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        };
        try (var server = EchoServer.start();
                var pool = WebSocketPool.builder()
                        .name(NAME)
                        .baseUri(server.endpoint("/").uri().toString())
                        .connections(knobs -> knobs.customizeClient(client -> client.proxySelector(selector)))
                        .build()) {
            exchange(pool);
            assertThat(proxy.requests).isEmpty();
            pool.newConnection("/a").release();
            assertThat(proxy.requests).hasSize(1);
            assertThat(asked).hasValue(2);
        }
    }
}
