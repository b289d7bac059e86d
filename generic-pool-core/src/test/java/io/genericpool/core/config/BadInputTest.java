package io.genericpool.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.AcquireInterruptedException;
import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionPool;
import io.genericpool.EndpointLimits;
import io.genericpool.PoolClosedException;
import io.genericpool.PoolConfig;
import io.genericpool.PoolException;
import io.genericpool.PoolExhaustedException;
import io.genericpool.SuspendMode;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.support.Nanos;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What callers get wrong ends in a clear error at once, and leaks nothing. */
@SuppressWarnings("FutureReturnValueIgnored") // what they do is seen at the pool
class BadInputTest {
    private static final Duration MINUS = Duration.ofNanos(-1);

    private interface Call extends Consumer<ConnectionPool<String, FakeConnection<String>>> {}

    private interface Knob<T> extends BiConsumer<ConnectionPoolBuilder<String, FakeConnection<String>>, T> {}

    private static ConnectionPoolBuilder<String, FakeConnection<String>> builder() {
        return ConnectionPools.builder(ScriptedManager.<String>plain());
    }

    // ---- arguments of the pool

    static Stream<Arguments> callsWithoutAnEndpoint() {
        Map<String, Call> calls = new TreeMap<>();
        calls.put("connection", pool -> pool.connection(null));
        calls.put("connection, timeout", pool -> pool.connection(null, Duration.ZERO));
        calls.put("connectionAsync", pool -> pool.connectionAsync(null));
        calls.put("connectionAsync, timeout", pool -> pool.connectionAsync(null, Duration.ZERO));
        calls.put("tryConnection", pool -> pool.tryConnection(null));
        calls.put("newConnection", pool -> pool.newConnection(null));
        calls.put("newConnection, timeout", pool -> pool.newConnection(null, Duration.ZERO));
        calls.put("newConnectionAsync", pool -> pool.newConnectionAsync(null));
        calls.put("newConnectionAsync, timeout", pool -> pool.newConnectionAsync(null, Duration.ZERO));
        calls.put("use", pool -> pool.use(null, c -> c));
        calls.put("use, timeout", pool -> pool.use(null, Duration.ZERO, c -> c));
        calls.put("useAsync", pool -> pool.useAsync(null, c -> new CompletableFuture<>()));
        calls.put("useAsync, timeout", pool -> pool.useAsync(null, Duration.ZERO, c -> new CompletableFuture<>()));
        calls.put("warmUp", pool -> pool.warmUp(null, 1));
        calls.put("evict", pool -> pool.evict(null));
        calls.put("suspend", pool -> pool.suspend(null, SuspendMode.WAIT));
        calls.put("resume", pool -> pool.resume(null));
        calls.put("resize", pool -> pool.resize(null, EndpointLimits.of(0, 1)));
        calls.put("stats", pool -> pool.stats(null));
        return calls.entrySet().stream().map(call -> Arguments.of(call.getKey(), call.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("callsWithoutAnEndpoint")
    void aNullEndpointIsRefusedByItsName(String name, Call call) {
        var world = PoolWorld.with(knobs -> {});

        assertThatNullPointerException()
                .isThrownBy(() -> call.accept(world.pool))
                .withMessageContaining("endpoint");

        assertThat(world.pool.endpoints()).isEmpty();
        assertThat(world.pool.stats().acquires()).isZero();
        world.verify(0, 0);
    }

    static Stream<Arguments> otherMisuse() {
        Map<String, Call> calls = new TreeMap<>();
        calls.put("timeout: connection", pool -> pool.connection("a", MINUS));
        calls.put("timeout: connectionAsync", pool -> pool.connectionAsync("a", MINUS));
        calls.put("timeout: newConnection", pool -> pool.newConnection("a", MINUS));
        calls.put("timeout: newConnectionAsync", pool -> pool.newConnectionAsync("a", MINUS));
        calls.put("timeout: use", pool -> pool.use("a", MINUS, c -> c));
        calls.put("timeout: useAsync", pool -> pool.useAsync("a", MINUS, c -> new CompletableFuture<>()));
        calls.put("timeout: close", pool -> pool.close(MINUS));
        calls.put("connections: warmUp", pool -> pool.warmUp("a", -1));
        calls.put("totalMaxSize: resizeTotal", pool -> pool.resizeTotal(0));
        calls.put("maxSize: resize", pool -> pool.resize("a", EndpointLimits.of(0, 101)));
        calls.put(
                "minIdle: resize",
                pool -> pool.resize("a", EndpointLimits.of(1, 1).withMinIdle(2)));
        calls.put(
                "reserved: resize",
                pool -> pool.resize("a", EndpointLimits.of(0, 1).withReserved(2)));
        calls.put(
                "reserved: limits",
                pool -> pool.resize("a", EndpointLimits.of(0, 1).withReserved(-1)));
        return calls.entrySet().stream().map(call -> Arguments.of(call.getKey(), call.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherMisuse")
    void anArgumentOutOfItsBoundsIsRefusedByItsName(String name, Call call) {
        var world = PoolWorld.with(knobs -> {});
        world.fill("a", 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> call.accept(world.pool))
                .withMessageContaining(name.substring(0, name.indexOf(':')))
                .withMessageMatching(".*\\b(not|least|most)\\b.*, but is .+");

        assertThat(world.pool.isClosed()).isFalse();
        assertThat(world.pool.stats().acquires()).isOne();
        assertThat(world.stats("a").idle()).isOne();
        world.verify(1, 1);
    }

    static Stream<Arguments> callsWithoutSomethingElse() {
        Map<String, Call> calls = new TreeMap<>();
        calls.put("timeout: connection", pool -> pool.connection("a", null));
        calls.put("timeout: connectionAsync", pool -> pool.connectionAsync("a", null));
        calls.put("timeout: close", pool -> pool.close(null));
        calls.put("work: use", pool -> pool.use("a", null));
        calls.put("work: useAsync", pool -> pool.useAsync("a", null));
        calls.put("mode: suspend", pool -> pool.suspend("a", null));
        calls.put("limits: resize", pool -> pool.resize("a", null));
        return calls.entrySet().stream().map(call -> Arguments.of(call.getKey(), call.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("callsWithoutSomethingElse")
    void aNullArgumentIsRefusedByItsName(String name, Call call) {
        var world = PoolWorld.with(knobs -> {});

        assertThatNullPointerException()
                .isThrownBy(() -> call.accept(world.pool))
                .withMessageContaining(name.substring(0, name.indexOf(':')));

        world.verify(0, 0);
    }

    // ---- knobs

    static Stream<Arguments> counts() {
        Map<String, Knob<Integer>> knobs = new TreeMap<>();
        knobs.put("minIdle 0", ConnectionPoolBuilder::minIdle);
        knobs.put("maxSize 1", ConnectionPoolBuilder::maxSize);
        knobs.put("totalMaxSize 1", ConnectionPoolBuilder::totalMaxSize);
        knobs.put("maxWaiters 0", ConnectionPoolBuilder::maxWaiters);
        knobs.put("maxEndpoints 1", ConnectionPoolBuilder::maxEndpoints);
        knobs.put("maxConnectsPerEndpoint 1", ConnectionPoolBuilder::maxConnectsPerEndpoint);
        knobs.put("totalMaxConnects 1", ConnectionPoolBuilder::totalMaxConnects);
        knobs.put("totalMaxDisposals 1", ConnectionPoolBuilder::totalMaxDisposals);
        knobs.put("maxLeases 1", ConnectionPoolBuilder::maxLeases);
        knobs.put("disposeBatchSize 0", ConnectionPoolBuilder::disposeBatchSize);
        return knobs.entrySet().stream().map(knob -> Arguments.of(knob.getKey(), knob.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("counts")
    void aCountBelowItsBoundIsRefusedAtTheSetter(String nameAndBound, Knob<Integer> knob) {
        String name = nameAndBound.substring(0, nameAndBound.indexOf(' '));
        int bound = Integer.parseInt(nameAndBound.substring(name.length() + 1));

        knob.accept(builder(), bound);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> knob.accept(builder(), bound - 1))
                .withMessage(name + " must be at least " + bound + ", but is " + (bound - 1));
    }

    static Stream<Arguments> times() {
        Map<String, Knob<Duration>> knobs = new TreeMap<>();
        knobs.put("acquireTimeout, or zero", ConnectionPoolBuilder::acquireTimeout);
        knobs.put("closeTimeout, or zero", ConnectionPoolBuilder::closeTimeout);
        knobs.put("alivenessBypass, or zero", ConnectionPoolBuilder::alivenessBypass);
        knobs.put("overtakeWindow, or zero", ConnectionPoolBuilder::overtakeWindow);
        knobs.put("overtakeWithin, or zero", ConnectionPoolBuilder::overtakeWithin);
        knobs.put("connectTimeout", ConnectionPoolBuilder::connectTimeout);
        knobs.put("checkTimeout", ConnectionPoolBuilder::checkTimeout);
        knobs.put("resetTimeout", ConnectionPoolBuilder::resetTimeout);
        knobs.put("disposeTimeout", ConnectionPoolBuilder::disposeTimeout);
        knobs.put("idleTimeout", ConnectionPoolBuilder::idleTimeout);
        knobs.put("maxLifetime", ConnectionPoolBuilder::maxLifetime);
        knobs.put("keepaliveInterval", ConnectionPoolBuilder::keepaliveInterval);
        knobs.put("endpointRetention", ConnectionPoolBuilder::endpointRetention);
        knobs.put("leakDetectionThreshold", ConnectionPoolBuilder::leakDetectionThreshold);
        return knobs.entrySet().stream().map(knob -> Arguments.of(knob.getKey(), knob.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("times")
    void aTimeBelowItsBoundIsRefusedAtTheSetter(String nameAndBound, Knob<Duration> knob) {
        boolean mayBeZero = nameAndBound.endsWith(", or zero");
        String name = nameAndBound.replace(", or zero", "");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> knob.accept(builder(), MINUS))
                .withMessage(name + " must not be negative, but is " + Nanos.text(MINUS));
        assertThatNullPointerException()
                .isThrownBy(() -> knob.accept(builder(), null))
                .withMessage(name);
        if (!mayBeZero) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> knob.accept(builder(), Duration.ZERO))
                    .withMessage(name + " must be more than zero, but is 0 ms");
        }
        Stream.of(mayBeZero ? Duration.ZERO : Duration.ofNanos(1), Duration.ofDays(999_999), PoolConfig.NO_LIMIT)
                .forEach(legal -> {
                    var builder = builder();
                    knob.accept(builder, legal);
                    builder.build().close();
                });
    }

    @Test
    void aJitterThatIsNoFractionIsRefused() {
        for (double bad : new double[] {-0.01, 1.01, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().maxLifetimeJitter(bad))
                    .withMessage("maxLifetimeJitter must be from 0 to 1, but is " + bad);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().idleTimeoutJitter(bad))
                    .withMessage("idleTimeoutJitter must be from 0 to 1, but is " + bad);
        }
    }

    @Test
    void nullIsRefusedByEverySetterOfAnObject() {
        assertThatNullPointerException()
                .isThrownBy(() -> ConnectionPools.builder(null))
                .withMessage("manager");
        assertThatNullPointerException().isThrownBy(() -> builder().clock(null)).withMessage("clock");
        assertThatNullPointerException().isThrownBy(() -> builder().name(null)).withMessage("name");
        assertThatNullPointerException()
                .isThrownBy(() -> builder().listener(null))
                .withMessage("listener");
        assertThatNullPointerException()
                .isThrownBy(() -> builder().idleOrder(null))
                .withMessage("idleOrder");
        assertThatNullPointerException()
                .isThrownBy(() -> builder().connectExecutor(null))
                .withMessage("connectExecutor");
        assertThatNullPointerException()
                .isThrownBy(() -> builder().completionExecutor(null))
                .withMessage("completionExecutor");
        assertThatNullPointerException()
                .isThrownBy(() -> builder().connectGovernor(null))
                .withMessage("connectGovernor");
        assertThatNullPointerException()
                .isThrownBy(() -> builder().endpointLimits(null))
                .withMessage("endpointLimits");
        assertThatNullPointerException()
                .isThrownBy(() -> builder().endpointLabel(null))
                .withMessage("endpointLabel");
    }

    @Test
    void rulesBetweenKnobsAreCheckedAtTheBuildWhateverTheOrderOfTheSetters() {
        builder().minIdle(20).maxSize(30).totalMaxSize(200).build().close();
        builder().totalMaxSize(200).maxSize(30).minIdle(20).build().close();
        builder().totalMaxSize(5).maxSize(5).build().close();
        builder().totalMaxConnects(5).maxConnectsPerEndpoint(5).build().close();
        builder().totalMaxConnects(1).build().close();
        assertThat(builder().maxConnectsPerEndpoint(1_000).build().config().totalMaxConnects())
                .as("a default that gives way")
                .isEqualTo(1_000);
        assertThat(builder().totalMaxSize(5).build().config().defaultLimits().maxSize())
                .as("a default gives way to a smaller total")
                .isEqualTo(5);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().minIdle(5).maxSize(4).build())
                .withMessage("minIdle must be at most maxSize (4), but is 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().maxSize(6).totalMaxSize(5).build())
                .withMessage("maxSize must be at most totalMaxSize (5), but is 6");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        builder().maxConnectsPerEndpoint(6).totalMaxConnects(5).build())
                .withMessage("maxConnectsPerEndpoint must be at most totalMaxConnects (5), but is 6");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().minIdle(3).totalMaxSize(2).build())
                .withMessageContaining("minIdle must be at most maxSize (2), but is 3");
    }

    @Test
    void whatNeedsTheCollectorIsRefusedWithoutIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder()
                        .backgroundCollector(false)
                        .keepaliveInterval(Duration.ofSeconds(3))
                        .build())
                .withMessageContainingAll("keepaliveInterval", "collector", "3 s");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder()
                        .leakDetectionThreshold(Duration.ofMinutes(3))
                        .backgroundCollector(false)
                        .build())
                .withMessageContainingAll("leakDetectionThreshold", "collector", "3 min");
    }

    @Test
    void limitsOfAnEndpointThatBreakTheRulesAreTheErrorOfWhoAsksForIt() {
        var world = PoolWorld.with(knobs -> knobs.endpointLimits(endpoint -> switch (endpoint) {
            case "minIdle" -> EndpointLimits.of(0, 2).withMinIdle(3);
            case "total" -> EndpointLimits.of(0, 101);
            case "throws" -> throw new IllegalStateException("no such tenant");
            default -> null;
        }));

        assertThatThrownBy(() -> world.pool.connection("minIdle")).hasMessageContaining("minIdle");
        assertThatThrownBy(() -> world.pool.connectionAsync("minIdle").join()).hasMessageContaining("minIdle");
        assertThatThrownBy(() -> world.pool.connection("throws")).hasMessageContaining("no such tenant");
        assertThatThrownBy(() -> world.pool.connection("total")).hasMessageContaining("totalMaxSize");
        assertThat(world.pool.endpoints()).isEmpty();
        world.fill("null means the default", 1);
        world.verify(10, 100);
    }

    @Test
    void aLabelThatCannotBeMadeKeepsNobodyFromAConnection() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(1).endpointLabel(endpoint -> {
            if (endpoint.equals("null")) {
                return null;
            }
            throw new IllegalStateException("no label");
        }));

        for (String endpoint : new String[] {"null", "throws"}) {
            var lease = world.lease(endpoint);
            assertThatThrownBy(() -> world.pool.connection(endpoint, Duration.ofMillis(1)))
                    .isInstanceOf(AcquireTimeoutException.class);
            world.release(lease);
        }
        world.verify(1, 100);
    }

    // ---- at the wrong time

    @Test
    void everyWaitOfAnAcquireEndsWithAnInterruptAndLeavesTheFlagSet() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(1));
        var lease = world.lease("a");
        Call[] waits = {
            pool -> pool.connection("a"),
            pool -> pool.connection("a", PoolConfig.NO_LIMIT),
            pool -> pool.newConnection("a"),
            pool -> pool.newConnection("a", Duration.ofSeconds(1)),
            pool -> pool.use("a", c -> c),
        };

        for (Call wait : waits) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> wait.accept(world.pool)).isInstanceOf(AcquireInterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
        }

        assertThat(world.stats("a").waiters()).isZero();
        assertThat(world.stats("a").cancelled()).isEqualTo(waits.length);
        world.release(lease);
        world.verify(1, 100);
    }

