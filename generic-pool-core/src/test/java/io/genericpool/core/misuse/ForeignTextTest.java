package io.genericpool.core.misuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.genericpool.ConnectionCreateException;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.SuspendMode;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.core.support.Unspeakable;
import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.ConnectGovernor.Verdict;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedAsyncManager;
import io.genericpool.testkit.ScriptedManager;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Text that others make is bounded, of one line, and never the reason why a request is not answered. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // what they do is seen at the pool
class ForeignTextTest {
    private static final String FORGED = "db\r\n2026-01-01 ERROR forged\u2028line\u001b[31m";
    private static final String LONG = FORGED + "x".repeat(1_000_000);
    private static final int MOST = 2_500;

    private static void assertTame(String what, String text) {
        assertThat(text).as(what).isNotEmpty().hasSizeLessThan(MOST).doesNotContain("\n", "\r", "\u2028", "\u001b");
    }

    // ---- labels

    private static PoolWorld labelled(Consumer<ConnectionPoolBuilder<String, ?>> knobs) {
        return PoolWorld.with(builder -> {
            builder.endpointLabel(endpoint -> LONG + endpoint).maxSize(1);
            knobs.accept(builder);
        });
    }

    static Stream<Arguments> refusals() {
        Map<String, Consumer<PoolWorld>> causes = new LinkedHashMap<>();
        causes.put("timeout", world -> {
            var lease = world.lease("a");
            try {
                world.pool.connection("a", Duration.ofMillis(10));
            } finally {
                world.release(lease);
            }
        });
        causes.put("no time at all", world -> world.pool.connection("a", Duration.ZERO));
        causes.put("create fails", world -> {
            world.script(Operation.CREATE, Behaviour.fail(new IOException(LONG)));
            world.pool.connection("a");
        });
        causes.put("hook fails", world -> {
            world.script(Operation.ON_ACQUIRE, Behaviour.fail(new IOException(LONG)));
            world.pool.connection("a");
        });
        causes.put("suspended", world -> {
            world.pool.suspend("a", SuspendMode.FAIL);
            try {
                world.pool.connection("a");
            } finally {
                world.pool.resume("a");
            }
        });
        causes.put("too many waiters", world -> {
            var lease = world.lease("a");
            var waiting = world.ask("a");
            try {
                world.pool.connection("a");
            } finally {
                waiting.cancel(false);
                world.release(lease);
            }
        });
        causes.put("too many endpoints", world -> {
            var lease = world.lease("a");
            try {
                world.pool.connection("b");
            } finally {
                world.release(lease);
            }
        });
        causes.put("interrupted", world -> {
            world.holdConnects(true);
            Thread.currentThread().interrupt();
            try {
                world.pool.connection("a");
            } finally {
                Thread.interrupted();
            }
        });
        causes.put("closed", world -> {
            world.pool.close();
            world.pool.connection("a");
        });
        return causes.entrySet().stream().map(cause -> Arguments.of(cause.getKey(), cause.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void theLabelInAnErrorIsCutAndOfOneLine(String name, Consumer<PoolWorld> cause) {
        var world = labelled(knobs -> knobs.maxEndpoints(1).maxWaiters(1));
        PoolException refused = catchThrowableOfType(PoolException.class, () -> cause.accept(world));
        assertThat(refused).isNotNull();
        assertTame("message", refused.getMessage());
        assertTame("text", refused.toString());
        assertTame("label", refused.endpointLabel());
        assertThat(refused.endpointLabel()).hasSizeLessThanOrEqualTo(200).startsWith("db??2026");
        refused.stats().ifPresent(stats -> {
            assertTame("label in the statistics", stats.label());
            assertTame("statistics", stats.toString());
        });
        world.verify(1, 100);
    }

    @Test
    void theLabelInEventsLeasesAndStatisticsIsCutAndOfOneLine() {
        var told = new ArrayList<PoolEvent<String>>();
        var world = labelled(knobs -> listen(knobs, told));
        var lease = world.lease("a");
        assertTame("lease", lease.toString());
        assertTame("statistics", world.stats("a").toString());
        world.release(lease);
        assertTame("ended lease", lease.toString());
        assertTame("misuse", catchThrowable(lease::connection).getMessage());
        world.verify(1, 100);
        assertThat(told).hasSizeGreaterThanOrEqualTo(4).allSatisfy(event -> {
            assertTame("event", event.toString());
            assertTame("label in an event", event.endpointLabel());
        });
    }

    private static void listen(ConnectionPoolBuilder<String, ?> knobs, List<PoolEvent<String>> told) {
        knobs.listener(new PoolListener<String>() {
            @Override
            public void onConnectionCreated(ConnectionEvent<String> event) {
                told.add(event);
            }

            @Override
            public void onAcquired(LeaseEvent<String> event) {
                told.add(event);
            }

            @Override
            public void onReleased(LeaseEvent<String> event) {
                told.add(event);
            }

            @Override
            public void onConnectionDisposed(ConnectionEvent<String> event) {
                told.add(event);
            }
        });
    }

    @Test
    void aNameThatWouldForgeALineIsRefused() {
        var builder = ConnectionPools.builder(ScriptedManager.<String>plain());
        assertThat(catchThrowable(() -> builder.name("a\nb")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name must be 1 to 200 characters without control characters, but is a?b");
        assertThat(catchThrowable(() -> builder.name("x".repeat(201)))).isInstanceOf(IllegalArgumentException.class);
        assertThat(catchThrowable(() -> builder.name(""))).isInstanceOf(IllegalArgumentException.class);
    }

    // ---- exceptions that cannot be read

    @ParameterizedTest
    @EnumSource(Operation.class)
    void anExceptionThatCannotBeReadEndsARequestLikeAnyOther(Operation operation) {
        for (ScriptedManager<String> manager :
                List.of(ScriptedManager.<String>full(), new ScriptedAsyncManager<String>())) {
            var world = new PoolWorld(manager).open(knobs -> knobs.maxSize(2)
                    .alivenessBypass(Duration.ZERO)
                    .listener(new PoolListener<String>() {
                        @Override
                        public void onAcquireFailed(LeaseEvent<String> event) {
                            throw new Unspeakable();
                        }
                    }));
            manager.script(operation).always(Behaviour.fail(Unspeakable::new));
            for (int i = 0; i < 3; i++) {
                assertEnds(world.ask("a"), world);
                attempt(() -> world.release(world.lease("a")));
                attempt(() -> {
                    world.lease("a").invalidate(new Unspeakable());
                    world.settle();
                });
                assertEnds(
                        world.pool.useAsync("a", connection -> CompletableFuture.failedFuture(new Unspeakable())),
                        world);
                attempt(() -> world.pool.use("a", connection -> {
                    throw new Unspeakable();
                }));
                world.server.connections("a").forEach(connection -> connection.breakFromServer(new Unspeakable()));
                world.advance(Duration.ofSeconds(1));
            }
            manager.script(operation).reset();
            world.release(world.lease("a"));
            world.verify(2, 100);
        }
    }

    private static void assertEnds(CompletableFuture<?> future, PoolWorld world) {
        world.advance(Duration.ofSeconds(31));
        assertThat(future).isDone();
        if (!future.isCompletedExceptionally() && future.join() instanceof Lease<?, ?> lease) {
            world.release(lease);
        }
    }

    private static void attempt(Runnable action) {
        try {
            action.run();
        } catch (PoolException e) {
            assertTame("message", e.getMessage());
        } catch (Unspeakable | CompletionException e) {
            // What the work has thrown comes back as it was thrown.
        }
    }

    @Test
    void aRefusalWhoseReasonCannotBeReadIsOne() {
        var world = PoolWorld.with(knobs -> knobs.connectGovernor(new ConnectGovernor<String>() {
            @Override
            public Verdict beforeConnect(String endpoint, long nowNanos) {
                return Verdict.refuseFor(Duration.ofSeconds(1), new Unspeakable());
            }

            @Override
            public Verdict peek(String endpoint, long nowNanos) {
                return beforeConnect(endpoint, nowNanos);
            }
        }));
        var failure = catchThrowableOfType(PoolException.class, () -> world.pool.connection("a"));
        assertTame("message", failure.getMessage());
        assertThat(failure.getMessage())
                .contains("for another 1 s; the last one failed: " + Unspeakable.class.getName());
        world.verify(10, 100);
    }

    @Test
    void aConnectWhoseCausesFormACircleEndsItsRequest() {
        var world = PoolWorld.with(knobs -> knobs.connectGovernor(CircuitGovernor.builder()
                .failFastAfter(1)
                .failFastOn(cause -> cause.getCause() instanceof Error)
                .build()));
        var first = new IOException("first");
        var second = new IOException("second", first);
        first.initCause(second);
        world.script(Operation.CREATE, Behaviour.fail(first));
        assertThat(catchThrowable(() -> world.pool.connection("a")))
                .isInstanceOf(ConnectionCreateException.class)
                .hasMessage("no connection to a: the connection attempt failed: java.io.IOException: first");
        world.verify(10, 100);
    }
}
