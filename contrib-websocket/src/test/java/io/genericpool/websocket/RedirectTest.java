package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.WebSocketListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RedirectTest extends WithManager {
    private static final List<String> SECRETS =
            List.of("Authorization", "Cookie", "X-Key", "X-Source", "X-Interceptor", "Origin");

    private final MockWebServer server = new MockWebServer();
    private final MockWebServer other = new MockWebServer();
    private volatile int status = 302;
    private volatile String location = "/end";

    /** Redirects from /start, agrees to upgrades elsewhere. */
    private final Dispatcher dispatcher = new Dispatcher() {
        @Override
        public MockResponse dispatch(RecordedRequest request) {
            return request.getTarget().equals("/start")
                    ? new MockResponse.Builder()
                            .code(status)
                            .addHeader("Location", location)
                            .build()
                    : new MockResponse.Builder()
                            .webSocketUpgrade(new WebSocketListener() {})
                            .build();
        }
    };

    RedirectTest() {
        builder.header("Authorization", "Bearer hush")
                .header("Cookie", () -> "session=hush")
                .header("X-Key", "hush")
                .header("Origin", "https://app.example.com")
                .headers(endpoint -> Map.of("X-Source", "hush"))
                .subprotocols("v1")
                .requireSubprotocol(false)
                .customizeClient(client -> client.followRedirects(true)
                        .addInterceptor(chain -> chain.proceed(chain.request()
                                .newBuilder()
                                .header("X-Interceptor", "hush")
                                .build())));
    }

    @BeforeEach
    void start() throws Exception {
        server.setDispatcher(dispatcher);
        other.setDispatcher(dispatcher);
        server.start();
        other.start();
    }

    @AfterEach
    void stop() {
        manager.close();
        server.close();
        other.close();
    }

    private WebSocketEndpoint start(MockWebServer of) {
        return WebSocketEndpoint.of(of.url("/start").toString());
    }

    private static RecordedRequest taken(MockWebServer from) throws InterruptedException {
        RecordedRequest request = from.takeRequest(30, TimeUnit.SECONDS);
        assertThat(request).isNotNull();
        return request;
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 303, 307, 308})
    void carriesHeadersWithinAnOrigin(int redirect) throws Exception {
        status = redirect;
        assertThat(manager().create(start(server), SOON).isOpen()).isTrue();
        for (int i = 0; i < 2; i++) {
            RecordedRequest request = taken(server);
            assertThat(SECRETS)
                    .allSatisfy(
                            name -> assertThat(request.getHeaders().get(name)).isNotNull());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "ws", "HTTP", "Ws", ""})
    void carriesNoHeaderToAnotherOrigin(String scheme) throws Exception {
        String elsewhere = other.url("/end").toString();
        location = scheme.isEmpty() ? elsewhere.substring(5) : scheme + elsewhere.substring(4);
        assertThat(manager().create(start(server), SOON).isOpen()).isTrue();
        assertThat(taken(server).getHeaders().get("X-Key")).isEqualTo("hush");
        RecordedRequest request = taken(other);
        assertThat(SECRETS)
                .allSatisfy(name -> assertThat(request.getHeaders().get(name)).isNull());
        assertThat(request.getHeaders().toString()).doesNotContain("hush");
        assertThat(request.getHeaders().get("Sec-WebSocket-Protocol")).isEqualTo("v1");
    }

    @Test
    void doesNotCarryThemBackEither() throws Exception {
        location = other.url("/start").toString();
        String back = server.url("/end").toString();
        other.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse.Builder()
                        .code(307)
                        .addHeader("Location", back)
                        .build();
            }
        });
        assertThat(manager().create(start(server), SOON).isOpen()).isTrue();
        taken(server);
        assertThat(taken(server).getHeaders().toString()).doesNotContain("hush");
    }

    @Test
    void doesNotSendUserInformationToAnotherOrigin() throws Exception {
        location = other.url("/end").toString();
        String uri = server.url("/start").toString().replace("//", "//u:hush@");
        var plain = WebSocketConnectionManager.builder().customizeClient(client -> client.followRedirects(true));
        try (var redirecting = plain.build()) {
            redirecting.create(WebSocketEndpoint.of(uri), SOON);
            assertThat(taken(server).getHeaders().get("Authorization")).startsWith("Basic ");
            assertThat(taken(other).getHeaders().get("Authorization")).isNull();
        }
        manager();
    }

    @Test
    void givesUpOnACircle() {
        location = "/start";
        assertThatThrownBy(() -> manager().create(start(server), SOON))
                .isInstanceOf(WebSocketConnectException.class)
                .hasMessageContaining("redirects more than 20 times");
        assertThat(server.getRequestCount()).isEqualTo(21);
    }

    @Test
    void followsNoneUnlessToldTo() {
        builder.customizeClient(client -> {});
        var e = catchThrowableOfType(
                WebSocketHandshakeException.class, () -> manager().create(start(server), SOON));
        assertThat(e.status()).isEqualTo(302);
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://localhost:1/x", "wss://localhost:1/x", "ftp://localhost/x", "http://"})
    void followsNoneToAnotherSchemeUnlessToldTo(String elsewhere) {
        location = elsewhere;
        var e = catchThrowableOfType(
                WebSocketHandshakeException.class, () -> manager().create(start(server), SOON));
        assertThat(e.status()).isEqualTo(302);
    }
}
