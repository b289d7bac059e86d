package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.websocket.internal.socket.ConnectionView;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every piece of an application's code that a connection or its manager calls, and what it may do there, once. */
@Timeout(120)
class ConnectionCallbacksTest {
    private final AtomicInteger calls = new AtomicInteger();
    private EchoServer server;

    @BeforeEach
    void start() throws Exception {
        server = EchoServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    /** A place where the application's code is called. */
    enum Place {
        RETIRE_ON {
            @Override
            void configure(WebSocketPoolBuilder builder, Runnable code) {
                builder.retireOn(message -> {
                    code.run();
                    return false;
                });
            }
        },
        ANSWERED_BY {
            @Override
            void configure(WebSocketPoolBuilder builder, Runnable code) {
                builder.heartbeat(Heartbeat.message(Duration.ofMillis(20), () -> Message.text("beat"))
                        .tolerance(1000)
                        .answeredBy(message -> {
                            code.run();
                            return message.text().equals("/a|beat");
                        }));
            }
        },
        HEARTBEAT_MESSAGE {
            @Override
            void configure(WebSocketPoolBuilder builder, Runnable code) {
                builder.heartbeat(Heartbeat.message(Duration.ofMillis(20), () -> {
                            code.run();
                            return Message.text("beat");
                        })
                        .tolerance(1000)
                        .answeredBy(message -> message.text().equals("/a|beat")));
            }
        },
        HEADER {
            @Override
            void configure(WebSocketPoolBuilder builder, Runnable code) {
                builder.header("X-Token", () -> {
                    code.run();
                    return "token";
                });
            }
        },
        ON_OPEN {
            @Override
            void configure(WebSocketPoolBuilder builder, Runnable code) {
                builder.connections(knobs -> knobs.onOpen(connection -> {
                    code.run();
                    return CompletableFuture.completedFuture(null);
                }));
            }
        },
        ON_RESET {
            @Override
            void configure(WebSocketPoolBuilder builder, Runnable code) {
                builder.connections(knobs -> knobs.onReset(connection -> {
                    code.run();
                    return CompletableFuture.completedFuture(null);
                }));
            }
        },
        DRAIN_AT_THE_RELEASE {
            @Override
            void configure(WebSocketPoolBuilder builder, Runnable code) {
                builder.drain(Drain.quietFor(Duration.ofMillis(1)).onlyIf(message -> {
                    code.run();
                    return true;
                }));
            }

            @Override
            void use(WebSocketConnection connection) {
                connection.send("left over");
                await().until(() -> connection.stats().messagesIn() > 0);
                await().until(() ->
                        ((ConnectionView) connection).open().inbound().size() > 0);
            }
        },
        DECODE_WITHOUT_A_THREAD {
            @Override
            void work(WebSocketConnection connection, Runnable code) {
                var value = connection.typed(codec(code)).receiveAsync();
                connection.send("x");
                await().until(value::isDone);
            }
        },
        DECODE_IN_A_STREAM {
            @Override
            void work(WebSocketConnection connection, Runnable code) {
                var ended = new CompletableFuture<Void>();
                connection.typed(codec(code)).messages().subscribe(new Flow.Subscriber<>() {
                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        subscription.request(1);
                    }

                    @Override
                    public void onNext(String value) {
                        ended.complete(null);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        ended.complete(null);
                    }

                    @Override
                    public void onComplete() {}
                });
                connection.send("x");
                await().until(ended::isDone);
            }
        },
        ON_NEXT {
            @Override
            void work(WebSocketConnection connection, Runnable code) {
                var seen = new ConcurrentLinkedQueue<Message>();
                connection.messages().subscribe(new Flow.Subscriber<>() {
                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        subscription.request(1);
                    }

                    @Override
                    public void onNext(Message value) {
                        seen.add(value);
                        code.run();
                    }

                    @Override
                    public void onError(Throwable failure) {}

                    @Override
                    public void onComplete() {}
                });
                connection.send("x");
                await().until(() -> !seen.isEmpty());
            }
        },
        ON_ERROR {
            @Override
            void work(WebSocketConnection connection, Runnable code) {
                var seen = new CompletableFuture<Void>();
                connection.messages().subscribe(new Flow.Subscriber<>() {
                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        subscription.request(1);
                    }

                    @Override
                    public void onNext(Message value) {}

                    @Override
                    public void onError(Throwable failure) {
                        seen.complete(null);
                        code.run();
                    }

                    @Override
                    public void onComplete() {
                        onError(new AssertionError());
                    }
                });
                connection.close(1001, "");
                await().until(seen::isDone);
            }
        },
        DEPENDENT_OF_A_RECEIVE {
            @Override
            void work(WebSocketConnection connection, Runnable code) {
                var receive = connection.receiveAsync();
                var dependent = receive.thenRun(code);
                connection.send("x");
                await().until(dependent::isDone);
            }
        };

        void configure(WebSocketPoolBuilder builder, Runnable code) {}

        /** What the first lease does besides. */
        void use(WebSocketConnection connection) {}

        void work(WebSocketConnection connection, Runnable code) {}

        private static Codec<String> codec(Runnable code) {
            return new Codec<>() {
                @Override
                public Message encode(String value) {
                    return Message.text(value);
                }

                @Override
                public String decode(Message message) {
                    code.run();
                    return message.text();
                }
            };
        }
    }

    static Stream<Arguments> misbehaviours() {
        return Arrays.stream(Place.values())
                .flatMap(place -> Arrays.stream(Misbehaviour.values()).map(what -> Arguments.of(place, what)));
    }

    private static String ask(WebSocketConnection connection, String question) {
        return connection
                .request(Message.text(question), answer -> answer.text().equals("/a|" + question), SOON)
                .text();
    }

    @ParameterizedTest
    @MethodSource("misbehaviours")
    void leavesThePoolAsGoodAsBefore(Place place, Misbehaviour what) {
        Runnable code = () -> {
            if (calls.incrementAndGet() == 1) {
                what.happen();
            }
        };
        var builder = WebSocketPool.builder()
                .baseUri(server.endpoint("/").uri().toString())
                .maxSize(1);
        place.configure(builder, code);
        try (var pool = builder.build()) {
            try (var lease = pool.connection("/a")) {
                place.work(lease.connection(), code);
                if (place == Place.HEARTBEAT_MESSAGE) {
                    // One that fails ends its connection, which must be this one.
                    await().until(() -> calls.get() > 0 && lease.connection().isOpen() != what.isThrown());
                }
                if (lease.connection().isOpen()) {
                    ask(lease.connection(), "first");
                    place.use(lease.connection());
                }
            } catch (RuntimeException e) {
                // Of the first lease, what was called may have told its user.
                assertThat(what.isThrown()).as("failed with " + e).isTrue();
            }
            if (place == Place.DRAIN_AT_THE_RELEASE) {
                // That is called on the thread that releases, whose interrupt flag is the application's.
                assertThat(Thread.interrupted()).isEqualTo(!what.isThrown());
            }
            await().until(() -> calls.get() > 0);
            for (int i = 0; i < 3; i++) {
                int round = i;
                String answer = pool.use("/a", SOON, connection -> ask(connection, "round " + round));
                assertThat(answer).isEqualTo("/a|round " + round);
            }
            await().until(() -> pool.stats().leased() == 0 && pool.stats().pending() == 0);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    /** Where nothing is lost by what was thrown, the connection lives, and the message arrives. */
    @ParameterizedTest
    @EnumSource(
            value = Place.class,
            names = {"RETIRE_ON", "ANSWERED_BY"})
    void isTakenForNoWhenItThrowsOnTheReader(Place place) {
        var builder = WebSocketPool.builder()
                .baseUri(server.endpoint("/").uri().toString())
                .maxSize(1);
        place.configure(builder, () -> {
            throw new NoClassDefFoundError("boom");
        });
        try (var pool = builder.build()) {
            for (int i = 0; i < 10; i++) {
                int round = i;
                String answer = pool.use("/a", SOON, connection -> ask(connection, "round " + round));
                assertThat(answer).isEqualTo("/a|round " + round);
            }
            assertThat(pool.stats().created()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Place.class,
            names = {"RETIRE_ON", "ANSWERED_BY", "HEARTBEAT_MESSAGE", "HEADER", "ON_OPEN", "ON_RESET"})
    void leavesNoInterruptBehindThatWouldCostTheConnection(Place place) {
        var builder = WebSocketPool.builder()
                .baseUri(server.endpoint("/").uri().toString())
                .maxSize(1);
        place.configure(builder, () -> {
            calls.incrementAndGet();
            Thread.currentThread().interrupt();
        });
        try (var pool = builder.build()) {
            for (int i = 0; i < 10; i++) {
                int round = i;
                String answer = pool.use("/a", SOON, connection -> ask(connection, "round " + round));
                assertThat(answer).isEqualTo("/a|round " + round);
            }
            await().until(() -> calls.get() > 0);
            assertThat(pool.stats().created()).isEqualTo(1);
        }
    }
}
