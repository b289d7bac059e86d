package io.genericpool.core.misuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.ConnectionCreateException;
import io.genericpool.DisposeReason;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.PoolStats;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.core.support.ThrowingGovernor;
import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedAsyncManager;
import io.genericpool.testkit.ScriptedManager;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What managers, listeners, governors and executors get wrong: an error for whom it concerns, and nothing leaks. */
@SuppressWarnings("FutureReturnValueIgnored") // what they do is seen at the pool
class BadManagerTest {
    private static final int MAX_SIZE = 3;
    /** Those that must return something. */
    private static final Set<Operation> RETURNING = EnumSet.of(Operation.CREATE, Operation.LEND, Operation.RESET);

    private static PoolWorld world(ScriptedManager<String> manager) {
        return new PoolWorld(manager).open(knobs -> knobs.maxSize(MAX_SIZE)
                .totalMaxSize(4)
                .alivenessBypass(Duration.ZERO)
                .keepaliveInterval(Duration.ofSeconds(5))
                .acquireTimeout(Duration.ofSeconds(1)));
    }

    static Stream<Arguments> faults() {
        return Stream.of(Operation.values())
                .flatMap(operation -> Stream.of("Exception", "Error", "null", "at once", "async")
                        .filter(kind -> !kind.equals("null") || RETURNING.contains(operation))
                        .map(kind -> Arguments.of(operation, kind)));
    }

