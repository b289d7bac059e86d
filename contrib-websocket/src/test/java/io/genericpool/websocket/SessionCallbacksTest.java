package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.EndpointGroup;
import io.genericpool.group.Routing;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every piece of an application's code that a session calls, and what it may do there. */
@Timeout(120)
class SessionCallbacksTest {
    private final ConcurrentLinkedQueue<String> texts = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final Set<String> called = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<WebSocketSession> started = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private EchoServer server;
    private WebSocketPool pool;
    private EndpointGroup<WebSocketEndpoint, WebSocketConnection> group;

    @BeforeEach
    void start() throws Exception {
        server = EchoServer.start();
        pool = WebSocketPool.builder()
                .baseUri(server.endpoint("/").uri().toString())
                .retireOn(message -> message.text().equals("GoAway"))
                .build();
        group = pool.group("group", Routing.inOrder(), "/s", "/moved");
    }

    @AfterEach
    void stop() throws Exception {
        pool.close();
        server.close();
    }

    private static final List<String> FUNCTIONS = List.of("extractor", "key", "request", "startsAnewWhen");

    static Stream<String> methods() {
        return Arrays.stream(SessionListener.class.getMethods())
                .map(Method::getName)
                .distinct()
                .sorted();
    }

    static Stream<String> callbacks() {
        return Stream.concat(methods(), FUNCTIONS.stream());
    }

    static Stream<Arguments> misbehaviours() {
        return callbacks()
                .flatMap(callback -> Arrays.stream(Misbehaviour.values()).map(what -> Arguments.of(callback, what)));
    }

