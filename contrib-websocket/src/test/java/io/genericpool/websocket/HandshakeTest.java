package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.util.Throwables.getStackTrace;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
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
        builder.header("X-Key", "hush\n");
        try (var server = EchoServer.start()) {
            assertThatThrownBy(() -> manager().create(server.endpoint("/a"), SOON))
                    .isInstanceOf(WebSocketConnectException.class)
                    .satisfies(e -> assertThat(e.getCause()).hasMessageContaining("X-Key"))
                    .satisfies(e -> assertThat(getStackTrace(e)).doesNotContain("hush"));
        }
    }

    @Test
    void refusesHeadersOfTheHandshake() {
        assertThatThrownBy(() -> builder.header("Sec-WebSocket-Extensions", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Sec-WebSocket-Extensions");
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