    private static Behaviour fault(String kind) {
        return switch (kind) {
            case "Exception", "async" -> Behaviour.fail(() -> new IOException("as scripted"));
            case "Error" -> Behaviour.fail(() -> new StackOverflowError("as scripted"));
            case "at once" -> Behaviour.throwAtOnce(new IllegalStateException("as scripted"));
            default -> Behaviour.returnNull();
        };
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("faults")
    void aHookThatAlwaysFailsLeaksNothing(Operation operation, String kind) {
        var world = world(kind.equals("async") ? new ScriptedAsyncManager<>() : ScriptedManager.full());
        world.manager.script(operation).always(fault(kind));

        for (int round = 0; round < 3; round++) {
            everythingThereIs(world);
        }
        world.advance(Duration.ofSeconds(12));
        assertThat(world.manager.calls(operation)).as("the fault was met").isPositive();

        world.manager.script(operation).reset();
        assertAllPermitsAreThere(world);
        world.verify(MAX_SIZE, 4);
    }

    private static void everythingThereIs(PoolWorld world) {
        attempt(world, () -> world.pool.connection("a").release());
        attempt(world, () -> world.pool.newConnection("a").release());
        attempt(world, () -> world.pool.connection("b").invalidate(new IOException("broken")));
        attempt(world, () -> world.pool.tryConnection("a").ifPresent(Lease::release));
        attempt(world, () -> world.pool.connectionAsync("a").thenAccept(Lease::release));
        attempt(
                world,
                () -> world.pool.use("a", connection -> {
                    throw new IllegalStateException("work");
                }));
        attempt(world, () -> world.pool.useAsync("b", connection -> CompletableFuture.completedFuture(1)));
        attempt(
                world,
                () -> world.pool.useAsync("b", connection -> {
                    connection.breakFromServer(new IOException("reset by peer"));
                    return CompletableFuture.failedFuture(new IOException("reset by peer"));
                }));
        attempt(world, () -> world.pool.warmUp("c", 2));
        attempt(world, () -> world.server.connections("c").forEach(FakeConnection::breakFromServer));
        attempt(world, () -> world.pool.evictAll());
        PoolWorld.assertBooks(world.pool.stats());
        assertThat(world.pool.stats().leased()).isZero();
        assertThat(world.pool.stats().waiters()).isZero();
    }

    private static void attempt(PoolWorld world, Runnable action) {
        try {
            action.run();
        } catch (PoolException | IllegalStateException e) {
            assertThat(e).isNotNull();
        }
        world.settle();
        world.advance(Duration.ofMillis(20));
    }

    private static void assertAllPermitsAreThere(PoolWorld world) {
        world.pool.evictAll();
        world.settle();
        var first = world.leases("a", MAX_SIZE);
        first.addAll(world.leases("b", 1));
        PoolStats stats = world.pool.stats();
        assertThat(stats.leased()).isEqualTo(4);
        assertThat(stats.abandoned()).isZero();
        first.forEach(world::release);
    }

    // ---- hooks that leave their thread interrupted

    @ParameterizedTest
    @EnumSource(names = {"CREATE", "BIND", "CHECK", "ON_DEAD", "DISPOSE"})
    void aFlagThatIsLeftOnAThreadOfTheExecutorIsSeenByNoOtherCall(Operation operation) {
        var world = world(ScriptedManager.full());
        var seen = new AtomicInteger();
        for (Operation other : Operation.values()) {
            world.manager.script(other).always(Behaviour.perform(() -> {
                if (Thread.currentThread().isInterrupted()) {
                    seen.incrementAndGet();
                }
                if (other == operation) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (int round = 0; round < 3; round++) {
            for (int use = 0; use < 2; use++) {
                var future = world.ask("a");
                assertThat(future).isCompleted();
                world.release(future.join());
                world.advance(Duration.ofMillis(20));
            }
            world.server.connections("a").forEach(FakeConnection::breakFromServer);
            world.settle();
            world.pool.evictAll();
            world.settle();
            assertThat(Thread.interrupted()).as("after round %s", round).isFalse();
        }
        assertThat(world.manager.calls(operation)).isPositive();
        assertThat(seen).as("calls that saw the flag of another one").hasValue(0);
        for (Operation other : Operation.values()) {
            world.manager.script(other).reset();
        }
        world.verify(MAX_SIZE, 4);
    }

    // ---- hooks that call back

    @ParameterizedTest
    @EnumSource(Operation.class)
    void everyHookMayAcquireOfItsOwnEndpointAndOfAnother(Operation operation) {
        var world = world(ScriptedManager.full());
        var calls = new AtomicInteger();
        world.manager.script(operation).always(Behaviour.perform(() -> {
            if (calls.incrementAndGet() <= 2) {
                world.pool.connection("another", Duration.ofSeconds(1)).release();
                world.pool.connectionAsync("a", Duration.ofSeconds(1)).thenAccept(Lease::release);
                world.pool.tryConnection("a").ifPresent(Lease::invalidate);
                world.pool.stats();
                world.pool.evict("nobody");
            }
        }));

        world.pool.connection("a").release();
        world.settle();
        world.pool.connection("a").invalidate();
        world.settle();
        world.fill("a", 1).get(0).breakFromServer();
        world.settle();
        attempt(
                world,
                () -> world.pool.use("a", connection -> {
                    throw new IllegalStateException("work");
                }));
        world.advance(Duration.ofSeconds(2));

        assertThat(world.manager.calls(operation)).isPositive();
        assertThat(world.pool.stats().leased()).isZero();
        world.manager.script(operation).reset();
        assertAllPermitsAreThere(world);
        world.verify(MAX_SIZE, 4);
    }

    // ---- listeners

    private static final class Throwing implements PoolListener<String> {
        private final Error failure = new AssertionError("from a listener");

        @Override
        public void onConnectionCreated(ConnectionEvent<String> event) {
            throw failure;
        }

        @Override
        public void onConnectFailed(ConnectionEvent<String> event) {
            throw failure;
        }

        @Override
        public void onConnectionDisposed(ConnectionEvent<String> event) {
            throw failure;
        }

        @Override
        public void onConnectionAbandoned(ConnectionEvent<String> event) {
            throw failure;
        }

        @Override
        public void onAcquired(LeaseEvent<String> event) {
            throw failure;
        }

        @Override
        public void onReleased(LeaseEvent<String> event) {
            throw failure;
        }

        @Override
        public void onAcquireFailed(LeaseEvent<String> event) {
            throw failure;
        }

        @Override
        public void onLeakDetected(LeaseEvent<String> event) {
            throw failure;
        }

        @Override
        public void onHookFailed(ConnectionEvent<String> event) {
            throw failure;
        }
    }

    @Test
    void aListenerThatThrowsAnErrorFromEveryMethodChangesNothing() {
        var world = new PoolWorld();
        world.open(knobs -> knobs.maxSize(1).listener(new Throwing()).leakDetectionThreshold(Duration.ofSeconds(2)));

        var lease = world.lease("a");
        assertThatThrownBy(() -> world.pool.connection("a", Duration.ofSeconds(3)))
                .isInstanceOf(PoolException.class);
        world.script(Operation.ON_RELEASE, Behaviour.fail(new IOException("cannot be cleaned")));
        world.release(lease);
        world.script(Operation.CREATE, Behaviour.fail(new IOException("refused")));
        assertThatThrownBy(() -> world.pool.connection("a")).isInstanceOf(ConnectionCreateException.class);
        world.release(world.lease("a"));

        var stats = world.pool.stats();
        assertThat(stats.leaks()).isOne();
        // 2 created, 1 connect failed, 1 disposed, 2 acquired, 2 released, 2 acquires failed, 1 leak, 1 hook failed
        assertThat(stats.listenerFailures()).isEqualTo(12);
        assertThat(stats.idle()).isOne();
        world.verify(1, 100);
    }

    // ---- governors

    @Test
    void aGovernorThatThrowsFromEveryMethodIsCountedAndNoMore() {
        var world = new PoolWorld();
        var governor = ThrowingGovernor.ofErrors();
        world.open(knobs -> knobs.maxSize(1).connectGovernor(governor));

        world.script(Operation.CREATE, Behaviour.fail(new IOException("refused")));
        assertThatThrownBy(() -> world.pool.connection("a")).isInstanceOf(ConnectionCreateException.class);
        world.settle();
        world.release(world.lease("a"));
        world.pool.evict("a");
        world.settle();

        assertThat(world.pool.endpoints()).isEmpty();
        assertThat(governor.thrown()).contains("beforeConnect", "onConnected", "onConnectFailed", "onEndpointRemoved");
        assertThat(world.pool.stats().hookFailures())
                .isEqualTo(governor.thrown().size());
        world.verify(1, 100);
    }

    @Test
    void aGovernorThatAnswersNullAllows() {
        var world = new PoolWorld();
        world.open(knobs -> knobs.connectGovernor((endpoint, now) -> null));

        world.release(world.lease("a"));

        assertThat(world.pool.stats().hookFailures()).isOne();
        world.verify(10, 100);
    }

    // ---- executors

    @Test
    void aConnectExecutorThatRejectsAConnectFailsItsWaiterWithThat() {
        var world = world(ScriptedManager.full());
        world.connects.rejectNext(1);

        assertThatThrownBy(() -> world.pool.connection("a")).isInstanceOf(ConnectionCreateException.class);

        assertThat(world.pool.stats().connectFailures()).isOne();
        assertAllPermitsAreThere(world);
        world.verify(MAX_SIZE, 4);
    }

    @Test
    void aConnectExecutorThatRejectsACheckMeansDead() {
        var world = world(ScriptedManager.full());
        world.fill("a", 1);
        world.connects.rejectNext(1);

        world.release(world.lease("a"));

        assertThat(world.server.disposed(DisposeReason.DEAD)).isOne();
        assertAllPermitsAreThere(world);
        world.verify(MAX_SIZE, 4);
    }

    @Test
    void aConnectExecutorThatRejectsADisposalLeavesItToTheCompletionExecutor() {
        var world = world(ScriptedManager.full());
        var lease = world.lease("a");
        world.connects.rejectNext(1);

        lease.invalidate();
        assertThat(world.completions.pending()).isOne();
        world.settle();

        assertThat(world.server.disposed(DisposeReason.INVALIDATED)).isOne();
        assertAllPermitsAreThere(world);
        world.verify(MAX_SIZE, 4);
    }

    @Test
    void aCompletionExecutorThatRejectsFailsTheFutureAndTheConnectionGoesBack() {
        var world = world(ScriptedManager.full());
        var leases = world.leases("a", MAX_SIZE);
        var waiting = world.ask("a");
        world.completions.rejectNext(1);

        leases.forEach(world::release);

        assertThat(waiting).isCompletedExceptionally();
        assertThat(world.pool.stats().failed()).isOne();
        assertAllPermitsAreThere(world);
        world.verify(MAX_SIZE, 4);
    }
}
