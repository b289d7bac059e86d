package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionPool;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.websocket.internal.pool.PatientGovernor;
import io.genericpool.websocket.internal.socket.ConnectGivenUpException;
import io.genericpool.websocket.internal.typed.DecodingSessionListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the faces of a pool offer beyond the pool behind them, and that they offer all of it. */
@Timeout(60)
class PoolFacesTest extends WithServer {
    private static final Codec<Integer> NUMBERS = new Codec<>() {
        @Override
        public Message encode(Integer value) {
            return Message.text(value.toString());
        }

        @Override
        public Integer decode(Message message) {
            return Integer.valueOf(message.text().replace("/a|", ""));
        }
    };

    /** Methods by name and parameters, an endpoint or a text that leads to one alike. */
    private static Set<String> methods(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getParameterCount() > 0)
                .filter(method -> isEndpoint(method.getParameterTypes()[0]))
                .map(PoolFacesTest::signature)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isEndpoint(Class<?> type) {
        return type == Object.class || type == String.class;
    }

    private static String signature(Method method) {
        return method.getName()
                + Stream.of(method.getParameterTypes())
                        .skip(1)
                        .map(Class::getSimpleName)
                        .toList();
    }

    @Test
    void haveEveryWayToAcquireThatThePoolHas() {
        var ways = methods(ConnectionPool.class);
        ways.removeIf(
                way -> Stream.of("suspend", "resume", "resize", "resetLimits", "evict", "stats", "equals", "warmUp")
                        .anyMatch(way::startsWith));
        ways.removeIf(way -> way.startsWith("group[")); // its first parameter is a name
        assertThat(ways).contains("connection[Duration]", "newConnectionAsync[Duration]");
        assertThat(methods(WebSocketPool.class)).containsAll(ways);
        assertThat(methods(TypedWebSocketPool.class)).containsAll(ways);
    }

    @Test
    void keepTheDeadlineTheyAreGiven() throws Exception {
        try (var pool = builder().maxSize(1).build();
                var held = pool.connection("/a")) {
            var typed = pool.typed(NUMBERS);
            Duration none = Duration.ZERO;
            assertThatThrownBy(() -> pool.use("/a", none, connection -> 1)).isInstanceOf(AcquireTimeoutException.class);
            assertThatThrownBy(() -> pool.useOnceMore("/a", none, connection -> 1))
                    .isInstanceOf(AcquireTimeoutException.class);
            assertThatThrownBy(() -> pool.newConnection("/a", none)).isInstanceOf(AcquireTimeoutException.class);
            assertThatThrownBy(() -> typed.use("/a", none, connection -> 1))
                    .isInstanceOf(AcquireTimeoutException.class);
            assertThatThrownBy(() -> typed.useOnceMore("/a", none, connection -> 1))
                    .isInstanceOf(AcquireTimeoutException.class);
            assertThatThrownBy(() -> typed.newConnection("/a", none)).isInstanceOf(AcquireTimeoutException.class);
            List<CompletableFuture<?>> futures = List.of(
                    pool.connectionAsync("/a", none),
                    pool.newConnectionAsync("/a", none),
                    pool.useAsync("/a", none, connection -> CompletableFuture.completedFuture(1)),
                    typed.connectionAsync("/a", none),
                    typed.newConnectionAsync("/a", none),
                    typed.useAsync("/a", none, connection -> CompletableFuture.completedFuture(1)));
            for (var future : futures) {
                assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(AcquireTimeoutException.class);
            }
        }
    }

    @Test
    void doWorkOnceMoreWhenItsConnectionWasClosedUnheard() throws Exception {
        try (var pool = builder().maxSize(1).build()) {
            pool.use("/a", connection -> connection.request(Message.text("1"), any -> true, SOON));
            var runs = new AtomicInteger();
            String answer = pool.useOnceMore("/a", SOON, connection -> {
                if (runs.incrementAndGet() == 1) {
                    // As a server that has ended it a moment ago.
                    server.kill("/a");
                }
                connection.send("2");
                return connection.receive(SOON).text();
            });
            assertThat(answer).isEqualTo("/a|2");
            assertThat(runs).hasValue(2);
            assertThat(pool.stats().created()).isEqualTo(2);
            int typed = pool.typed(NUMBERS).useOnceMore("/a", connection -> {
                if (runs.incrementAndGet() == 3) {
                    server.kill("/a");
                }
                connection.send(7);
                return connection.receive(SOON);
            });
            assertThat(typed).isEqualTo(7);
        }
    }

    @Test
    void doNoWorkTwiceWhoseConnectionHasAnswered() throws Exception {
        try (var pool = builder().build()) {
            var runs = new AtomicInteger();
            assertThatThrownBy(() -> pool.useOnceMore("/a", connection -> {
                        runs.incrementAndGet();
                        connection.send("x");
                        connection.receive(SOON);
                        server.kill("/a");
                        return connection.receive(SOON);
                    }))
                    .isInstanceOf(WebSocketClosedException.class);
            assertThat(runs).hasValue(1);
        }
    }

