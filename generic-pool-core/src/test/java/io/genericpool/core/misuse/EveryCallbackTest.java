package io.genericpool.core.misuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.EndpointLimits;
import io.genericpool.Lease;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.core.support.Unspeakable;
import io.genericpool.event.PoolListener;
import io.genericpool.group.Ranking;
import io.genericpool.group.Routing;
import io.genericpool.spi.CircuitObserver;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each callback that the pool makes, but those of the manager (see BadManagerTest), does each thing that user code does
 * wrong. The callbacks are found by reflection, so that one that is added is not forgotten. Afterwards every permit is there
 * and the books are right.
 */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // what they do is seen at the pool
class EveryCallbackTest {
    private static final int MAX_SIZE = 2;
    private static final int TOTAL = 3;
    /** A callback that acquires, and is told that it has failed, would acquire for ever. */
    private static final int MOST_ACTS = 40;

    /** What user code does wrong. */
    enum Mischief {
        ERROR {
            @Override
            void act(Subject subject) {
                throw new NoClassDefFoundError("as planned");
            }
        },
        UNSPEAKABLE {
            @Override
            void act(Subject subject) {
                throw new Unspeakable();
            }
        },
        CHECKED {
            @Override
            void act(Subject subject) {
                EveryCallbackTest.<RuntimeException>sneak(new IOException("as planned"));
            }
        },
        INTERRUPT {
            @Override
            void act(Subject subject) {
                Thread.currentThread().interrupt();
            }
        },
        REENTER {
            @Override
            void act(Subject subject) {
                subject.reenter();
            }
        },
        /** Shows L: a lock that the callback runs under would keep the other thread waiting. */
        LOOK_FROM_ANOTHER_THREAD {
            @Override
            void act(Subject subject) {
                subject.lookFromAnotherThread();
            }
        };

        abstract void act(Subject subject);
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void sneak(Throwable failure) throws X {
        throw (X) failure;
    }

    /** A world whose callbacks misbehave while they are told to. */
    private static final class Subject {
        private final String victim;
        private final Mischief mischief;
        private final Set<String> met = ConcurrentHashMap.newKeySet();
        private boolean active;
        private @Nullable Exception failedLook;
        private int acts;
        private final PoolWorld world;

        Subject(String victim, Mischief mischief) {
            this.victim = victim;
            this.mischief = mischief;
            this.world = new PoolWorld().open(this::configure);
        }

        private void configure(ConnectionPoolBuilder<String, FakeConnection<String>> knobs) {
            knobs.maxSize(MAX_SIZE)
                    .totalMaxSize(TOTAL)
                    .alivenessBypass(Duration.ZERO)
                    .leakDetectionThreshold(Duration.ofMillis(500))
                    .endpointRetention(Duration.ofSeconds(2))
                    .connectTimeout(Duration.ofSeconds(1))
                    .acquireTimeout(Duration.ofSeconds(1))
                    .connectGovernor(governor())
                    .listener(listener())
                    .endpointLabel(endpoint -> {
                        called("endpointLabel");
                        return "label of " + endpoint;
                    })
                    .endpointLimits(endpoint -> {
                        called("endpointLimits");
                        return EndpointLimits.of(0, MAX_SIZE);
                    });
        }

        @SuppressWarnings("unchecked")
        private ConnectGovernor<String> governor() {
            CircuitGovernor good = CircuitGovernor.builder()
                    .failFastAfter(2)
                    .initialBackoff(Duration.ofMillis(10))
                    .maxBackoff(Duration.ofMillis(20))
                    .build();
            return (ConnectGovernor<String>) proxy(ConnectGovernor.class, "governor.", good);
        }

        @SuppressWarnings("unchecked")
        private PoolListener<String> listener() {
            return (PoolListener<String>) proxy(PoolListener.class, "listener.", new PoolListener<String>() {});
        }

        private Object proxy(Class<?> type, String prefix, Object good) {
            return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                if (method.getDeclaringClass() == Object.class) {
                    return method.invoke(good, arguments);
                }
                if (method.getName().equals("observe")) {
                    called("governor.observe");
                    var end = (Runnable) method.invoke(good, observer((CircuitObserver<Object>) arguments[0]));
                    return (Runnable) () -> {
                        called("governor.stopObserving");
                        end.run();
                    };
                }
                called(prefix + method.getName());
                try {
                    return method.invoke(good, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });
        }

        private static CircuitObserver<Object> observer(CircuitObserver<Object> told) {
            return told;
        }

        private void called(String callback) {
            if (active && callback.equals(victim) && acts < MOST_ACTS) {
                acts++;
                met.add(callback);
                mischief.act(this);
            }
        }

        private void reenter() {
            world.pool.stats();
            world.pool.stats("a");
            world.pool.tryConnection("a").ifPresent(Lease::release);
            world.pool.connectionAsync("a", Duration.ofMillis(100)).thenAccept(Lease::release);
            world.pool.evict("b");
            world.pool.endpoints();
        }

