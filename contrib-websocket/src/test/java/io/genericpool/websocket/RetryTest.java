package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.genericpool.PoolConfig;
import io.genericpool.testkit.FakePoolClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.WebSocketListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RetryTest {
    private final WebSocketConnectionManagerBuilder builder = WebSocketConnectionManager.builder()
            .retry(Retry.attempts(3).backoff(Duration.ofMillis(10), Duration.ofMillis(100)));
    private final MockWebServer server = new MockWebServer();
    private WebSocketConnectionManager manager;

    @BeforeEach
    void start() throws Exception {
        server.start();
        manager = builder.build();
    }

    @AfterEach
    void stop() {
        manager.close();
        await().until(() -> manager.openSockets() == 0);
        server.close();
    }

    private WebSocketEndpoint endpoint() {
        return WebSocketEndpoint.of(server.url("/x").toString());
    }

    private void answer(int status) {
        server.enqueue(new MockResponse.Builder().code(status).build());
    }

    private void upgrade() {
        server.enqueue(new MockResponse.Builder()
                .webSocketUpgrade(new WebSocketListener() {})
                .build());
    }

    @Test
    void triesAgainUntilItSucceeds() throws Exception {
        answer(500);
        answer(502);
        upgrade();
        assertThat(manager.create(endpoint(), SOON).isOpen()).isTrue();
        assertThat(server.getRequestCount()).isEqualTo(3);
    }

    @Test
    void givesUpAfterTheLastAttempt() {
        answer(500);
        answer(503);
        answer(502);
        var e = catchThrowableOfType(WebSocketHandshakeException.class, () -> manager.create(endpoint(), SOON));
        assertThat(e.status()).isEqualTo(502);
        assertThat(server.getRequestCount()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404})
    void doesNotRetryWhatIsFatal(int status) {
        answer(status);
        assertThatThrownBy(() -> manager.create(endpoint(), SOON)).isInstanceOf(WebSocketHandshakeException.class);
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void honoursRetryAfter() throws Exception {
        server.enqueue(new MockResponse.Builder()
                .code(429)
                .addHeader("Retry-After", "1")
                .build());
        upgrade();
        long began = System.nanoTime();
        manager.create(endpoint(), SOON);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void failsAtOnceWhenTheServerAsksForMoreTimeThanThereIs() {
        server.enqueue(new MockResponse.Builder()
                .code(503)
                .addHeader("Retry-After", "100")
                .build());
        long began = System.nanoTime();
        var e = catchThrowableOfType(WebSocketHandshakeException.class, () -> manager.create(endpoint(), SOON));
        assertThat(e.status()).isEqualTo(503);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON.dividedBy(2));
    }

    @Test
    void stopsWhenItIsCancelled() {
        manager.close();
        manager = builder.retry(Retry.attempts(100).backoff(Duration.ofSeconds(5), Duration.ofSeconds(10)))
                .build();
        answer(500);
        var connect = manager.createAsync(endpoint(), PoolConfig.NO_LIMIT);
        await().until(() -> server.getRequestCount() == 1);
        connect.cancel(true);
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void givesUpItsPauseWhenTheManagerIsClosed() {
        manager.close();
        manager = builder.retry(Retry.attempts(2).backoff(Duration.ofMinutes(5), Duration.ofMinutes(10)))
                .build();
        answer(500);
        var connect = manager.createAsync(endpoint(), PoolConfig.NO_LIMIT);
        await().until(() -> manager.stats().retries() == 1);
        manager.close();
        assertThatThrownBy(() -> connect.get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(WebSocketConnectException.class)
                .hasMessageContaining("manager was closed");
    }

    @Test
    void givesUpItsPlaceInTheRateWhenTheManagerIsClosed() throws Exception {
        manager.close();
        manager = builder.connectRate(ConnectRate.of(1, Duration.ofMinutes(5))).build();
        try (var echo = EchoServer.start()) {
            manager.create(echo.endpoint("/a"), SOON);
            var connect = manager.createAsync(echo.endpoint("/a"), PoolConfig.NO_LIMIT);
            manager.close();
            assertThatThrownBy(() -> connect.get(30, TimeUnit.SECONDS)).hasMessageContaining("manager was closed");
        }
    }

    @Test
    void keepsConnectsToTheirRate() throws Exception {
        manager.close();
        var clock = new FakePoolClock();
        manager = builder.clock(clock)
                .connectRate(ConnectRate.of(3, Duration.ofSeconds(3)))
                .build();
        try (var echo = EchoServer.start()) {
            var connects = new ArrayList<CompletableFuture<WebSocketConnection>>();
            for (int i = 0; i < 6; i++) {
                connects.add(manager.createAsync(echo.endpoint("/a"), PoolConfig.NO_LIMIT));
            }
            // Another endpoint has a rate of its own.
            manager.create(echo.endpoint("/b"), PoolConfig.NO_LIMIT);
            for (int open = 3; open <= 6; open++) {
                for (var connect : connects.subList(0, open)) {
                    connect.get(30, TimeUnit.SECONDS);
                }
                assertThat(manager.stats().connects()).isEqualTo(open + 1);
                assertThat(connects.subList(open, 6)).noneMatch(CompletableFuture::isDone);
                clock.advance(Duration.ofSeconds(1));
            }
        }
    }

    @Test
    void failsAConnectThatCannotComeInTime() throws Exception {
        manager.close();
        manager = builder.connectRate(ConnectRate.of(1, Duration.ofMinutes(5)).perOrigin())
                .build();
        try (var echo = EchoServer.start()) {
            manager.create(echo.endpoint("/a"), SOON);
            assertThatThrownBy(() -> manager.create(echo.endpoint("/b"), SOON))
                    .isInstanceOf(WebSocketTimeoutException.class)
                    .hasMessageContaining("rate");
        }
    }

    @Test
    void refusesSettingsOutOfBounds() {
        assertThatThrownBy(() -> Retry.attempts(0)).hasMessageContaining("attempts must be at least 1");
        assertThatThrownBy(() -> Retry.attempts(1).backoff(Duration.ofMillis(1), SOON))
                .hasMessageContaining("10 ms");
        assertThatThrownBy(() -> Retry.attempts(1).backoff(SOON, SOON)).hasMessageContaining("more than");
        assertThatThrownBy(() -> ConnectRate.of(0, SOON)).hasMessageContaining("connects must be at least 1");
        assertThatThrownBy(() -> ConnectRate.of(1, Duration.ZERO)).hasMessageContaining("period");
    }
}
