package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.CircuitState;
import io.genericpool.PoolClosedException;
import io.genericpool.websocket.internal.session.SessionSettings;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How sessions end, by themselves and with their pool. */
@Timeout(60)
class SessionEndTest {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);
    private final CountDownLatch reached = new CountDownLatch(1);
    private final SessionListener listener = new SessionListener() {
        @Override
        public void onMessage(Message message) {}

        @Override
        public void onState(SessionState state) {
            if (state == SessionState.CLOSED) {
                ended.countDown();
            }
        }
    };

    /** Takes connections and never answers; tells when the first one is there, and when it has ended. */
    private RawPeer silent() throws Exception {
        return RawPeer.start(connection -> {
            reached.countDown();
            connection.drain();
            gone.countDown();
        });
    }

    private static WebSocketPoolBuilder patient() {
        return WebSocketPool.builder()
                .acquireTimeout(Duration.ofHours(1))
                .connectTimeout(Duration.ofHours(1))
                .connections(knobs -> knobs.ioTimeout(Duration.ofMinutes(10)));
    }

    private static boolean happens(CountDownLatch latch) throws InterruptedException {
        return latch.await(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsAtOnceWhileItIsConnectingAndGivesTheConnectUp(boolean retries) throws Exception {
        var builder = patient();
        if (retries) {
            builder.retry(Retry.attempts(5));
        }
        try (var peer = silent();
                var pool = builder.build()) {
            var session =
                    pool.session(peer.endpoint().uri().toString(), listener).start();
            assertThat(happens(reached)).isTrue();
            session.close();
            assertThat(happens(ended)).isTrue();
            assertThat(happens(gone)).isTrue();
            await().until(() -> pool.stats().total() == 0);
            // It says nothing about the endpoint.
            assertThat(pool.pool().stats(peer.endpoint()).stream())
                    .allSatisfy(stats -> assertThat(stats.circuit().state()).isEqualTo(CircuitState.CLOSED));
        }
    }

    @Test
    void leavesAConnectToOthersWhoWaitForIt() throws Exception {
        try (var peer = RawPeer.start(connection -> {
                    reached.countDown();
                    connection.awaitGo();
                    connection.upgrade();
                    connection.drain();
                });
                var pool = patient().maxSize(1).build()) {
            String uri = peer.endpoint().uri().toString();
            var session = pool.session(uri, listener).start();
            assertThat(happens(reached)).isTrue();
            var other = pool.connectionAsync(uri);
            session.close();
            assertThat(happens(ended)).isTrue();
            peer.go();
            other.get(30, TimeUnit.SECONDS).release();
            assertThat(pool.stats().created()).isEqualTo(1);
        }
    }

    @Test
    void endsAtOnceWhileItPauses() throws Exception {
        var paused = new CountDownLatch(1);
        try (var pool = WebSocketPool.builder().build()) {
            var session = pool.session("ws://127.0.0.1:1/", new SessionListener() {
                        @Override
                        public void onMessage(Message message) {}

                        @Override
                        public void onBackingOff(int failures, Duration pause) {
                            paused.countDown();
                        }

                        @Override
                        public void onState(SessionState state) {
                            listener.onState(state);
                        }
                    })
                    .backoff(Duration.ofHours(1), Duration.ofHours(2))
                    .start();
            assertThat(happens(paused)).isTrue();
            session.close();
            assertThat(happens(ended)).isTrue();
        }
    }

    @Test
    void endsWithItsPoolWithoutHoldingItUp() throws Exception {
        try (var server = EchoServer.start()) {
            var pool = WebSocketPool.builder()
                    .baseUri(server.endpoint("/").uri().toString())
                    .build();
            var session = pool.session("/s", listener).start();
            await().until(() -> session.state() == SessionState.CONNECTED);
            var report = Async.supply(() -> pool.close(Duration.ofHours(1))).get(30, TimeUnit.SECONDS);
            assertThat(report.revoked()).isZero();
            assertThat(happens(ended)).isTrue();
            var late = new CountDownLatch(1);
            pool.session("/s", new SessionListener() {
                        @Override
                        public void onMessage(Message message) {}

                        @Override
                        public void onState(SessionState state) {
                            if (state == SessionState.CLOSED) {
                                late.countDown();
                            }
                        }
                    })
                    .start();
            assertThat(happens(late)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void doNotMakeThePoolWaitForConnectsThatNothingWaitsFor(boolean retries) throws Exception {
        try (var peer = silent()) {
            var builder = patient();
            if (retries) {
                builder.retry(Retry.attempts(5));
            }
            var pool = builder.build();
            var lease = pool.connectionAsync(peer.endpoint().uri().toString());
            assertThat(happens(reached)).isTrue();
            var report = Async.supply(() -> pool.close(Duration.ofHours(1))).get(30, TimeUnit.SECONDS);
            assertThat(report.abandoned()).isZero();
            assertThatThrownBy(lease::join).hasCauseInstanceOf(PoolClosedException.class);
            assertThat(happens(gone)).isTrue();
        }
    }

    @Test
    void doNotGoByWhatTheBuilderIsToldLater() throws Exception {
        try (var server = EchoServer.start();
                var pool = WebSocketPool.builder()
                        .baseUri(server.endpoint("/").uri().toString())
                        .build()) {
            var builder = pool.session("/s", listener);
            SessionSettings settings = builder.settings();
            try (var session = builder.start()) {
                await().until(() -> session.state() == SessionState.CONNECTED);
                builder.rotateAfter(Duration.ofNanos(1))
                        .buffer(0, OverflowPolicy.FAIL)
                        .stableAfter(Duration.ZERO)
                        .overlap(Duration.ZERO)
                        .backoff(Duration.ofHours(1), Duration.ofHours(2))
                        .replay(message -> 1, last -> java.util.List.of())
                        .startsAnewWhen(message -> true);
                assertThat(builder.settings()).isNotEqualTo(settings);
                for (int i = 0; i < 5; i++) {
                    server.kill("/s");
                    int before = i;
                    await().until(() -> session.reconnects() == before + 1);
                }
                assertThat(session.reconnects()).isEqualTo(5);
            }
        }
    }

    /** The pause after a connection that has held for five seconds, beside those five seconds. */
    @Test
    void areConnectedMostOfTheTimeBesideAServerThatDropsEachConnectionAfterFiveSeconds() throws Exception {
        try (var pool = WebSocketPool.builder().build()) {
            SessionSettings settings =
                    pool.session("ws://127.0.0.1:1/", listener).settings();
            Duration held = Duration.ofSeconds(5);
            assertThat(settings.stableAfter()).isLessThan(held);
            for (int i = 0; i < 1000; i++) {
                assertThat(settings.backoff().pauseNanos(1, null)).isLessThan(held.toNanos() / 5);
            }
        }
    }
}