        /** Takes each lock that there is, while the thread of the callback waits. */
        private void lookFromAnotherThread() {
            if (failedLook != null) {
                return; // one that hangs is enough
            }
            active = false; // a callback of these calls is not one to be examined
            try {
                CompletableFuture.runAsync(() -> {
                            world.pool.stats();
                            List.of("a", "b", "c", "d").forEach(world.pool::stats);
                            world.pool.tryConnection("elsewhere").ifPresent(Lease::release);
                        })
                        .exceptionally(refused -> null) // the pool may be closed
                        .get(20, TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException e) {
                failedLook = e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failedLook = e;
            } finally {
                active = true;
            }
        }

        private void attempt(Runnable action) {
            try {
                action.run();
            } catch (Throwable e) {
                assertThat(e).isNotInstanceOf(AssertionError.class);
            }
            Thread.interrupted(); // on its own thread it is the user's own
            world.settle();
            world.advance(Duration.ofMillis(30));
            Thread.interrupted();
        }

        private void everythingThereIs() {
            List<Lease<?, ?>> held = new ArrayList<>();
            attempt(() -> world.pool.connection("a").release());
            attempt(() -> world.pool.connection("a").invalidate(new IOException("broken")));
            attempt(() -> world.pool.newConnection("a").release());
            attempt(() -> world.pool.tryConnection("a").ifPresent(Lease::release));
            attempt(() -> world.pool.connectionAsync("b").thenAccept(Lease::release));
            attempt(() -> world.pool.connectionAsync("b").cancel(true));
            attempt(() -> world.pool.useAsync("b", connection -> CompletableFuture.failedFuture(new IOException("x"))));
            for (int i = 0; i < MAX_SIZE; i++) {
                attempt(() -> held.add(world.lease("a")));
            }
            attempt(() -> world.pool.connectionAsync("a", Duration.ofMillis(10)));
            attempt(() -> world.pool.connection("a", Duration.ofMillis(10)));
            world.advance(Duration.ofSeconds(2)); // leaks
            held.forEach(lease -> attempt(lease::release));
            attempt(this::askGroups);
            attempt(() -> world.pool.warmUp("c", 1));
            failConnects();
            attempt(() -> world.server.connections("a").forEach(FakeConnection::breakFromServer));
            attempt(() -> world.pool.evictAll());
            world.advance(Duration.ofSeconds(8)); // endpoints leave
        }

        /** One of them cannot be ranked, which is told. */
        private void askGroups() {
            Ranking<String> failing = members -> {
                throw new IllegalStateException("no idea");
            };
            try (var unranked = world.pool.group("unranked", Routing.custom(failing), "a", "b");
                    var ranked = world.pool.group("ranked", Routing.inOrder(), "b", "a")) {
                unranked.connection().release();
                ranked.connectionAsync().thenAccept(Lease::release);
            }
        }

        private void failConnects() {
            world.manager.script(Operation.CREATE).always(Behaviour.fail(() -> new IOException("refused")));
            for (int i = 0; i < 4; i++) {
                attempt(() -> world.pool.connection("d").release());
                attempt(() -> world.pool.connectionAsync("d"));
            }
            world.manager.script(Operation.CREATE).reset();
            world.script(Operation.ON_ACQUIRE, Behaviour.fail(new IOException("hook")));
            attempt(() -> world.pool.connection("a").release());
            world.manager.script(Operation.ON_ACQUIRE).reset();
            attempt(() -> world.pool.evict("d"));
            world.advance(Duration.ofSeconds(1));
            attempt(() -> world.pool.connection("d").release()); // the circuit closes
        }

        void run() {
            active = true;
            everythingThereIs();
            everythingThereIs();
            active = false;
            Thread.interrupted();
            world.pool.evictAll();
            world.advance(Duration.ofSeconds(3));
            var leases = world.leases("a", MAX_SIZE);
            leases.addAll(world.leases("b", TOTAL - MAX_SIZE));
            assertThat(world.pool.stats().leased()).isEqualTo(TOTAL);
            leases.forEach(world::release);
            active = victim.endsWith("stopObserving");
            world.verify(MAX_SIZE, TOTAL);
        }
    }

    static Stream<Arguments> callbacks() {
        List<String> names = new ArrayList<>(List.of("endpointLabel", "endpointLimits", "governor.stopObserving"));
        names.addAll(callbacksOf("listener.", PoolListener.class));
        names.addAll(callbacksOf("governor.", ConnectGovernor.class));
        return names.stream().flatMap(name -> Stream.of(Mischief.values()).map(what -> Arguments.of(name, what)));
    }

    private static List<String> callbacksOf(String prefix, Class<?> type) {
        return Stream.of(type.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .map(Method::getName)
                .distinct()
                .map(name -> prefix + name)
                .toList();
    }

    @AfterEach
    void theFlagIsNotLeftToTheNextTest() {
        Thread.interrupted();
    }

    /** Two are called only where time runs out for real, or when the pool is built. */
    private static final Set<String> SELDOM =
            Set.of("listener.onConnectionAbandoned", "governor.observe", "governor.onConnectCancelled");

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("callbacks")
    void whateverACallbackDoesThePoolGoesOn(String callback, Mischief mischief) {
        var subject = new Subject(callback, mischief);
        subject.run();
        assertThat(subject.failedLook)
                .as("a look at the pool from another thread")
                .isNull();
        if (!SELDOM.contains(callback)) {
            assertThat(subject.met).as("was called").contains(callback);
        }
    }
}
