package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.util.Throwables.getStackTrace;
import static org.awaitility.Awaitility.await;

import io.genericpool.ConnectionCreateException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HandshakeTest extends WithManager {
    @Test
    void asksForHeadersAtEachConnect() throws Exception {
        var seen = new ConcurrentLinkedQueue<String>();
        var token = new AtomicInteger();
        builder.header("Authorization", () -> "Bearer " + token.incrementAndGet())
                .header("X-Fixed", "overridden")
                .headers(endpoint -> Map.of("x-fixed", "for" + endpoint.path()));
        try (var server = EchoServer.start()) {
            server.onUpgrade((request, response) -> seen.add(request.getHeaders()
                            .get("Authorization") + " " + request.getHeaders().get("X-Fixed")));
            manager().create(server.endpoint("/a"), SOON);
            manager.create(server.endpoint("/b"), SOON);
        }
        assertThat(seen).containsExactly("Bearer 1 for/a", "Bearer 2 for/b");
    }

    @Test
    void sendsUserInformationAsBasicAuthorization() throws Exception {
        var seen = new CompletableFuture<String>();
        try (var server = EchoServer.start()) {
            server.onUpgrade(
                    (request, response) -> seen.complete(request.getHeaders().get("Authorization")));
            String uri = server.endpoint("/").uri().toString().replace("//", "//u:p@");
            manager().create(WebSocketEndpoint.of(uri), SOON);
            assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo("Basic dTpw");
        }
    }

    @Test
    void failsWhenTheSourceOfHeadersThrows() throws Exception {
        var failure = new IOException("no token");
        builder.headers(endpoint -> {
            throw failure;
        });
        try (var server = EchoServer.start()) {
            assertThatThrownBy(() -> manager().create(server.endpoint("/a"), SOON))
                    .isInstanceOf(WebSocketConnectException.class)
                    .hasCause(failure);
            assertThat(server.opened()).isZero();
        }
    }

    @Test
    void failsOnAHeaderThatCannotBeSentWithoutTellingItsValue() throws Exception {
        builder.header("X-Key", () -> "hush\n");
        try (var server = EchoServer.start()) {
            assertThatThrownBy(() -> manager().create(server.endpoint("/a"), SOON))
                    .isInstanceOf(WebSocketConnectException.class)
                    .satisfies(e -> assertThat(e.getCause()).hasMessageContaining("X-Key"))
                    .satisfies(e -> assertThat(getStackTrace(e)).doesNotContain("hush"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "X A",
                "X:Y",
                "X\n",
                "X\u00e9",
                "X,Y",
                "(x)",
                "Content-Length",
                "transfer-encoding",
                "TE",
                "Expect",
                "Connection",
                "Host",
                "upgrade",
                "Sec-WebSocket-Extensions",
                "sec-websocket-key",
                "Sec-WebSocket-Protocol"
            })
    void refusesAHeaderNameAtOnceOnEveryBuilder(String name) {
        var pool = WebSocketPool.builder();
        for (ThrowingCallable setter : List.<ThrowingCallable>of(
                () -> builder.header(name, "x"),
                () -> builder.header(name, () -> "x"),
                () -> pool.header(name, "x"),
                () -> pool.header(name, () -> "x"))) {
            assertThatThrownBy(setter)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("header must ")
                    .hasMessageContaining(name.strip().replace("\n", "?"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hush\n", "hu\rsh", "hush\u00e9", "hush\u0000", "hush\u007f"})
    void refusesAFixedHeaderValueAtOnceWithoutTellingIt(String value) {
        var pool = WebSocketPool.builder();
        for (ThrowingCallable setter :
                List.<ThrowingCallable>of(() -> builder.header("X-Key", value), () -> pool.header("X-Key", value))) {
            assertThatThrownBy(setter)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("X-Key")
                    .hasMessageNotContaining("hu");
        }
    }

    /** What a source of headers may do, and what the connect then fails with. */
    static List<Named<HandshakeHeaders>> sourcesThatFail() {
        return List.of(
                Named.of("an exception whose causes form a circle", endpoint -> {
                    var one = new IOException("one");
                    var other = new IOException("other", one);
                    one.initCause(other);
                    throw one;
                }),
                Named.of("an exception without a message to be had", endpoint -> {
                    throw new IllegalStateException() {
                        @Override
                        public String getMessage() {
                            throw new IllegalStateException("no message");
                        }
                    };
                }),
                Named.of("an error", endpoint -> {
                    throw new NoClassDefFoundError("x");
                }),
                Named.of("an interrupt", endpoint -> {
                    throw new InterruptedException();
                }),
                Named.of("no map", endpoint -> null),
                Named.of("a name that is none", endpoint -> Map.of("X Y", "x")),
                Named.of("a value that is none", endpoint -> Map.of("X", "x\n")),
                Named.of("a null value", endpoint -> Collections.singletonMap("X", null)),
                Named.of("a null name", endpoint -> Collections.singletonMap(null, "x")));
    }

    @ParameterizedTest
    @MethodSource("sourcesThatFail")
    void tellsWhatASourceOfHeadersFailedWith(HandshakeHeaders source) throws Exception {
        try (var server = EchoServer.start();
                var pool = WebSocketPool.builder()
                        .baseUri(server.endpoint("/").uri().toString())
                        .retry(Retry.attempts(2).backoff(Duration.ofMillis(10), Duration.ofMillis(20)))
                        .connections(knobs -> knobs.headers(source))
                        .build()) {
            assertThatThrownBy(() -> pool.connection("/a", SOON))
                    .isInstanceOf(ConnectionCreateException.class)
                    .cause()
                    .isInstanceOf(WebSocketConnectException.class)
                    .hasMessageContaining("the source of headers failed");
            assertThat(server.opened()).isZero();
        }
    }

    @Test
    void connectsThoughTheSourceOfHeadersLeavesAnInterrupt() throws Exception {
        builder.headers(endpoint -> {
            Thread.currentThread().interrupt();
            return Map.of();
        });
        try (var server = EchoServer.start()) {
            assertThat(manager().create(server.endpoint("/a"), SOON).isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 503})
    void keepsARetryAfterThatIsNoInt(int status) throws Exception {
        for (String value : List.of("99999999999999", "2147483648", "9".repeat(5000))) {
            try (var server = new MockWebServer()) {
                server.enqueue(new MockResponse.Builder()
                        .code(status)
                        .addHeader("Retry-After", value)
                        .body("busy")
                        .build());
                server.start();
                var e = refused(server);
                assertThat(e.status()).isEqualTo(status);
                assertThat(e.header("Retry-After")).contains(value);
                assertThat(Retry.attempts(1).retryAfter(e)).isEqualTo(Duration.ofMinutes(5));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"interceptor", "dns", "cookies", "authenticator"})
    void makesAFailedConnectOfWhatAUsersPartsThrow(String part) throws Exception {
        builder.customizeClient(client -> {
            switch (part) {
                case "interceptor" ->
                    client.addInterceptor(chain -> {
                        throw new NoClassDefFoundError("boom");
                    });
                case "dns" ->
                    client.dns(host -> {
                        throw new IllegalStateException("boom");
                    });
                case "authenticator" ->
                    client.authenticator((route, response) -> {
                        throw new IllegalStateException("boom");
                    });
                default ->
                    client.cookieJar(new CookieJar() {
                        @Override
                        public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {}

                        @Override
                        public List<Cookie> loadForRequest(HttpUrl url) {
                            throw new IllegalStateException("boom");
                        }
                    });
            }
        });
        try (var server = new MockWebServer()) {
            server.enqueue(new MockResponse.Builder().code(401).build());
            server.start();
            String uri = server.url("/x").toString().replace("127.0.0.1", "localhost");
            assertThatThrownBy(() -> manager().create(WebSocketEndpoint.of(uri), SOON))
                    .isInstanceOf(WebSocketConnectException.class)
                    .hasMessageContaining("boom");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"throws", "null", "fails"})
    void failsAtOnceWithAHookThatIsNoHook(String kind) throws Exception {
        builder.onOpen(connection -> switch (kind) {
            case "throws" -> throw new NoClassDefFoundError("boom");
            case "null" -> null;
            default -> CompletableFuture.failedFuture(new IOException("boom"));
        });
        try (var server = EchoServer.start()) {
            assertThatThrownBy(() -> manager().create(server.endpoint("/a"), SOON))
                    .isInstanceOf(WebSocketConnectException.class)
                    .hasMessageContaining("the hook for opened ones failed");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 401, 403, 404, 500})
    void tellsHowAnUpgradeWasRefused(int status) throws Exception {
        try (var server = new MockWebServer()) {
            server.enqueue(new MockResponse.Builder()
                    .code(status)
                    .addHeader("X-Why", "because")
                    .addHeader("Location", "/elsewhere")
                    .body("details")
                    .build());
            server.start();
            var e = refused(server);
            assertThat(e.status()).isEqualTo(status);
            assertThat(e.header("x-WHY")).contains("because");
            assertThat(e.body()).isEqualTo("details");
            assertThat(e).hasMessageContaining(String.valueOf(status)).hasMessageNotContaining("details");
        }
    }

    @Test
    void keepsTheRetryAfterOfABusyServer() throws Exception {
        try (var server = new MockWebServer()) {
            server.enqueue(new MockResponse.Builder()
                    .code(429)
                    .addHeader("Retry-After", "7")
                    .build());
            server.enqueue(new MockResponse.Builder()
                    .code(503)
                    .addHeader("Retry-After", "8")
                    .build());
            server.start();
            assertThat(refused(server).header("Retry-After")).contains("7");
            assertThat(refused(server).header("Retry-After")).contains("8");
            assertThat(server.getRequestCount()).isEqualTo(2);
        }
    }

    @Test
    void keepsTheBeginningOfAnEndlessBody() throws Exception {
        try (var peer = RawPeer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 500 Broken\r\n\r\nwhy".getBytes(StandardCharsets.US_ASCII));
            connection.hang();
        })) {
            var e = catchThrowableOfType(
                    WebSocketHandshakeException.class, () -> manager().create(peer.endpoint(), SOON));
            assertThat(e.status()).isEqualTo(500);
            assertThat(e.body()).isEqualTo("why");
        }
    }

    @Test
    void refusesASwitchToSomethingElse() throws Exception {
        try (var server = new MockWebServer()) {
            server.enqueue(new MockResponse.Builder()
                    .code(101)
                    .addHeader("Connection", "Upgrade")
                    .addHeader("Upgrade", "chat")
                    .build());
            server.start();
            assertThatThrownBy(() -> manager().create(endpointOf(server), SOON))
                    .isInstanceOf(WebSocketConnectException.class);
        }
    }

    @Test
    void tellsTheSubprotocolTheServerChose() throws Exception {
        builder.subprotocols("v2", "v1");
        try (var server = EchoServer.start()) {
            server.onUpgrade((request, response) -> {
                assertThat(request.getSubProtocols()).containsExactly("v2", "v1");
                response.setAcceptedSubProtocol("v1");
            });
            assertThat(manager().create(server.endpoint("/a"), SOON).subprotocol())
                    .contains("v1");
        }
    }

    @Test
    void refusesASubprotocolThatWasNotOffered() throws Exception {
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade("Sec-WebSocket-Protocol: v3");
            connection.drain();
        })) {
            var e = catchThrowableOfType(
                    WebSocketHandshakeException.class, () -> manager().create(peer.endpoint(), SOON));
            assertThat(e.status()).isEqualTo(101);
            assertThat(e).hasMessageContaining("subprotocol that was not offered");
        }
    }

    @Test
    void refusesAServerThatChoosesNoSubprotocolUnlessToldOtherwise() throws Exception {
        builder.subprotocols("v1");
        try (var server = EchoServer.start()) {
            assertThatThrownBy(() -> manager().create(server.endpoint("/a"), SOON))
                    .isInstanceOf(WebSocketHandshakeException.class);
            await().until(() -> server.open() == 0);
            manager.close();
            builder.requireSubprotocol(false);
            assertThat(manager().create(server.endpoint("/a"), SOON).subprotocol())
                    .isEmpty();
        }
    }

    private WebSocketHandshakeException refused(MockWebServer server) {
        if (manager != null) {
            manager.close();
        }
        return catchThrowableOfType(
                WebSocketHandshakeException.class, () -> manager().create(endpointOf(server), SOON));
    }

    private static WebSocketEndpoint endpointOf(MockWebServer server) {
        return WebSocketEndpoint.of(server.url("/x").toString());
    }
}
