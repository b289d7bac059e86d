package io.genericpool.tcp;

import static io.genericpool.tcp.Kind.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.base.Throwables;
import java.net.InetAddress;
import java.net.PasswordAuthentication;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ProxyTest {
    private static final String SECRET = "s3cret-päss";

    private enum Way {
        SOCKS(SocketProxy::socks5),
        HTTP(SocketProxy::httpConnect);

        final Function<TcpEndpoint, SocketProxy> maker;

        Way(Function<TcpEndpoint, SocketProxy> maker) {
            this.maker = maker;
        }

        SocketProxy proxy(Peer listening) {
            return maker.apply(listening.endpoint());
        }
    }

    private final TunnelProxy proxy = new TunnelProxy();
    private Peer server;
    private Peer socks;
    private Peer http;

    @BeforeEach
    void start() throws Exception {
        server = Peer.tcp(Peer::echo);
        socks = Peer.tcp(proxy::socks);
        http = Peer.tcp(proxy::http);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        socks.close();
        http.close();
    }

    private SocketProxy by(Way way) {
        return way.proxy(way == Way.SOCKS ? socks : http);
    }

    private static SocketConnection connect(SocketProxy proxy, TcpEndpoint endpoint) throws Exception {
        return TcpConnectionManager.builder().proxy(proxy).build().create(endpoint, SOON);
    }

    @ParameterizedTest
    @EnumSource
    void theProxyLooksUpTheName(Way way) throws Exception {
        var connection = connect(by(way), server.endpoint("db.internal.example"));
        assertThat(Talk.ask(connection, "hello")).isEqualTo("hello");
        assertThat(proxy.asked)
                .singleElement()
                .asString()
                .contains("db.internal.example:" + server.endpoint().port());
        connection.close();
    }

    @ParameterizedTest
    @EnumSource
    void addressesOfBothFamiliesAreHandedOn(Way way) throws Exception {
        connect(by(way), server.endpoint("127.0.0.1")).close();
        connect(by(way), server.endpoint("::1")).close();
        assertThat(proxy.asked.get(0)).contains("127.0.0.1:");
        assertThat(proxy.asked.get(1)).containsAnyOf("[::1]:", "0:0:0:0:0:0:0:1:");
    }

    @ParameterizedTest
    @EnumSource
    void whatTheServerSaysFirstIsNotLost(Way way) throws Exception {
        try (var talkative = Peer.tcp(end -> {
            end.send("220 ready");
            Peer.hold(end);
        })) {
            var connection = connect(by(way), talkative.endpoint());
            assertThat(Talk.receive(connection, 9)).isEqualTo("220 ready");
            connection.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void credentialsAreAskedForAtEachConnect(Way way) throws Exception {
        proxy.login = "user:" + SECRET;
        var asked = new int[1];
        SocketProxy withLogin = by(way).withCredentials(() -> {
            asked[0]++;
            return new PasswordAuthentication("user", SECRET.toCharArray());
        });
        connect(withLogin, server.endpoint()).close();
        connect(withLogin, server.endpoint()).close();
        assertThat(asked[0]).isEqualTo(2);
        assertThat(withLogin.toString()).doesNotContain("user", SECRET);
    }

    @ParameterizedTest
    @EnumSource
    void wrongAndMissingCredentialsAreSaidToBeSoWithoutRepeatingThem(Way way) {
        proxy.login = "user:" + SECRET;
        var wrong = catchThrowableOfType(
                ProxyConnectException.class,
                () -> connect(
                        by(way).withCredentials(() -> new PasswordAuthentication("user", "wr0ng".toCharArray())),
                        server.endpoint()));
        assertThat(Throwables.getStackTraceAsString(wrong)).doesNotContain("wr0ng", SECRET);
        assertThat(wrong.status()).isEqualTo(way == Way.HTTP ? 407 : -1);
        assertThatThrownBy(() -> connect(by(way), server.endpoint())).isInstanceOf(ProxyConnectException.class);
    }

    @Test
    void aSupplierThatThrowsFailsTheConnectWithItsOwnCause() {
        var broken = by(Way.HTTP).withCredentials(() -> {
            throw new IllegalStateException("vault is sealed");
        });
        assertThatThrownBy(() -> connect(broken, server.endpoint()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("vault is sealed");
    }

    private static final String HALF_A_CHARACTER = "\ud83d";

    @ParameterizedTest
    @CsvSource({"SOCKS, line", "SOCKS, half", "SOCKS, long", "HTTP, line", "HTTP, half", "HTTP, colon"})
    void credentialsThatTheProxyWouldMisreadAreNotSentNorRepeated(Way way, String kind) {
        String bad =
                switch (kind) {
                    case "line" -> SECRET + "\r\nX: y";
                    case "half" -> SECRET + HALF_A_CHARACTER;
                    case "colon" -> SECRET + ":x";
                    default -> SECRET.repeat(100);
                };
        for (var login : List.of(
                new PasswordAuthentication(bad, "x".toCharArray()),
                new PasswordAuthentication(kind.equals("colon") ? bad : "x", bad.toCharArray()))) {
            assertThatThrownBy(() -> connect(by(way).withCredentials(() -> login), server.endpoint()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .satisfies(
                            e -> assertThat(Throwables.getStackTraceAsString(e)).doesNotContain(SECRET));
        }
        assertThat(proxy.asked).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void credentialsThatAreMissingAreNamed(Way way) {
        for (var login : Arrays.asList(null, new PasswordAuthentication(null, new char[0]))) {
            assertThatThrownBy(() -> connect(by(way).withCredentials(() -> login), server.endpoint()))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessageContaining("credentials supplier");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNameThatIsNotAsciiIsAskedForInAscii(Way way) throws Exception {
        connect(by(way), server.endpoint("b\u00fccher.example")).close();
        assertThat(proxy.asked).singleElement().asString().contains("xn--bcher-kva.example:");
    }

    /** The proxy's own addresses are tried beside each other, too. */
    @ParameterizedTest
    @EnumSource
    void aProxyThatHasASilentAddressIsReachedByAnother(Way way) throws Exception {
        try (var silent = new Refused.FullBacklog();
                var second = Peer.tcp(
                        "127.0.0.2", silent.endpoint().port(), way == Way.SOCKS ? proxy::socks : proxy::http)) {
            var byName = way.maker.apply(second.endpoint("proxy.example"));
            var builder = TcpConnectionManager.builder()
                    .proxy(byName)
                    .resolver(host -> List.of(InetAddress.getByName("127.0.0.1"), InetAddress.getByName("127.0.0.2")));
            var connection = builder.build().create(server.endpoint(), SOON);
            assertThat(Talk.ask(connection, "hello")).isEqualTo("hello");
            connection.close();
            var nonBlocking = Talk.await(
                    builder.buildAsync().createAsync(server.endpoint(), SOON).toCompletableFuture());
            assertThat(Talk.ask(nonBlocking, "hello")).isEqualTo("hello");
            nonBlocking.close();
        }
    }

    private enum Path {
        DIRECT,
        SOCKS,
        HTTP
    }

    @ParameterizedTest
    @EnumSource
    void smallWritesLeaveAtOnceOnEveryPath(Path path) throws Exception {
        try (var secure = Peer.tls(Kind.CERTIFICATES.server(), Peer::echo)) {
            var tls = TlsConnectionManager.builder().sslContext(Kind.CERTIFICATES.client());
            hasNoDelay(TcpConnectionManager.builder(), path, server.endpoint());
            hasNoDelay(tls, path, secure.endpoint());
        }
    }

    private void hasNoDelay(InternetManagerBuilder<?> builder, Path path, TcpEndpoint endpoint) throws Exception {
        if (path != Path.DIRECT) {
            builder.proxy(by(Way.valueOf(path.name())));
        }
        var blocking = builder.build().create(endpoint, SOON);
        assertThat(((SocketConnectionView) blocking).connection.channel.getOption(StandardSocketOptions.TCP_NODELAY))
                .isTrue();
        blocking.close();
        var nonBlocking = builder.buildAsync().create(endpoint, SOON);
        assertThat(((AsyncSocketConnectionView) nonBlocking)
                        .connection.channel.getOption(StandardSocketOptions.TCP_NODELAY))
                .isTrue();
        nonBlocking.close();
    }

    @ParameterizedTest
    @CsvSource({"2, not allowed by its rules", "5, connection refused", "9, code 9"})
    void aSocksProxyThatRefusesSaysWhy(int code, String why) {
        proxy.refusal = Integer.toString(code);
        var failure =
                catchThrowableOfType(ProxyConnectException.class, () -> connect(by(Way.SOCKS), server.endpoint()));
        assertThat(failure)
                .hasMessageContaining(why)
                .hasMessageContaining(socks.endpoint().toString());
        assertThat(failure.status()).isEqualTo(code);
    }

    @Test
    void anHttpProxyThatRefusesSaysWhy() {
        proxy.refusal = "HTTP/1.1 502 Bad \u001bGateway\r\nContent-Length: 0\r\n\r\n";
        var failure = catchThrowableOfType(ProxyConnectException.class, () -> connect(by(Way.HTTP), server.endpoint()));
        assertThat(failure).hasMessageEndingWith("answers 502 Bad ?Gateway");
        assertThat(failure.status()).isEqualTo(502);
    }

    @Test
    void whatIsNoProxyIsToldApart() throws Exception {
        try (var mute = Peer.tcp(Peer::hold);
                var deaf = Peer.tcp(end -> {});
                var chatty = Peer.tcp(end -> {
                    while (true) {
                        end.send("nonsense ");
                    }
                })) {
            for (Way way : Way.values()) {
                assertThatThrownBy(() -> connect(way.proxy(chatty), server.endpoint()))
                        .isInstanceOf(ProxyConnectException.class);
                assertThatThrownBy(() -> connect(way.proxy(deaf), server.endpoint()))
                        .isInstanceOf(java.io.IOException.class);
                assertThatThrownBy(() -> TcpConnectionManager.builder()
                                .proxy(way.proxy(mute))
                                .build()
                                .create(server.endpoint(), Duration.ofMillis(500)))
                        .isInstanceOf(SocketTimeoutException.class)
                        .hasMessageContaining("still asking the proxy");
                assertThatThrownBy(() -> connect(way.maker.apply(Refused.endpoint()), server.endpoint()))
                        .isInstanceOf(java.net.ConnectException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void tlsGoesThroughATunnel(Way way) throws Exception {
        try (var secure = Peer.tls(Kind.CERTIFICATES.server(), Peer::echo)) {
            var manager = TlsConnectionManager.builder()
                    .sslContext(Kind.CERTIFICATES.client())
                    .proxy(by(way))
                    .build();
            var connection = manager.create(secure.endpoint("localhost"), SOON);
            assertThat(Talk.ask(connection, "hello")).isEqualTo("hello");
            connection.close();
            assertThatThrownBy(() -> manager.create(secure.endpoint("db.example"), SOON))
                    .isInstanceOf(javax.net.ssl.SSLHandshakeException.class);
        }
    }
}