    @Test
    void anInterruptWhileAConnectIsInFlightLeavesTheConnectionToThePool() {
        var world = PoolWorld.with(knobs -> {});
        world.holdConnects(true);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> world.pool.connection("a")).isInstanceOf(AcquireInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();

        world.holdConnects(false);

        assertThat(world.stats("a").idle()).isOne();
        world.verify(10, 100);
    }

    @Test
    void anInterruptEndsTheWaitingOfCloseAsIfItsDeadlineWereReached() {
        var world = PoolWorld.with(knobs -> {});
        var lease = world.lease("a");
        Thread.currentThread().interrupt();

        var report = world.pool.close(Duration.ofMinutes(1));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.revoked()).isOne();
        assertThat(report.duration()).isLessThan(Duration.ofMinutes(1));
        world.settle();
        lease.release();
        assertThatThrownBy(lease::connection).isInstanceOf(IllegalStateException.class);
        world.verify(10, 100);
    }

    @Test
    void everyCallOfAClosedPoolSaysThatItIsClosed() {
        var world = PoolWorld.with(knobs -> {});
        world.pool.close();
        Call[] calls = {
            pool -> pool.connection("a"),
            pool -> pool.newConnection("a"),
            pool -> pool.tryConnection("a"),
            pool -> pool.use("a", c -> c),
            pool -> pool.suspend("a", SuspendMode.WAIT),
            pool -> pool.resize("a", EndpointLimits.of(0, 1)),
        };

        for (Call call : calls) {
            assertThatThrownBy(() -> call.accept(world.pool))
                    .isInstanceOf(PoolClosedException.class)
                    .hasMessageContaining("closed");
        }
        for (CompletableFuture<?> future : new CompletableFuture<?>[] {
            world.pool.connectionAsync("a"),
            world.pool.newConnectionAsync("a"),
            world.pool.warmUp("a", 1),
            world.pool.useAsync("a", c -> new CompletableFuture<>())
        }) {
            world.settle();
            assertThatThrownBy(future::join).hasCauseInstanceOf(PoolClosedException.class);
        }
        world.pool.evict("a");
        world.pool.evictAll();
        world.pool.resume("a");
        world.pool.resizeTotal(1);
        assertThat(world.pool.endpoints()).isEmpty();
        assertThat(world.pool.stats("a")).isEmpty();
        assertThat(world.pool.toString()).contains("closed");
        world.verify(0, 0);
    }

    @Test
    void oneEndpointTooManyIsTheErrorOfEveryCallThatWouldAddIt() {
        var world = PoolWorld.with(knobs -> knobs.maxEndpoints(1));
        var lease = world.lease("a");
        Call[] calls = {
            pool -> pool.connection("b"),
            pool -> pool.connection("b", Duration.ZERO),
            pool -> pool.suspend("b", SuspendMode.FAIL),
            pool -> pool.resize("b", EndpointLimits.of(0, 1)),
        };

        for (Call call : calls) {
            assertThatThrownBy(() -> call.accept(world.pool)).isInstanceOf(PoolExhaustedException.class);
        }
        assertThatThrownBy(() -> world.pool.warmUp("b", 1).join()).hasCauseInstanceOf(PoolExhaustedException.class);
        assertThat(world.pool.tryConnection("b")).isEmpty();
        assertThat(world.pool.endpoints()).containsExactly("a");
        world.release(lease);
        world.verify(10, 100);
    }

    @Test
    void aLeaseMayBeReleasedByAnyThread() throws Exception {
        var world = PoolWorld.with(knobs -> {});
        var lease = world.lease("a");

        var thread = new Thread(lease::release);
        thread.start();
        thread.join();
        world.settle();

        assertThat(world.stats("a").idle()).isOne();
        assertThat(world.manager.calls(Operation.ON_RELEASE)).isOne();
        world.verify(10, 100);
    }

    @Test
    void everyErrorTellsTheRequest() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(1).endpointLabel(endpoint -> "<" + endpoint + ">"));
        var lease = world.lease("a");

        assertThatThrownBy(() -> world.pool.connection("a", Duration.ofSeconds(2)))
                .isInstanceOfSatisfying(PoolException.class, e -> {
                    assertThat(e.endpointLabel()).isEqualTo("<a>");
                    assertThat(e.timeout()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(e.waited()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(e.limits()).contains(world.pool.config().defaultLimits());
                    assertThat(e.stats()).hasValueSatisfying(stats -> assertThat(stats.leased())
                            .isOne());
                    assertThat(e).hasMessageContaining("<a>").hasMessageContaining("maxSize");
                });
        world.release(lease);
        world.verify(1, 100);
    }

    @Test
    void everyKnobGivesTheBuilderBack() throws Exception {
        var time = Duration.ofSeconds(1);
        var builder = ConnectionPools.builder(ScriptedManager.<String>plain());
        for (Method knob : ConnectionPoolBuilder.class.getDeclaredMethods()) {
            if (Modifier.isPublic(knob.getModifiers())
                    && List.of(knob.getParameterTypes()).equals(List.of(Duration.class))) {
                assertThat(knob.invoke(builder, time)).as(knob.getName()).isSameAs(builder);
            }
        }
    }
}
