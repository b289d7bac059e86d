package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.testkit.FakePoolClock;
import io.genericpool.websocket.internal.queue.Termination;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeartbeatTest extends WithManager {
    private static final Duration INTERVAL = Duration.ofMillis(40);
    private static final Duration TIMEOUT = Duration.ofMillis(20);

    private final FakePoolClock clock = new FakePoolClock();

    private Managed connect(WebSocketEndpoint endpoint) throws Exception {
        return Managed.connect(manager(), endpoint);
    }

    @Test
    void tellsTheRoundTripOfAPing() throws Exception {
        try (var server = EchoServer.start()) {
            var connection = connect(server.endpoint("/a")).lease().connection;
            assertThat(connection.ping(SOON)).isPositive().isLessThan(SOON);
            assertThat(connection.stats().lastRoundTrip()).isPresent();
            assertThat(connection.stats().pingsOut()).isEqualTo(1);
            assertThat(connection.stats().pongsIn()).isEqualTo(1);
        }
    }

    @Test
    void endsAPingThatIsNotAnswered() throws Exception {
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            connection.hang();
        })) {
            var managed = connect(peer.endpoint());
            var connection = managed.lease().connection;
            assertThatThrownBy(() -> connection.ping(Duration.ofMillis(50)))
                    .isInstanceOf(WebSocketTimeoutException.class);
            assertThat(connection.isOpen()).isTrue();
            managed.connection.abort(Termination.byPool(1001));
            assertThatThrownBy(() -> connection.ping(SOON)).isInstanceOf(WebSocketClosedException.class);
        }
    }

    /** Lets the time pass until the next heartbeat is sent, and returns when the timer that checks it is set. */
    private void beat() {
        clock.advance(Duration.ofNanos(clock.nanosToNextEvent().orElseThrow()));
        await().until(() -> clock.pendingTimers() == 1);
    }

    @Test
    void keepsAConnectionWhosePeerAnswers() throws Exception {
        builder.clock(clock).heartbeat(Heartbeat.ping(INTERVAL).timeout(TIMEOUT));
        try (var server = EchoServer.start()) {
            var managed = connect(server.endpoint("/a"));
            for (int i = 1; i <= 5; i++) {
                int pongs = i;
                beat();
                await().until(() -> managed.connection.snapshot().pongsIn() == pongs);
                clock.advance(TIMEOUT);
            }
            assertThat(managed.connection.isOpen()).isTrue();
            try (var lease = managed.lease()) {
                lease.connection.send("x");
                assertThat(lease.connection.receive(SOON).text()).isEqualTo("/a|x");
            }
        }
    }

    @Test
    void findsAPeerThatVanishedWithinItsBound() throws Exception {
        builder.clock(clock).heartbeat(Heartbeat.ping(INTERVAL).timeout(TIMEOUT).tolerance(2));
        var answers = new AtomicInteger();
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            // Answers its first ping and no other.
            connection.awaitMessage();
            connection.frame(0x8a, new byte[8]);
            answers.incrementAndGet();
            connection.drain();
        })) {
            var managed = connect(peer.endpoint());
            beat();
            await().until(() ->
                    answers.get() == 1 && managed.connection.snapshot().pongsIn() == 1);
            long vanished = clock.nanoTime();
            clock.advance(TIMEOUT);
            for (int missing = 1; missing <= 3; missing++) {
                assertThat(managed.death).isNotDone();
                beat();
                clock.advance(TIMEOUT);
            }
            assertThat(managed.causeOfDeath()).hasMessageContaining("3 heartbeats");
            assertThat(Duration.ofNanos(clock.nanoTime() - vanished))
                    .isLessThanOrEqualTo(INTERVAL.multipliedBy(3).plus(TIMEOUT));
        }
    }

    @Test
    void findsAPeerThatVanishedWhileIdle() throws Exception {
        builder.heartbeat(Heartbeat.ping(INTERVAL).timeout(Duration.ofMillis(20)));
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            connection.drain();
        })) {
            var managed = connect(peer.endpoint());
            assertThat(managed.causeOfDeath()).hasMessageContaining("heartbeat");
        }
    }

    @Test
    void findsAPeerThatDoesNotEvenRead() throws Exception {
        builder.heartbeat(Heartbeat.ping(INTERVAL));
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            connection.hang();
        })) {
            var managed = connect(peer.endpoint());
            var lease = managed.lease();
            for (int i = 0; i < 30; i++) {
                var unused = lease.connection.sendAsync(Message.binary(new byte[1024 * 1024]));
            }
            assertThat(managed.causeOfDeath()).hasMessageContaining("heartbeat");
        }
    }

    @Test
    void toleratesAsManyMissingAnswersAsItIsTold() throws Exception {
        builder.clock(clock).heartbeat(Heartbeat.ping(INTERVAL).timeout(TIMEOUT).tolerance(1));
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            connection.drain();
        })) {
            var managed = connect(peer.endpoint());
            beat();
            clock.advance(TIMEOUT);
            assertThat(managed.connection.isOpen()).isTrue();
            beat();
            clock.advance(TIMEOUT);
            assertThat(managed.causeOfDeath()).hasMessageContaining("2 heartbeats");
        }
    }

    @Test
    void sendsMessagesAndKeepsTheAnswersFromUsers() throws Exception {
        builder.heartbeat(Heartbeat.message(INTERVAL, () -> Message.text("beat"))
                .tolerance(10_000)
                .answeredBy(message -> message.isText() && message.text().equals("/a|beat")));
        try (var server = EchoServer.start()) {
            var managed = connect(server.endpoint("/a"));
            await().until(() -> managed.connection.snapshot().messagesIn() >= 3);
            try (var lease = managed.lease()) {
                for (int i = 0; i < 20; i++) {
                    lease.connection.send("x" + i);
                    assertThat(lease.connection.receive(SOON).text()).isEqualTo("/a|x" + i);
                }
            }
            assertThat(managed.connection.snapshot().lastRoundTrip()).isPresent();
            assertThat(managed.connection.snapshot().messagesDropped()).isZero();
        }
    }

    @Test
    void takesSilenceForNothingWhileItsOwnReaderIsBlocked() throws Exception {
        builder.clock(clock)
                .heartbeat(Heartbeat.ping(INTERVAL).timeout(TIMEOUT))
                .inboundCapacity(1, 100);
        try (var server = EchoServer.start()) {
            var managed = connect(server.endpoint("/a"));
            var lease = managed.lease();
            for (int i = 0; i < 5; i++) {
                server.push("/a", "m" + i);
            }
            await().until(() -> managed.connection.inbound().isReaderBlocked());
            for (int i = 0; i < 3; i++) {
                beat();
                clock.advance(TIMEOUT);
            }
            // The first one's pong waits unread.
            await().until(() -> managed.connection.snapshot().pingsOut() == 1);
            assertThat(managed.connection.isOpen()).isTrue();
            for (int i = 0; i < 5; i++) {
                assertThat(lease.connection.receive(SOON).text()).isEqualTo("m" + i);
            }
            await().until(() -> managed.connection.snapshot().pongsIn() == 1);
            beat();
            await().until(() -> managed.connection.snapshot().pongsIn() == 2);
        }
    }

    @Test
    void answersPingsOfItsPeerAndIgnoresPongsThatNobodyAskedFor() throws Exception {
        var ponged = new CountDownLatch(1);
        try (var peer = RawPeer.start(connection -> {
            connection.upgrade();
            connection.frame(0x8a, new byte[8]);
            connection.frame(0x8a, new byte[3]);
            connection.frame(0x89, new byte[] {1});
            if ((connection.read() & 0xf) == 10) {
                ponged.countDown();
            }
            connection.text("still here");
            connection.drain();
        })) {
            var managed = connect(peer.endpoint());
            assertThat(ponged.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(managed.connection.isOpen()).isTrue();
            await().until(() -> managed.connection.snapshot().pingsIn() == 1);
        }
    }
}
