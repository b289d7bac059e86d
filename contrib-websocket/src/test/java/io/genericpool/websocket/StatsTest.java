package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.testkit.FakePoolClock;
import java.time.Duration;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StatsTest {
    private static final Duration TOKEN = Duration.ofMillis(70);
    private static final Duration ANSWER = Duration.ofMillis(30);

    @Test
    void tellsWhatAConnectAndItsUpgradeTook() throws Exception {
        var clock = new FakePoolClock();
        try (var server = EchoServer.start();
                var manager = WebSocketConnectionManager.builder()
                        .clock(clock)
                        .headers(endpoint -> {
                            clock.advance(TOKEN);
                            return Map.of();
                        })
                        .build()) {
            server.onUpgrade((request, response) -> clock.advance(ANSWER));
            var first = manager.create(server.endpoint("/a"), SOON);
            assertThat(first.stats().connectTime()).isEqualTo(TOKEN.plus(ANSWER));
            assertThat(first.stats().upgradeTime()).isEqualTo(ANSWER);

            server.onUpgrade((request, response) -> clock.advance(ANSWER.multipliedBy(3)));
            var second = manager.create(server.endpoint("/a"), SOON);
            assertThat(second.stats().upgradeTime()).isEqualTo(ANSWER.multipliedBy(3));

            var sums = manager.stats();
            assertThat(sums.connects()).isEqualTo(2);
            assertThat(sums.totalConnectTime()).isEqualTo(TOKEN.multipliedBy(2).plus(ANSWER.multipliedBy(4)));
            assertThat(sums.longestConnectTime()).isEqualTo(TOKEN.plus(ANSWER.multipliedBy(3)));
            assertThat(sums.totalUpgradeTime()).isEqualTo(ANSWER.multipliedBy(4));
            assertThat(sums.longestUpgradeTime()).isEqualTo(ANSWER.multipliedBy(3));
        }
    }

    @Test
    void countsARefusedConnectButNotItsTimes() throws Exception {
        try (var server = new MockWebServer();
                var manager = WebSocketConnectionManager.builder().build()) {
            server.enqueue(new MockResponse.Builder().code(500).build());
            server.start();
            var refused =
                    manager.createAsync(WebSocketEndpoint.of(server.url("/").toString()), SOON);
            await().until(refused::isCompletedExceptionally);
            assertThat(manager.stats().failedConnects()).isEqualTo(1);
            assertThat(manager.stats().connects()).isZero();
            assertThat(manager.stats().longestUpgradeTime()).isZero();
        }
    }

    @Test
    void countsMessagesBytesPingsAndTimesOfAConnection() throws Exception {
        try (var server = EchoServer.start();
                var manager = WebSocketConnectionManager.builder().build()) {
            var connection = manager.create(server.endpoint("/a"), SOON);
            connection.send("hello");
            assertThat(connection.receive(SOON).text()).isEqualTo("/a|hello");
            Duration roundTrip = connection.ping(SOON);
            var stats = connection.stats();
            assertThat(stats.messagesOut()).isEqualTo(1);
            assertThat(stats.messagesIn()).isEqualTo(1);
            // Two bytes of header, four of the mask; a ping has eight bytes more, and so has its pong.
            assertThat(stats.bytesOut()).isEqualTo(6 + 5 + 6 + 8);
            assertThat(stats.bytesIn()).isEqualTo(2 + 8 + 2 + 8);
            assertThat(stats.pingsOut()).isEqualTo(1);
            assertThat(stats.pongsIn()).isEqualTo(1);
            assertThat(stats.lastRoundTrip()).contains(roundTrip);
            assertThat(stats.age()).isPositive();
            assertThat(stats.silence()).isBetween(Duration.ZERO, stats.age());
        }
    }

    @Test
    void keepsTheCountsOfConnectionsThatAreGone() throws Exception {
        try (var server = EchoServer.start();
                var pool = WebSocketPool.builder()
                        .baseUri(server.endpoint("/").uri().toString())
                        .build()) {
            for (int i = 0; i < 3; i++) {
                try (var lease = pool.connection("/a")) {
                    lease.connection().send("x");
                    lease.connection().receive(SOON);
                    lease.connection().close(4000, "done");
                }
                await().until(() -> pool.traffic().openSockets() == 0);
            }
            var traffic = pool.traffic();
            assertThat(traffic.messagesIn()).isEqualTo(3);
            assertThat(traffic.messagesOut()).isEqualTo(3);
            assertThat(traffic.closeCodes()).containsOnlyKeys(4000).containsEntry(4000, 3L);
            assertThat(traffic.reconnects()).isZero();
        }
    }
}
