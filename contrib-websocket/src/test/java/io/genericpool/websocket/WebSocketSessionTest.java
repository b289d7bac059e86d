package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.genericpool.websocket.internal.socket.ConnectionView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebSocketSessionTest {
    private final Recorder recorder = new Recorder();
    private EchoServer server;
    private WebSocketPool pool;

    @BeforeEach
    void start() throws Exception {
        server = EchoServer.start();
        pool = WebSocketPool.builder()
                .baseUri(server.endpoint("/").uri().toString())
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        pool.close();
        server.close();
    }

    private static final class Recorder implements SessionListener {
        final ConcurrentLinkedQueue<String> texts = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<SessionState> states = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<Message> lost = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<Integer> failuresInARow = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<Duration> pauses = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<String> gaps = new ConcurrentLinkedQueue<>();
        final AtomicInteger disconnects = new AtomicInteger();
        final ConcurrentLinkedQueue<WebSocketConnection> connections = new ConcurrentLinkedQueue<>();

        @Override
        public void onMessage(Message message) {
            texts.add(message.text());
        }

        @Override
        public void onState(SessionState state) {
            states.add(state);
        }

        @Override
        public void onConnected(WebSocketConnection connection, long reconnects) {
            connections.add(connection);
        }

        @Override
        public void onDisconnected(Throwable cause) {
            disconnects.incrementAndGet();
        }

        @Override
        public void onBackingOff(int failures, Duration pause) {
            failuresInARow.add(failures);
            pauses.add(pause);
        }

        @Override
        public void onLost(List<Message> messages) {
            lost.addAll(messages);
        }

        @Override
        public void onGap(long lastSeen, long next) {
            gaps.add(lastSeen + ".." + next);
        }
    }

    /** A session whose connection is replaced as soon as its peer says so, and not before. */
    private WebSocketSessionBuilder watchful() {
        pool.close();
        pool = WebSocketPool.builder()
                .baseUri(server.endpoint("/").uri().toString())
                .retireOn(message -> message.text().equals("GoAway"))
                .build();
        return builder();
    }

    private WebSocketSessionBuilder builder() {
        return pool.session("/s", recorder).backoff(Duration.ofMillis(20), Duration.ofMillis(100));
    }

    @Test
    void subscribesAgainAfterTheConnectionDied() {
        try (var session = builder().start()) {
            session.subscribe("trades", Message.text("subscribe"));
            await().until(() -> recorder.texts.size() == 1);
            server.kill("/s");
            await().until(() -> recorder.texts.size() == 2);
            assertThat(recorder.texts).containsExactly("/s|subscribe", "/s|subscribe");
            assertThat(session.reconnects()).isEqualTo(1);
            assertThat(recorder.states)
                    .containsExactly(
                            SessionState.CONNECTING,
                            SessionState.CONNECTED,
                            SessionState.BACKING_OFF,
                            SessionState.CONNECTING,
                            SessionState.CONNECTED);
            session.unsubscribe("trades", Message.text("unsubscribe"));
            await().until(() -> recorder.texts.contains("/s|unsubscribe"));
            server.kill("/s");
            await().until(() -> session.reconnects() == 2);
            session.send(Message.text("x"));
            await().until(() -> recorder.texts.contains("/s|x"));
            assertThat(recorder.texts).filteredOn("/s|subscribe"::equals).hasSize(2);
        }
        await().until(() -> recorder.states.contains(SessionState.CLOSED));
        await().until(() -> server.open() == 0);
    }

    @Test
    void keepsWhatIsSentWhileThereIsNoConnection() throws Exception {
        server.close();
        try (var session = builder().buffer(2, OverflowPolicy.DROP_OLDEST).start()) {
            await().until(() -> recorder.disconnects.get() > 0);
            for (int i = 0; i < 3; i++) {
                session.send(Message.text("m" + i));
            }
            assertThat(recorder.lost).containsExactly(Message.text("m0"));
            assertThat(session.state()).isNotEqualTo(SessionState.CONNECTED);
        }
        assertThat(recorder.lost).containsExactly(Message.text("m0"), Message.text("m1"), Message.text("m2"));
    }

    @Test
    void failsTheSenderWhenTheBufferIsFullAndItsPolicySaysSo() throws Exception {
        server.close();
        try (var session = builder().buffer(1, OverflowPolicy.FAIL).start()) {
            session.send(Message.text("m0"));
            assertThatThrownBy(() -> session.send(Message.text("m1"))).isInstanceOf(IllegalStateException.class);
            session.close();
            assertThatThrownBy(() -> session.send(Message.text("m2"))).hasMessageContaining("closed");
        }
    }

    @Test
    void replacesAConnectionBeforeItGivesItUp() {
        try (var session = builder().rotateAfter(Duration.ofMillis(400)).start()) {
            session.subscribe("s", Message.text("subscribe"));
            await().until(() -> session.reconnects() >= 3);
            // At least: the server may hear late that an earlier one is gone.
            assertThat(server.most()).isGreaterThanOrEqualTo(2);
            assertThat(recorder.states).doesNotContain(SessionState.BACKING_OFF);
            await().until(() -> recorder.texts.size() >= 4);
        }
    }

    @Test
    void asksForWhatItHasMissedAndDropsWhatItHasSeen() {
        try (var session = builder()
                .replay(message -> number(message.text()), lastSeen -> List.of(Message.text("from " + lastSeen)))
                .start()) {
            await().until(() -> session.state() == SessionState.CONNECTED);
            for (int i = 1; i <= 3; i++) {
                server.push("/s", "n" + i);
            }
            await().until(() -> recorder.texts.contains("n3"));
            server.kill("/s");
            await().until(() -> recorder.texts.contains("/s|from 3"));
            server.push("/s", "n2");
            server.push("/s", "n3");
            server.push("/s", "n6");
            await().until(() -> recorder.texts.contains("n6"));
            assertThat(recorder.texts).filteredOn("n3"::equals).hasSize(1);
            assertThat(recorder.gaps).containsExactly("3..6");
        }
    }

    @Test
    void goesOnWithTheNewConnectionWhenTheOldOneEndsDuringItsReplacement() {
        LongFunction<List<Message>> replay = lastSeen -> {
            // In the middle of a replacement: the new connection is there, the old one not yet given up.
            recorder.connections.element().close();
            return List.of();
        };
        try (var session =
                watchful().replay(message -> number(message.text()), replay).start()) {
            await().until(() -> session.state() == SessionState.CONNECTED);
            server.push("/s", "n1");
            server.push("/s", "GoAway");
            await().until(() -> session.reconnects() == 1);
            session.send(Message.text("x"));
            await().until(() -> recorder.texts.contains("/s|x"));
            assertThat(recorder.states).doesNotContain(SessionState.BACKING_OFF);
            await().until(() -> pool.stats().leased() == 1 && server.open() == 1);
        }
        await().until(() -> pool.stats().total() == 0);
    }

    @Test
    void tellsAGapAfterAReplacementEvenWhenTheOldConnectionHadMore() {
        LongFunction<List<Message>> replay = lastSeen -> {
            var old = recorder.connections.element();
            long before = old.stats().messagesIn();
            server.push("/s", "n2");
            await().until(() -> old.stats().messagesIn() > before);
            await().until(() -> ((ConnectionView) old).open().inbound().size() == 1);
            return List.of();
        };
        try (var session =
                watchful().replay(message -> number(message.text()), replay).start()) {
            await().until(() -> session.state() == SessionState.CONNECTED);
            server.push("/s", "n1");
            server.push("/s", "GoAway");
            await().until(() -> session.reconnects() == 1 && recorder.texts.contains("n2"));
            await().until(() -> server.open() == 1);
            server.push("/s", "n5");
            await().until(() -> recorder.texts.contains("n5"));
            assertThat(recorder.texts).containsExactly("n1", "GoAway", "n2", "n5");
            assertThat(recorder.gaps).containsExactly("2..5");
        }
    }

    @Test
    void beginsItsPausesAnewAfterAStableConnection() {
        try (var session = builder().stableAfter(Duration.ZERO).start()) {
            loseConnections(session, 4);
            assertThat(recorder.failuresInARow).containsExactly(1, 1, 1, 1);
            assertThat(recorder.pauses)
                    .allSatisfy(pause -> assertThat(pause).isBetween(Duration.ofMillis(10), Duration.ofMillis(30)));
        }
    }

    @Test
    void makesItsPausesLongerWhileNoConnectionIsStable() {
        try (var session = builder().stableAfter(Duration.ofHours(1)).start()) {
            loseConnections(session, 4);
            assertThat(recorder.failuresInARow).containsExactly(1, 2, 3, 4);
            // 20 ms, doubled up to 100 ms, each randomised by half.
            assertThat(recorder.pauses).last().satisfies(pause -> assertThat(pause)
                    .isBetween(Duration.ofMillis(50), Duration.ofMillis(150)));
        }
    }

    private void loseConnections(WebSocketSession session, int count) {
        for (int i = 0; i < count; i++) {
            int before = i;
            await().until(() -> recorder.connections.size() == before + 1 && server.open() == 1);
            server.kill("/s");
            await().until(() -> recorder.failuresInARow.size() == before + 1);
        }
        await().until(() -> session.reconnects() == count);
        assertThat(pool.traffic().reconnects()).isEqualTo(count);
    }

    @Test
    void takesAnAcquireThatTakesLongForNoStableConnection() throws Exception {
        try (var silent = RawPeer.start(RawPeer.Connection::drain);
                var slow = WebSocketPool.builder()
                        .acquireTimeout(Duration.ofMillis(30))
                        .build()) {
            long began = System.nanoTime();
            var session = slow.session(silent.endpoint().uri().toString(), recorder)
                    .backoff(Duration.ofMillis(20), Duration.ofSeconds(10))
                    .stableAfter(Duration.ofMillis(1))
                    .start();
            await().until(() -> recorder.disconnects.get() == 8);
            session.close();
            // Seven pauses that double from 20 ms on, each shortened to its half at most.
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(1270));
            slow.close(Duration.ZERO);
        }
    }

    @Test
    void replacesAConnectionWhosePeerGivesNotice() {
        try (var watchful = WebSocketPool.builder()
                        .retireOn(message -> message.text().equals("GoAway"))
                        .build();
                var session = watchful.session(server.endpoint("/s").uri().toString(), recorder)
                        .start()) {
            session.subscribe("s", Message.text("subscribe"));
            await().until(() -> recorder.texts.contains("/s|subscribe"));
            server.push("/s", "GoAway");
            await().until(() -> session.reconnects() == 1 && server.open() == 1);
            assertThat(recorder.states).doesNotContain(SessionState.BACKING_OFF);
            assertThat(recorder.texts).containsExactly("/s|subscribe", "GoAway", "/s|subscribe");
        }
    }

    @Test
    void refusesItsListenerTheWaitThatNobodyWouldEnd() throws Exception {
        var refused = new CompletableFuture<Throwable>();
        var started = new CompletableFuture<WebSocketSession>();
        var listener = new SessionListener() {
            @Override
            public void onMessage(Message message) {}

            @Override
            public void onDisconnected(Throwable cause) {
                refused.complete(catchThrowable(() -> started.join().send(Message.text("x"))));
            }
        };
        server.close();
        try (var session =
                pool.session("/s", listener).buffer(0, OverflowPolicy.BLOCK).start()) {
            started.complete(session);
            assertThat(refused.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("full");
        }
    }

    @Test
    void refusesWhatCanNeverBeSentInsteadOfKeepingIt() throws Exception {
        server.close();
        try (var session = builder().start()) {
            var large = Message.binary(new byte[16 * 1024 * 1024 + 1]);
            assertThatThrownBy(() -> session.send(large)).isInstanceOf(MessageTooLargeException.class);
            assertThatThrownBy(() -> session.subscribe("s", large)).isInstanceOf(MessageTooLargeException.class);
        }
        assertThat(recorder.lost).isEmpty();
    }

    private static long number(String text) {
        return text.startsWith("n") ? Long.parseLong(text.substring(1)) : -1;
    }

    @Test
    void survivesAListenerThatThrows() {
        SessionListener listener = message -> {
            recorder.onMessage(message);
            throw new IllegalStateException("boom");
        };
        try (var session = pool.session("/s", listener).start()) {
            session.send(Message.text("a"));
            session.send(Message.text("b"));
            await().until(() -> recorder.texts.size() == 2);
        }
    }

    @Test
    void endsWithItsPool() {
        var session = builder().start();
        await().until(() -> session.state() == SessionState.CONNECTED);
        pool.close(Duration.ofMillis(200));
        await().until(() -> session.state() == SessionState.CLOSED);
    }
}