    /** A listener that records, and does something in one method. */
    private SessionListener listener(String callback, Runnable action) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            String name = method.getName();
            called.add(name);
            switch (name) {
                case "onMessage" -> texts.add(((Message) arguments[0]).text());
                case "onCallbackFailed" -> failures.add((String) arguments[0]);
                // With a buffer of no messages, this one is lost.
                case "onBackingOff" -> started.join().send(Message.text("lost"));
                case "onState" -> {
                    if (arguments[0] == SessionState.CLOSED) {
                        ended.countDown();
                    }
                }
                default -> {}
            }
            if (method.getDeclaringClass() == Object.class) {
                return method.getName().equals("hashCode") ? 1 : "listener";
            }
            if (name.equals(callback)) {
                action.run();
            }
            return null;
        };
        Object proxy = Proxy.newProxyInstance(
                SessionListener.class.getClassLoader(),
                new Class<?>[] {SessionListener.class},
                (self, method, args) -> {
                    try {
                        return handler.invoke(self, method, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return (SessionListener) proxy;
    }

    private static long number(Message message) {
        String text = message.text();
        return text.matches("n[0-9]+") ? Long.parseLong(text.substring(1)) : -1;
    }

    private WebSocketSession session(String callback, Runnable action) {
        WebSocketSession session = pool.session(group, listener(callback, action))
                .backoff(Duration.ofMillis(20), Duration.ofMillis(100))
                .buffer(0, OverflowPolicy.DROP_NEWEST)
                .<String>replay(
                        message -> {
                            called.add("key");
                            if (callback.equals("key") && message.text().equals("n5")) {
                                action.run();
                            }
                            return "key";
                        },
                        message -> {
                            called.add("extractor");
                            if (callback.equals("extractor") && message.text().equals("n5")) {
                                action.run();
                            }
                            return number(message);
                        },
                        last -> {
                            called.add("request");
                            if (callback.equals("request")) {
                                action.run();
                            }
                            return List.of(Message.text("since " + last.get("key")));
                        })
                .startsAnewWhen(message -> {
                    called.add("startsAnewWhen");
                    if (callback.equals("onCallbackFailed")) {
                        throw new IllegalStateException("for the listener to be told of");
                    }
                    if (callback.equals("startsAnewWhen")) {
                        action.run();
                    }
                    return false;
                })
                .start();
        started.complete(session);
        return session;
    }

    private void push(String... messages) {
        for (String message : messages) {
            server.push("/s", message);
        }
        await().until(() -> texts.contains(messages[messages.length - 1]));
    }

    /** Brings a session to call everything that it can. */
    private void liveThrough(WebSocketSession session) {
        await().until(() -> session.state() == SessionState.CONNECTED && server.open("/s") == 1);
        push("n1", "n2");
        server.kill("/s");
        await().until(() -> session.reconnects() == 1 && session.state() == SessionState.CONNECTED);
        await().until(() -> server.open("/s") == 1);
        push("n6", "n3", "n4", "n5");
        server.push("/s", "n2");
        group.members(List.of(pool.endpoint("/moved")));
        push("n7", "GoAway");
        await().until(() -> session.reconnects() == 2);
        server.push("/moved", "n8");
        await().until(() -> texts.contains("n8"));
    }

    @ParameterizedTest
    @MethodSource("misbehaviours")
    void doesNotEndASessionWhateverItDoes(String callback, Misbehaviour what) throws Exception {
        WebSocketSession session = session(callback, what::happen);
        liveThrough(session);
        assertThat(texts).contains("n1", "n2", "n6", "n3", "n4", "n5", "n7", "n8");
        assertThat(session.reconnects()).isEqualTo(2);
        session.close();
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        await().until(() -> called.contains(callback));
        if (what.isThrown() && !callback.equals("onCallbackFailed")) {
            assertThat(failures).anyMatch(failed -> failed.contains(callback));
        }
    }

    /** The misbehaviour above that reaches every callback must not be an empty one. */
    @Test
    void areAllReached() throws Exception {
        var session = session("onMessage", () -> {
            if (texts.contains("n2") && !called.contains("onCallbackFailed")) {
                throw new IllegalStateException("boom");
            }
        });
        liveThrough(session);
        session.close();
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(called).containsAll(callbacks().toList());
    }

    static Stream<String> duringTheSession() {
        // Closing in the last state is closing twice; a failure is told only when there is one.
        return callbacks().filter(callback -> !callback.equals("onCallbackFailed"));
    }

    @ParameterizedTest
    @MethodSource("duringTheSession")
    void mayCloseTheSession(String callback) throws Exception {
        var closed = new CountDownLatch(1);
        session(callback, () -> {
            started.join().close();
            closed.countDown();
        });
        driveUntil(closed);
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        await().until(() -> pool.stats().total() == 0);
    }

    @ParameterizedTest
    @MethodSource("duringTheSession")
    void mayBlockWithoutHoldingUpTheCloseOfTheSessionOrThePool(String callback) throws Exception {
        var blocked = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var interrupted = new AtomicReference<InterruptedException>();
        var session = session(callback, () -> {
            blocked.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                interrupted.set(e);
            }
        });
        try {
            driveUntil(blocked);
            Async.run(session::close).get(30, TimeUnit.SECONDS);
            assertThat(Async.supply(() -> pool.close(Duration.ofMinutes(5)))
                            .get(30, TimeUnit.SECONDS)
                            .revoked())
                    .isZero();
        } finally {
            release.countDown();
        }
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(interrupted).hasNullValue();
    }

    /** As {@link #liveThrough}, up to a point. */
    private void driveUntil(CountDownLatch reached) {
        var driver = Async.run(() -> liveThrough(started.join()));
        await().until(() -> reached.getCount() == 0 || driver.isDone());
        assertThat(reached.getCount()).isZero();
    }

    @Test
    void keepTheInterruptOfAThreadOfTheApplication() {
        var listener = new SessionListener() {
            @Override
            public void onMessage(Message message) {}

            @Override
            public void onLost(List<Message> messages) {
                Thread.currentThread().interrupt();
            }
        };
        // Nothing listens there.
        var offline = pool.session("ws://127.0.0.1:1/", listener)
                .buffer(0, OverflowPolicy.DROP_NEWEST)
                .start();
        offline.send(Message.text("x"));
        assertThat(Thread.interrupted()).isTrue();
        offline.close();
    }
}