    @Test
    void doNoWorkTwiceThatFailedOnALiveConnection() throws Exception {
        try (var pool = builder().build()) {
            var runs = new AtomicInteger();
            assertThatThrownBy(() -> pool.<Integer, IOException>useOnceMore("/a", connection -> {
                        runs.incrementAndGet();
                        throw new IOException("mine");
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("mine");
            assertThat(runs).hasValue(1);
        }
    }

    @Test
    void doNoWorkAThirdTime() throws Exception {
        try (var pool = builder().build()) {
            var runs = new AtomicInteger();
            assertThatThrownBy(() -> pool.useOnceMore("/a", connection -> {
                        runs.incrementAndGet();
                        server.kill("/a");
                        try {
                            return connection.receive(SOON);
                        } catch (WebSocketClosedException e) {
                            throw new UncheckedIOException(new IOException("run " + runs, e));
                        }
                    }))
                    .hasMessageContaining("run 2")
                    .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
            assertThat(runs).hasValue(2);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {10_000, 10_001, 60_000})
    void refuseADrainThatWouldDiscardEveryConnection(long millis) {
        assertThatThrownBy(() -> builder()
                        .drain(Drain.quietFor(Duration.ofMillis(millis)))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("quietFor")
                .hasMessageContaining("resetTimeout")
                .hasMessageContaining("10 s");
        builder()
                .drain(Drain.quietFor(Duration.ofMillis(millis)))
                .pool(knobs -> knobs.resetTimeout(Duration.ofMillis(millis + 1)))
                .build()
                .close();
        ThreadsLeft.awaitNone("websocket");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sayGoodbyeToAnInvalidatedConnectionWhereThatIsWanted(boolean goodbye) throws Exception {
        try (var pool = builder()
                .connections(knobs -> knobs.goodbyeOnInvalidate(goodbye))
                .build()) {
            var lease = pool.connection("/a");
            lease.connection().request(Message.text("1"), any -> true, SOON);
            lease.invalidate();
            await().until(() -> server.closeCodes().size() == 1);
            assertThat(server.closeCodes()).containsExactly(goodbye ? 1000 : 1006);
        }
    }

    @Test
    void haveSessionsOfValues() throws Exception {
        var values = new ConcurrentLinkedQueue<Integer>();
        var undecodable = new ConcurrentLinkedQueue<Message>();
        var listener = new TypedSessionListener<Number>() {
            @Override
            public void onValue(Number value) {
                values.add(value.intValue());
            }

            @Override
            public void onUndecodable(Message message, Throwable failure) {
                undecodable.add(message);
            }
        };
        try (var typed = builder().build().typed(NUMBERS);
                var session = typed.session(
                        "/a", listener, knobs -> knobs.backoff(Duration.ofMillis(20), Duration.ofMillis(100)))) {
            session.subscribe("s", 1);
            await().until(() -> values.size() == 1);
            server.push("/a", "no number");
            session.send(2);
            await().until(() -> values.contains(2));
            server.kill("/a");
            await().until(() -> session.reconnects() == 1 && session.state() == SessionState.CONNECTED);
            await().until(() -> values.size() == 3);
            session.unsubscribe("s", 3);
            await().until(() -> values.contains(3));
            assertThat(values).containsExactly(1, 2, 1, 3);
            assertThat(undecodable).containsExactly(Message.text("no number"));
        }
    }

    @Test
    void tellTheListenerOfASessionOfValuesEverythingElseAsItIs() throws Exception {
        var told = new ConcurrentLinkedQueue<String>();
        @SuppressWarnings("unchecked")
        var listener = (TypedSessionListener<Integer>) Proxy.newProxyInstance(
                SessionListener.class.getClassLoader(),
                new Class<?>[] {TypedSessionListener.class},
                (proxy, method, arguments) -> {
                    told.add(method.getName());
                    return null;
                });
        var decoding = new DecodingSessionListener<>(listener, NUMBERS);
        for (Method method : SessionListener.class.getMethods()) {
            told.clear();
            Object[] arguments = Stream.of(method.getParameterTypes())
                    .map(type -> type == long.class ? (Object) 1L : type == int.class ? (Object) 1 : null)
                    .toArray();
            if (method.getName().equals("onMessage")) {
                arguments[0] = Message.text("7");
            }
            method.invoke(decoding, arguments);
            assertThat(told)
                    .as(method.toString())
                    .containsExactly(method.getName().equals("onMessage") ? "onValue" : method.getName());
        }
    }

    @Test
    void handOnEverythingToTheCircuitButAConnectThatWasGivenUp() throws Exception {
        var told = new ConcurrentLinkedQueue<String>();
        @SuppressWarnings("unchecked")
        var circuit = (ConnectGovernor<WebSocketEndpoint>) Proxy.newProxyInstance(
                ConnectGovernor.class.getClassLoader(),
                new Class<?>[] {ConnectGovernor.class},
                (proxy, method, arguments) -> {
                    told.add(method.getName());
                    return null;
                });
        var patient = new PatientGovernor(circuit);
        for (Method method : ConnectGovernor.class.getMethods()) {
            if (Modifier.isStatic(method.getModifiers()) || method.getName().equals("onEndpointRemoved")) {
                continue;
            }
            told.clear();
            Object[] arguments = Stream.of(method.getParameterTypes())
                    .map(type -> type == long.class ? (Object) 1L : null)
                    .toArray();
            method.invoke(patient, arguments);
            assertThat(told).as(method.toString()).containsExactly(method.getName());
        }
        told.clear();
        var endpoint = server.endpoint("/a");
        patient.onConnectFailed(endpoint, 1, new ConnectGivenUpException(endpoint));
        assertThat(told).containsExactly("onConnectCancelled");
    }

    @Test
    void endTheSearchForACauseInACircle() {
        var one = new IllegalStateException("one");
        var other = new IllegalStateException("other", one);
        one.initCause(other);
        assertThat(Retry.attempts(3).isHopeless(new WebSocketConnectException("circle", one)))
                .isFalse();
        var closed = new WebSocketClosedException("closed", 1000, "", one);
        assertThat(Retry.attempts(3).isHopeless(closed)).isFalse();
    }
}
