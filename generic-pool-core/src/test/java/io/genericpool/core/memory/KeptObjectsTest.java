package io.genericpool.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.genericpool.CloseReport;
import io.genericpool.SuspendMode;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.event.CircuitEvent;
import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an application keeps of a pool, such as one error of months ago, holds neither the pool nor its connections. */
@Timeout(120)
@SuppressWarnings("FutureReturnValueIgnored") // they only take their places
class KeptObjectsTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    /** What was kept, and what must be gone all the same. */
    private record Kept(Object kept, List<WeakReference<Object>> gone) {}

    static Stream<Arguments> keepers() {
        Map<String, BiConsumer<PoolWorld, List<Object>>> keepers = new LinkedHashMap<>();
        keepers.put("timeout", (world, kept) -> {
            var lease = world.lease("a");
            kept.add(catchThrowable(() -> world.pool.connection("a", SHORT)));
            world.release(lease);
        });
        keepers.put("failed connect", (world, kept) -> {
            world.script(Operation.CREATE, Behaviour.fail(new IOException("refused")));
            kept.add(catchThrowable(() -> world.pool.connection("b")));
        });
        keepers.put("failed hook", (world, kept) -> {
            world.script(Operation.ON_ACQUIRE, Behaviour.fail(new IOException("refused")));
            kept.add(catchThrowable(() -> world.pool.connection("a")));
        });
        keepers.put("suspended", (world, kept) -> {
            world.pool.suspend("a", SuspendMode.FAIL);
            kept.add(catchThrowable(() -> world.pool.connection("a")));
        });
        keepers.put("closed", (world, kept) -> {
            world.pool.close();
            kept.add(catchThrowable(() -> world.pool.connection("a")));
        });
        keepers.put("ended lease", (world, kept) -> {
            var lease = world.lease("a");
            world.release(lease);
            kept.add(catchThrowable(lease::connection));
        });
        keepers.put("statistics", (world, kept) -> {
            world.release(world.lease("a"));
            kept.add(world.pool.stats());
            kept.add(world.stats("a"));
            kept.add(world.stats("a").limits());
            kept.add(world.stats("a").circuit());
            kept.add(world.pool.config().defaultLimits());
            kept.add(world.pool.endpoints());
        });
        keepers.put("failed future", (world, kept) -> {
            var lease = world.lease("a");
            var future = world.ask("a", SHORT);
            world.advance(Duration.ofSeconds(1));
            assertThat(future).isCompletedExceptionally();
            kept.add(future);
            kept.add(future.thenApply(Object::toString));
            world.release(lease);
        });
        keepers.put("cancelled future", (world, kept) -> {
            var lease = world.lease("a");
            var future = world.ask("a");
            future.cancel(false);
            kept.add(future);
            world.release(lease);
        });
        keepers.put("results", (world, kept) -> {
            var used = world.pool.useAsync("a", connection -> new java.util.concurrent.CompletableFuture<String>());
            world.settle();
            used.complete("from outside");
            kept.add(used);
            var warmed = world.pool.warmUp("a", 1);
            world.settle();
            kept.add(warmed);
        });
        return keepers.entrySet().stream().map(keeper -> Arguments.of(keeper.getKey(), keeper.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keepers")
    void anObjectThatIsKeptDoesNotKeepThePool(String name, BiConsumer<PoolWorld, List<Object>> keeper) {
        Kept held = keep(keeper);
        Awaitility.await().pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            System.gc();
            assertThat(held.gone()).allSatisfy(gone -> assertThat(gone.get()).isNull());
        });
        assertThat(held.kept()).as("it was held until now").isNotNull();
    }

    /** A method of its own, whose frame holds the pool and is gone. */
    private static Kept keep(BiConsumer<PoolWorld, List<Object>> keeper) {
        List<Object> kept = new ArrayList<>();
        var events = new ConcurrentLinkedQueue<Object>();
        var world = PoolWorld.with(knobs -> knobs.maxSize(1)
                .connectGovernor(CircuitGovernor.builder().failFastAfter(1).build())
                .listener(new Keeping(events)));
        var connection = world.lease("a");
        List<WeakReference<Object>> gone = new ArrayList<>();
        gone.add(new WeakReference<>(connection.connection()));
        world.release(connection);
        gone.add(new WeakReference<>(world.pool));
        gone.add(new WeakReference<>(world.manager));
        keeper.accept(world, kept);
        CloseReport report = world.pool.close(Duration.ofSeconds(1));
        world.settle();
        kept.add(report);
        kept.addAll(events);
        assertThat(events).isNotEmpty();
        return new Kept(kept, gone);
    }

    private static final class Keeping implements PoolListener<String> {
        private final ConcurrentLinkedQueue<Object> events;

        Keeping(ConcurrentLinkedQueue<Object> events) {
            this.events = events;
        }

        @Override
        public void onConnectionCreated(ConnectionEvent<String> event) {
            events.add(event);
        }

        @Override
        public void onConnectFailed(ConnectionEvent<String> event) {
            events.add(event);
        }

        @Override
        public void onConnectionDisposed(ConnectionEvent<String> event) {
            events.add(event);
        }

        @Override
        public void onAcquired(LeaseEvent<String> event) {
            events.add(event);
        }

        @Override
        public void onReleased(LeaseEvent<String> event) {
            events.add(event);
        }

        @Override
        public void onAcquireFailed(LeaseEvent<String> event) {
            events.add(event);
        }

        @Override
        public void onHookFailed(ConnectionEvent<String> event) {
            events.add(event);
        }

        @Override
        public void onCircuitChanged(CircuitEvent<String> event) {
            events.add(event);
        }
    }
}
