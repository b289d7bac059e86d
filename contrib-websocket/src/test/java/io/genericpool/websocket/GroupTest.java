package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.EndpointGroup;
import io.genericpool.Lease;
import io.genericpool.PoolClosedException;
import io.genericpool.group.Routing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leases and sessions over three regions, each a real server. The second one stands behind a proxy that may hang. */
@Timeout(120)
class GroupTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final List<String> TOPICS = List.of("trades", "quotes", "news");

    private EchoServer eu;
    private EchoServer us;
    private EchoServer ap;
    private HangingProxy usProxy;
    private WebSocketPool pool;

    @BeforeEach
    void start() throws Exception {
        eu = EchoServer.start();
        us = EchoServer.start();
        ap = EchoServer.start();
        usProxy = HangingProxy.start(us.endpoint("/"));
        pool = WebSocketPool.builder()
                .heartbeat(Heartbeat.ping(Duration.ofMillis(200)).timeout(Duration.ofMillis(200)))
                .maxSize(50)
                .pool(knobs -> knobs.connectTimeout(Duration.ofSeconds(5)).totalMaxSize(200))
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        pool.close();
        usProxy.close();
        eu.close();
        us.close();
        ap.close();
    }

    private EndpointGroup<WebSocketEndpoint, WebSocketConnection> regions(Routing<WebSocketEndpoint> routing) {
        return pool.group("regions", routing, uris());
    }

    private String[] uris() {
        return new String[] {
            eu.endpoint("/eu").uri().toString(),
            usProxy.endpoint("/us").uri().toString(),
            ap.endpoint("/ap").uri().toString()
        };
    }

    private static String region(Lease<WebSocketEndpoint, WebSocketConnection> lease) {
        return lease.endpoint().path();
    }

    private static final class Recorder implements SessionListener {
        final Queue<String> texts = new ConcurrentLinkedQueue<>();
        final Queue<String> moves = new ConcurrentLinkedQueue<>();
        final AtomicInteger connections = new AtomicInteger();

        @Override
        public void onMessage(Message message) {
            texts.add(message.text());
        }

        @Override
        public void onConnected(WebSocketConnection connection, long reconnects) {
            connections.incrementAndGet();
        }

        @Override
        public void onMoved(WebSocketEndpoint from, WebSocketEndpoint to) {
            moves.add(from.path() + " " + to.path());
        }

        void awaitTopics(String region) {
            await().atMost(SOON).untilAsserted(() -> assertThat(texts)
                    .contains(TOPICS.stream()
                            .map(topic -> region + EchoServer.SEPARATOR + topic)
                            .toArray(String[]::new)));
        }
    }

    private static void subscribe(WebSocketSession session) {
        TOPICS.forEach(topic -> session.subscribe(topic, Message.text(topic)));
    }

    private WebSocketSession session(
            EndpointGroup<WebSocketEndpoint, WebSocketConnection> group, SessionListener listener) {
        return pool.session(group, listener)
                .backoff(Duration.ofMillis(10), Duration.ofMillis(100))
                .start();
    }

    @Test
    void leasesFollowTheOrderAndPassOverARegionThatIsDown() throws Exception {
        var regions = regions(Routing.inOrder());
        try (var lease = regions.connection()) {
            assertThat(region(lease)).isEqualTo("/eu");
            lease.connection().send("x");
            assertThat(lease.connection().receive(SOON).text()).isEqualTo("/eu|x");
        }
        eu.close();
        pool.pool().evictAll();
        try (var lease = regions.connection()) {
            assertThat(region(lease)).isEqualTo("/us");
        }
        String text = regions.use(connection -> {
            connection.send("y");
            return connection.receive(SOON).text();
        });
        assertThat(text).isEqualTo("/us|y");
        assertThat(regions.stats().spillOvers()).isEqualTo(1);
    }

    @Test
    void aRegionThatHangsCostsARequestTheSpillTimeOnly() {
        usProxy.hang();
        var regions = pool.group(
                "regions",
                Routing.inOrder().spillAfter(Duration.ofMillis(50)),
                usProxy.endpoint("/us").uri().toString(),
                ap.endpoint("/ap").uri().toString());
        try (var lease = regions.connection(Duration.ofSeconds(3))) { // less than the connectTimeout
            assertThat(region(lease)).isEqualTo("/ap");
        }
    }

    @Test
    void aSessionMovesWithItsSubscriptionsWhenItsRegionIsDown() throws Exception {
        var recorder = new Recorder();
        try (var session = session(regions(Routing.inOrder()), recorder)) {
            subscribe(session);
            recorder.awaitTopics("/eu");
            assertThat(session.endpoint()).contains(eu.endpoint("/eu"));
            eu.close();
            recorder.awaitTopics("/us");
            await().until(() -> recorder.moves.size() == 1);
            assertThat(recorder.moves).containsExactly("/eu /us");
            assertThat(session.endpoint()).contains(usProxy.endpoint("/us"));
            assertThat(session.moves()).isEqualTo(1);
            assertThat(session.reconnects()).isEqualTo(1);
            assertThat(pool.traffic().moves()).isEqualTo(1);
            assertThat(session).hasToString("session to group regions, CONNECTED");

            usProxy.hang(); // only the heartbeat can tell
            recorder.awaitTopics("/ap");
            await().until(() -> recorder.moves.size() == 2);
            assertThat(recorder.moves).containsExactly("/eu /us", "/us /ap");

            // Alive in both directions.
            ap.push("/ap", "tick");
            session.send(Message.text("tock"));
            await().atMost(SOON).until(() -> recorder.texts.containsAll(List.of("tick", "/ap|tock")));
        }
        await().until(() -> ap.open() == 0);
    }

    @Test
    void aConnectionThatOnlyDiedIsReplacedInTheSameRegion() {
        var recorder = new Recorder();
        try (var session = session(regions(Routing.inOrder()), recorder)) {
            subscribe(session);
            recorder.awaitTopics("/eu");
            recorder.texts.clear();
            eu.kill("/eu");
            recorder.awaitTopics("/eu");
            await().until(() -> recorder.connections.get() == 2);
            assertThat(session.moves()).isZero();
            assertThat(recorder.moves).isEmpty();
        }
    }

    /** The policy decides at each planned replacement. Here the preferred region changes. */
    @Test
    void aSessionReturnsToABetterRegionWhenItsConnectionIsReplaced() {
        var regions = regions(Routing.inOrder());
        var recorder = new Recorder();
        try (var session = pool.session(regions, recorder)
                .rotateAfter(Duration.ofMillis(300))
                .overlap(Duration.ZERO)
                .start()) {
            subscribe(session);
            recorder.awaitTopics("/eu");
            regions.members(List.of(ap.endpoint("/ap"), eu.endpoint("/eu")));
            recorder.awaitTopics("/ap");
            await().until(() -> recorder.moves.contains("/eu /ap"));
            assertThat(recorder.moves.peek()).isEqualTo("/eu /ap");
        }
    }

    /** An idle connection of the group may be as old as the one that is to be replaced. */
    @Test
    void aReplacementOverAGroupIsANewConnection() {
        var regions = regions(Routing.inOrder());
        var one = regions.connection();
        var two = regions.connection();
        one.release();
        two.release(); // two idle ones: the session takes one, and the other waits
        await().until(() -> pool.stats().idle() == 2);
        eu.awaitOpened(2);
        var opened = new ConcurrentLinkedQueue<Long>();
        long began = System.nanoTime();
        try (var session = pool.session(regions, new SessionListener() {
                    @Override
                    public void onMessage(Message message) {}

                    @Override
                    public void onConnected(WebSocketConnection connection, long reconnects) {
                        opened.add(System.nanoTime() - connection.stats().age().toNanos() - began);
                    }
                })
                .rotateAfter(Duration.ofMillis(300))
                .overlap(Duration.ZERO)
                .start()) {
            await().until(() -> opened.size() >= 2);
            assertThat(opened.remove()).isNegative();
            assertThat(opened.remove()).isPositive();
            assertThat(session.moves()).isZero();
        }
    }

    @Test
    void allSubscriptionsOfManySessionsLiveOnWhenOneRegionDiesAndAnotherHangs() throws Exception {
        var regions = regions(Routing.<WebSocketEndpoint>roundRobin().spillAfter(Duration.ofMillis(100)));
        int count = 15;
        var sessions = new ArrayList<WebSocketSession>();
        var recorders = new ArrayList<Recorder>();
        try {
            for (int i = 0; i < count; i++) {
                recorders.add(new Recorder());
                sessions.add(session(regions, recorders.get(i)));
                subscribe(sessions.get(i));
            }
            await().atMost(SOON).until(() -> eu.open() + us.open() + ap.open() == count);
            assertThat(List.of(eu.open(), us.open(), ap.open()))
                    .allSatisfy(open -> assertThat(open).isPositive());
            int before = ap.open();
            eu.close();
            usProxy.hang();
            for (Recorder recorder : recorders) {
                recorder.awaitTopics("/ap");
            }
            await().atMost(SOON).until(() -> sessions.stream()
                    .allMatch(session -> session.endpoint().equals(Optional.of(ap.endpoint("/ap")))));
            recorders.forEach(recorder -> recorder.texts.clear());
            await().atMost(SOON).until(() -> ap.open("/ap") == count);
            ap.push("/ap", "tick");
            await().atMost(SOON).until(() -> recorders.stream().allMatch(recorder -> recorder.texts.contains("tick")));
            assertThat(pool.traffic().moves()).isGreaterThanOrEqualTo(count - before);
        } finally {
            sessions.forEach(WebSocketSession::close);
        }
    }

    @Test
    void theCloseOfThePoolEndsASessionOverAGroup() {
        var session = session(regions(Routing.inOrder()), message -> {});
        await().until(() -> session.state() == SessionState.CONNECTED);
        pool.close();
        await().until(() -> session.state() == SessionState.CLOSED);
        assertThat(session.endpoint()).isEmpty();
    }

    @Test
    void aSessionThatWaitsForItsGroupIsClosedAtOnce() {
        usProxy.hang();
        var hanging = pool.group(
                "hanging", Routing.inOrder(), usProxy.endpoint("/us").uri().toString());
        var session = session(hanging, message -> {});
        await().until(() -> pool.stats().connecting() == 1);
        session.close();
        await().until(() -> session.state() == SessionState.CLOSED);
        // The attempt itself, if it has begun, goes on for others and ends by its own timeout.
        await().atMost(SOON).until(() -> pool.stats().connecting() == 0);
    }

    @Test
    void aSessionWhoseGroupWasClosedKeepsItsConnectionAndThenEndsAndSaysWhy() {
        var regions = regions(Routing.inOrder());
        var events = new ConcurrentLinkedQueue<Object>();
        try (var session = session(regions, new SessionListener() {
            @Override
            public void onMessage(Message message) {}

            @Override
            public void onState(SessionState state) {
                events.add(state);
            }

            @Override
            public void onDisconnected(Throwable cause) {
                events.add(cause.getClass());
            }
        })) {
            await().until(() -> session.state() == SessionState.CONNECTED);
            regions.close();
            assertThat(session.endpoint()).isPresent();
            eu.kill("/eu");
            await().until(() -> events.contains(SessionState.CLOSED));
            assertThat(events)
                    .containsExactly(
                            SessionState.CONNECTING,
                            SessionState.CONNECTED,
                            WebSocketClosedException.class,
                            SessionState.BACKING_OFF,
                            SessionState.CONNECTING,
                            PoolClosedException.class,
                            SessionState.CLOSED);
            assertThat(session.state()).isEqualTo(SessionState.CLOSED);
        }
        assertThat(pool.pool().isClosed()).isFalse();
    }

    @Test
    void aSessionThatBacksOffWhileItsGroupIsClosedEnds() throws Exception {
        String down = eu.endpoint("/eu").uri().toString();
        eu.close();
        var one = pool.group("one", Routing.inOrder(), down);
        var session = session(one, new SessionListener() {
            @Override
            public void onMessage(Message message) {}

            @Override
            public void onBackingOff(int failures, Duration pause) {
                one.close();
            }
        });
        await().until(() -> session.state() == SessionState.CLOSED);
    }

    @Test
    void aTypedSessionMovesToo() throws Exception {
        var values = new ConcurrentLinkedQueue<String>();
        var moves = new AtomicInteger();
        var typed = pool.typed(new Codec<String>() {
            @Override
            public Message encode(String value) {
                return Message.text(value);
            }

            @Override
            public String decode(Message message) {
                return message.text();
            }
        });
        try (var session = typed.session(
                regions(Routing.inOrder()),
                new TypedSessionListener<String>() {
                    @Override
                    public void onValue(String value) {
                        values.add(value);
                    }

                    @Override
                    public void onMoved(WebSocketEndpoint from, WebSocketEndpoint to) {
                        moves.incrementAndGet();
                    }
                },
                knobs -> knobs.backoff(Duration.ofMillis(10), Duration.ofMillis(100)))) {
            session.subscribe("a", "a");
            await().until(() -> values.contains("/eu|a"));
            eu.close();
            await().atMost(SOON).until(() -> values.contains("/us|a") && moves.get() == 1);
            assertThat(session.moves()).isEqualTo(1);
            assertThat(session.endpoint()).contains(usProxy.endpoint("/us"));
        }
    }

    @Test
    void groupsOfOthersAndWrongMembersAreRefused() {
        try (var other = WebSocketPool.builder().build()) {
            var foreign = other.group("regions", Routing.inOrder(), uris());
            assertThatThrownBy(() -> pool.session(foreign, message -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("regions");
        }
        var regions = regions(Routing.inOrder());
        assertThatThrownBy(() -> regions(Routing.inOrder())).isInstanceOf(IllegalArgumentException.class);
        regions.close();
        assertThatThrownBy(() -> pool.session(regions, message -> {})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pool.group("paths", Routing.inOrder(), "/no-base"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/no-base");
    }
}
