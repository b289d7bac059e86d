package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.genericpool.ConnectionCreateException;
import io.genericpool.testkit.FakePoolClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a pool makes of a peer that lets nobody in: a clear error, counts that are right, nothing left behind. */
@Timeout(60)
class RefusalTest {
    private static final String NAME = "refusal-test";

    /** How a peer answers an upgrade request, and the words that tell of it. */
    enum Refusal {
        OK("status 200", connection -> answer(connection, "200 OK")),
        UNAUTHORIZED("status 401", connection -> answer(connection, "401 Unauthorized")),
        TOO_MANY("status 429", connection -> answer(connection, "429 Too Many Requests", "Retry-After: 600")),
        UNAVAILABLE("status 503", connection -> answer(connection, "503 Service Unavailable", "Retry-After: 600")),
        RESET("no connection to", connection -> {
            connection.readRequest();
            connection.reset();
        }),
        END("no connection to", RawPeer.Connection::readRequest),
        NO_HTTP("no connection to", connection -> {
            connection.readRequest();
            connection.write("220 mail.example.com ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
        }),
        EXTRA_SUBPROTOCOL("subprotocol that was not offered", connection -> {
            connection.upgrade("Sec-WebSocket-Protocol: v3");
            connection.drain();
        }),
        EXTRA_EXTENSION("extension", connection -> {
            connection.upgrade("Sec-WebSocket-Extensions: x-made-up");
            connection.drain();
        });

        private final String words;
        private final RawPeer.Script script;

        Refusal(String words, RawPeer.Script script) {
            this.words = words;
            this.script = script;
        }

        private static void answer(RawPeer.Connection connection, String status, String... headers) throws Exception {
            connection.readRequest();
            var answer = new StringBuilder("HTTP/1.1 ").append(status).append("\r\nContent-Length: 0\r\n");
            for (String header : headers) {
                answer.append(header).append("\r\n");
            }
            connection.write(answer.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            connection.drain();
        }
    }

    @AfterEach
    void leavesNoThread() {
        ThreadsLeft.awaitNone(NAME);
    }

    private static WebSocketPoolBuilder builder(RawPeer peer) {
        return WebSocketPool.builder()
                .name(NAME)
                .baseUri(peer.endpoint().uri().toString())
                .maxSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void failsTheCallerAndLeavesNothing(Refusal refusal) throws Exception {
        try (var peer = RawPeer.start(refusal.script);
                var pool = builder(peer).build()) {
            var e = catchThrowableOfType(ConnectionCreateException.class, () -> pool.connection("/raw"));
            assertThat(e.getCause()).isInstanceOf(WebSocketException.class).hasMessageContaining(refusal.words);
            hasNothing(pool);
        }
    }

    private static void hasNothing(WebSocketPool pool) {
        await().until(() -> pool.stats().total() == 0);
        assertThat(pool.stats().leased()).isZero();
        assertThat(pool.stats().waiters()).isZero();
        assertThat(pool.stats().created()).isZero();
        assertThat(pool.traffic().openSockets()).isZero();
        assertThat(pool.traffic().failedConnects()).isEqualTo(1);
    }

    @Test
    void tellsWhatItWaitedForWhenNoAnswerCame() throws Exception {
        var clock = new FakePoolClock();
        var asked = new CountDownLatch(1);
        try (var peer = RawPeer.start(connection -> {
                    connection.readRequest();
                    asked.countDown();
                    connection.drain();
                });
                var pool = builder(peer)
                        .connections(knobs -> knobs.clock(clock))
                        .pool(knobs -> knobs.clock(clock))
                        .build()) {
            var lease = pool.connectionAsync("/raw");
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            // Just before the pool's own timer, by a clock that both go by.
            clock.advance(pool.pool().config().connectTimeout().minusMillis(1));
            assertThatThrownBy(() -> lease.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(ConnectionCreateException.class)
                    .satisfies(e -> assertThat(e.getCause().getCause())
                            .isInstanceOf(WebSocketTimeoutException.class)
                            .hasMessageContaining("waiting for the answer to the upgrade request"));
            hasNothing(pool);
        }
    }

    @Test
    void costsNothingOnceThePeerHasChangedItsMind() throws Exception {
        try (var server = EchoServer.start();
                var pool = WebSocketPool.builder()
                        .name(NAME)
                        .baseUri(server.endpoint("/").uri().toString())
                        .retry(Retry.attempts(2).backoff(Duration.ofMillis(10), Duration.ofMillis(20)))
                        .build()) {
            server.onUpgrade((request, response) -> {
                server.onUpgrade((again, agreed) -> {});
                throw new IllegalStateException("not yet");
            });
            pool.connection("/a").release();
            assertThat(pool.stats().failed()).isZero();
            assertThat(pool.traffic().failedConnects()).isEqualTo(1);
            assertThat(pool.traffic().retries()).isEqualTo(1);
            await().until(() -> server.opened() == 1);
        }
    }
}
