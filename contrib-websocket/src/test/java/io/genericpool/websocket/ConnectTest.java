package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.util.Throwables.getStackTrace;
import static org.awaitility.Awaitility.await;

import io.genericpool.DisposeReason;
import io.genericpool.PoolConfig;
import io.genericpool.testkit.RefusingPort;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectTest extends WithManager {
    /** Takes a request and never answers it. */
    private static final class Silence implements RawPeer.Script {
        final CountDownLatch requested = new CountDownLatch(1);
        final CountDownLatch gone = new CountDownLatch(1);

        @Override
        public void run(RawPeer.Connection connection) throws Exception {
            connection.readRequest();
            requested.countDown();
            connection.drain();
            gone.countDown();
        }
    }

    @Test
    void exchangesTextAndBinary() throws Exception {
        try (var server = EchoServer.start()) {
            WebSocketConnection connection = manager().create(server.endpoint("/a"), SOON);
            connection.send("hello");
            assertThat(connection.receive(SOON)).isEqualTo(Message.text("/a|hello"));
            connection.send(new byte[] {1, 2, 3});
            assertThat(connection.receive(SOON).toByteArray()).containsExactly(1, 2, 3);
            assertThat(connection.isOpen()).isTrue();
            assertThat(connection.closeCode()).isEmpty();
            server.awaitOpen(1);
        }
    }

    @Test
    void opensMoreSocketsThanADispatchersDefaultLimit() throws Exception {
        int count = 130;
        try (var server = EchoServer.start()) {
            manager();
            var connects = new ArrayList<CompletableFuture<WebSocketConnection>>();
            for (int i = 0; i < count; i++) {
                connects.add(manager.createAsync(server.endpoint("/" + i % 3), SOON));
            }
            var connections = new ArrayList<WebSocketConnection>();
            for (var connect : connects) {
                connections.add(connect.get(30, TimeUnit.SECONDS));
            }
            await().until(() -> server.open() == count);
            for (int i = 0; i < count; i++) {
                connections.get(i).send("m" + i);
            }
            for (int i = 0; i < count; i++) {
                assertThat(connections.get(i).receive(SOON).text()).isEqualTo("/" + i % 3 + "|m" + i);
            }
            assertThat(manager.openSockets()).isEqualTo(count);
            for (var connection : connections) {
                manager.dispose(connection.endpoint(), connection, DisposeReason.PRESSURE, SOON);
            }
            await().until(() -> server.open() == 0);
            assertThat(server.closeCodes()).hasSize(count).containsOnly(1000);
        }
    }

    @Test
    void endsOnTimeWhenTheUpgradeIsNeverAnswered() throws Exception {
        var silence = new Silence();
        try (var peer = RawPeer.start(silence)) {
            var timeout = Duration.ofSeconds(1);
            assertThatThrownBy(() -> manager().create(peer.endpoint(), timeout))
                    .isInstanceOf(WebSocketTimeoutException.class)
                    .satisfies(e -> assertThat(((WebSocketTimeoutException) e).timeout())
                            .isEqualTo(timeout));
            assertThat(silence.requested.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(silence.gone.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void endsOnTimeWhenTheSourceOfHeadersHangs() throws Exception {
        var release = new CountDownLatch(1);
        builder.headers(endpoint -> {
            release.await();
            return Map.of();
        });
        try (var server = EchoServer.start()) {
            assertThatThrownBy(() -> manager().create(server.endpoint("/a"), Duration.ofMillis(200)))
                    .isInstanceOf(WebSocketTimeoutException.class);
            release.countDown();
            assertThat(server.open()).isZero();
        }
    }

    @Test
    void cutsTheAttemptWhenItsFutureIsCancelled() throws Exception {
        var silence = new Silence();
        try (var peer = RawPeer.start(silence)) {
            var connect = manager().createAsync(peer.endpoint(), PoolConfig.NO_LIMIT);
            assertThat(silence.requested.await(30, TimeUnit.SECONDS)).isTrue();
            connect.cancel(true);
            assertThat(manager.stats().failedConnects()).isEqualTo(1);
            assertThat(silence.gone.await(30, TimeUnit.SECONDS)).isTrue();
            Throwable failure = connect.handle((connection, thrown) -> thrown).join(); // as the pool hears of it
            assertThat(failure)
                    .isInstanceOf(CancellationException.class)
                    .hasMessageContaining("waiting for the answer to the upgrade request");
        }
    }

    @Test
    void neverLeavesASocketBehindWhoeverWinsTheRaceOfOpeningAndCancelling() throws Exception {
        try (var server = EchoServer.start()) {
            manager();
            for (int i = 0; i < 100; i++) {
                var connect = manager.createAsync(server.endpoint("/a"), SOON);
                if (i % 2 == 0) {
                    await().pollInterval(Duration.ofNanos(1))
                            .pollDelay(Duration.ZERO)
                            .until(() -> server.open() > 0);
                }
                if (!connect.cancel(true)) {
                    var connection = connect.get();
                    manager.dispose(connection.endpoint(), connection, DisposeReason.DEAD, SOON);
                }
                await().pollInterval(Duration.ofMillis(1))
                        .pollDelay(Duration.ZERO)
                        .until(() -> server.open() == 0 && manager.openSockets() == 0);
            }
        }
    }

    @Test
    void failsWhenNobodyListens() throws Exception {
        try (var refusing = new RefusingPort()) {
            var endpoint = WebSocketEndpoint.of("ws://127.0.0.1:" + refusing.number() + "/?token=hush");
            assertThatThrownBy(() -> manager().create(endpoint, SOON))
                    .isInstanceOf(WebSocketConnectException.class)
                    .hasMessageContaining("127.0.0.1:" + refusing.number())
                    .satisfies(e -> assertThat(getStackTrace(e)).doesNotContain("hush"));
        }
    }

    @Test
    void failsWhenTheServerResetsTheConnection() throws Exception {
        try (var peer = RawPeer.start(connection -> {
            connection.readRequest();
            connection.reset();
        })) {
            assertThatThrownBy(() -> manager().create(peer.endpoint(), SOON))
                    .isInstanceOf(WebSocketConnectException.class);
        }
    }

    @Test
    void failsWhenTheServerSpeaksNoHttp() throws Exception {
        try (var peer =
                RawPeer.start(connection -> connection.write("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII)))) {
            assertThatThrownBy(() -> manager().create(peer.endpoint(), SOON))
                    .isInstanceOf(WebSocketConnectException.class);
        }
    }

    @Test
    void connectsNoMoreAfterItsClose() throws Exception {
        try (var server = EchoServer.start()) {
            var connection = manager().create(server.endpoint("/a"), SOON);
            manager.close();
            manager.close();
            await().until(() -> server.open() == 0);
            assertThat(connection.isOpen()).isFalse();
            assertThatThrownBy(() -> manager.create(server.endpoint("/a"), SOON))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void givesUpConnectsInFlightAtItsClose() throws Exception {
        var silence = new Silence();
        try (var peer = RawPeer.start(silence)) {
            var connect = manager().createAsync(peer.endpoint(), PoolConfig.NO_LIMIT);
            assertThat(silence.requested.await(30, TimeUnit.SECONDS)).isTrue();
            manager.close();
            assertThatThrownBy(() -> connect.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(WebSocketConnectException.class);
        }
    }

    @Test
    void leavesNoThread() throws Exception {
        builder.name("thread-test").virtualThreads(false);
        try (var server = EchoServer.start()) {
            for (int i = 0; i < 10; i++) {
                manager();
                manager.create(server.endpoint("/a"), SOON);
                manager.close();
            }
        }
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("thread-test")));
    }
}
