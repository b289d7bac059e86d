package io.genericpool.core.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.PoolException;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.ConnectGovernor.Verdict;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.LeaseScope;
import io.genericpool.spi.PoolClock;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.Gate;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What reviews of the engine found, so that it does not come back. Races among them are in {@code RaceTest}. */
class ReviewRegressionTest {
    /** Stops one thread at its n-th look at the time, which may be under a lock, and counts its looks after that. */
    private static final class StallingClock implements PoolClock {
        final CountDownLatch stalled = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        final AtomicInteger reads = new AtomicInteger();
        volatile Thread victim;
        private final int stallAt;

        StallingClock(int stallAt) {
            this.stallAt = stallAt;
        }

        @Override
        public long nanoTime() {
            if (Thread.currentThread() == victim && reads.incrementAndGet() == stallAt) {
                stalled.countDown();
                try {
                    assertThat(goOn.await(10, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return System.nanoTime();
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            return PoolClock.system().schedule(task, delayNanos);
        }

        @Override
        public void park(Object blocker, long nanos) {
            PoolClock.system().park(blocker, nanos);
        }
    }

    private static void acquire(ConnectionPool<String, ?> pool, Duration timeout) {
        try {
            pool.connection("a", timeout).release();
        } catch (AcquireTimeoutException e) {
            assertThat(e).isNotNull();
        }
    }

    private static void awaitThat(Callable<Boolean> condition) {
        Awaitility.await().pollInterval(Duration.ofMillis(2)).until(condition);
    }

    private static boolean isHeldUp(Thread thread) {
        return !thread.isAlive() || thread.getState() == Thread.State.WAITING;
    }

    /** A permit was granted to a waiter that had left, given back and granted again, without an end. Shows I15. */
    @Tag("real-time")
    @ParameterizedTest(name = "stalled at look {0}")
    @ValueSource(ints = {1, 2, 3, 4})
    void aWaiterThatHasLeftButIsStillLinkedIsGrantedNothing(int stallAt) throws Exception {
        var clock = new StallingClock(stallAt);
        ScriptedManager<String> manager = ScriptedManager.plain();
        var pool = ConnectionPools.builder(manager)
                .maxSize(3)
                .totalMaxSize(3)
                .clock(clock)
                .build();
        var elsewhere = List.of(pool.connection("b"), pool.connection("b"), pool.connection("b"));
        var waiter = new Thread(() -> acquire(pool, Duration.ofSeconds(1)));
        waiter.start();
        awaitThat(() -> pool.stats().waiters() == 1);
        long queuedAt = System.nanoTime();
        var inside = new Thread(() -> acquire(pool, Duration.ZERO));
        clock.victim = inside;
        inside.start();
        awaitThat(() -> clock.stalled.getCount() == 0 || !inside.isAlive());
        awaitThat(() -> System.nanoTime() - queuedAt > TimeUnit.MILLISECONDS.toNanos(1_010) && isHeldUp(waiter));
        var releasing = new Thread(() -> elsewhere.forEach(Lease::invalidate));
        releasing.start();
        awaitThat(() -> isHeldUp(releasing));

        clock.goOn.countDown();
        for (Thread thread : List.of(waiter, inside, releasing)) {
            thread.join(10_000);
            assertThat(thread.isAlive()).isFalse();
        }

        assertThat(clock.reads).as("looks at the time").hasValueLessThan(50);
        var after = List.of(
                pool.connection("a", Duration.ofSeconds(5)),
                pool.connection("a", Duration.ofSeconds(5)),
                pool.connection("a", Duration.ofSeconds(5)));
        after.forEach(Lease::release);
        assertThat(pool.close(Duration.ofSeconds(5)).isClean()).isTrue();
        manager.server().assertWithin(3, 3);
        manager.server().assertAllClosed();
    }

    /** The sweep sorted by a field that releases change at the same time. */
    @Tag("real-time")
    @Test
    void theSweepOfABusyEndpointLosesNoDisposal() throws Exception {
        ScriptedManager<String> manager = ScriptedManager.plain();
        int size = 200;
        var pool = ConnectionPools.builder(manager)
                .maxSize(size)
                .totalMaxSize(size)
                .maxConnectsPerEndpoint(64)
                .idleTimeout(Duration.ofMillis(40))
                .maxLifetime(Duration.ofMillis(150))
                .maxLifetimeJitter(0.9)
                .build();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(900);
        Runnable user = () -> {
            var random = new SplittableRandom(1);
            List<Lease<String, FakeConnection<String>>> held = new ArrayList<>();
            while (System.nanoTime() - end < 0) {
                int count = random.nextInt(size / 2 - 10);
                for (int i = 0; i < count; i++) {
                    try {
                        held.add(pool.connection("a", Duration.ofMillis(20)));
                    } catch (AcquireTimeoutException e) {
                        break;
                    }
                }
                held.forEach(Lease::release);
                held.clear();
            }
        };
        var threads = List.of(new Thread(user), new Thread(user));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        Awaitility.await().untilAsserted(() -> assertThat(pool.stats().total()).isZero());
        assertThat(pool.close(Duration.ofSeconds(5)).isClean()).isTrue();
        manager.server().assertAllClosed();
    }

    /** One stack level a disposed connection. */
    @Test
    void loweringTheTotalOfManyIdleConnectionsTakesNoStack() throws Exception {
        var world = PoolWorld.with(knobs -> knobs.maxSize(1).totalMaxSize(5_000));
        for (int i = 0; i < 5_000; i++) {
            world.release(world.lease("endpoint " + i));
        }
        var failure = new AtomicReference<Throwable>();

        onSmallStack(() -> world.pool.resizeTotal(1), failure);
        world.settle();

        assertThat(failure.get()).isNull();
        assertThat(world.pool.stats().total()).isOne();
        world.release(world.lease("another"));
        world.verify(1, 5_000);
    }

    private static void onSmallStack(Runnable action, AtomicReference<Throwable> failure) throws InterruptedException {
        var thread = new Thread(null, action, "small stack", 200_000);
        thread.setUncaughtExceptionHandler((ended, e) -> failure.set(e));
        thread.start();
        thread.join();
    }

    /** The first in line was its own releaser's endpoint, for ever; nobody behind it was served. Shows I16. */
    @Test
    void aBusyEndpointThatStarvesItselfDoesNotShutOutOthers() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(3).totalMaxSize(3).overtakeWindow(Duration.ZERO));
        var held = world.lease("d");
        var busy = new ArrayList<CompletableFuture<Lease<String, FakeConnection<String>>>>();
        for (int i = 0; i < 12; i++) {
            busy.add(world.ask("a"));
        }
        var other = world.ask("c");

        int served = 0;
        for (int i = 0; i < 12 && !other.isDone(); i++) {
            for (int each = 0; each < busy.size(); each++) {
                if (busy.get(each).isDone()) {
                    world.release(busy.get(each).join());
                    busy.set(each, world.ask("a"));
                    served++;
                }
            }
            world.advance(Duration.ofMillis(1));
        }

        assertThat(other).as("after " + served + " leases of the busy one").isDone();
        world.release(other.join());
        world.release(held);
        world.verify(3, 3);
    }

    // ---- stages and timers of others

    private static final class Unruly extends CompletableFuture<Object> {
        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            throw new IllegalStateException("cannot be cancelled");
        }

        @Override
        public CompletableFuture<Object> whenComplete(BiConsumer<? super Object, ? super Throwable> action) {
            throw new IllegalStateException("cannot be watched");
        }
    }

    private static class Plain implements ConnectionManager<String, Object> {
        final AtomicInteger open = new AtomicInteger();

        @Override
        public Object create(String endpoint, Duration timeout) throws Exception {
            open.incrementAndGet();
            return new Object();
        }

        @Override
        public void dispose(String endpoint, Object connection, Duration timeout) {
            open.decrementAndGet();
        }
    }

    private static final class World<C> {
        final FakePoolClock clock = new FakePoolClock();
        final ManualExecutor executor = new ManualExecutor();
        final ConnectionPool<String, C> pool;

        World(ConnectionManager<String, C> manager, Consumer<ConnectionPoolBuilder<String, C>> knobs) {
            clock.autoAdvance(executor::runAll);
            var builder = ConnectionPools.builder(manager)
                    .clock(clock)
                    .connectExecutor(executor)
                    .completionExecutor(executor);
            knobs.accept(builder);
            pool = builder.build();
        }

        void advance(Duration time) {
            for (int i = 0; i < 20; i++) {
                executor.runAll();
                clock.advance(time.dividedBy(20));
            }
            executor.runAll();
        }
    }

    @Test
    void aResetWhoseCancellationThrowsIsAbandonedAndItsConnectionDisposedWhenItComesBack() {
        var reset = new CompletableFuture<Object>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                throw new IllegalStateException("cannot be cancelled");
            }
        };
        var manager = new Plain() {
            @Override
            public CompletionStage<?> resetAsync(String endpoint, Object connection) {
                return reset;
            }
        };
        var world = new World<>(manager, knobs -> knobs.maxSize(1).resetTimeout(Duration.ofMillis(100)));
        world.pool.connection("a").release();
        assertThat(world.pool.stats().pending()).isOne();

        world.advance(Duration.ofSeconds(1));
        assertThat(world.pool.stats().total()).isZero();
        assertThat(world.pool.stats().abandoned()).isOne();
        reset.complete("after all");
        world.advance(Duration.ofSeconds(1));

        assertThat(world.pool.stats().abandoned()).isZero();
        assertThat(manager.open).hasValue(0);
        assertThat(world.pool.close(Duration.ofSeconds(1)).isClean()).isTrue();
    }

    @Test
    void aResetThatCannotBeWatchedDisposesTheConnection() {
        var manager = new Plain() {
            @Override
            public CompletionStage<?> resetAsync(String endpoint, Object connection) {
                return new Unruly();
            }
        };
        var world = new World<>(manager, knobs -> knobs.maxSize(1));
        try {
            world.pool.connection("a").release();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("watched");
        }
        world.advance(Duration.ofSeconds(30));

        assertThat(world.pool.stats().pending()).isZero();
        assertThat(manager.open).hasValue(0);
        assertThat(world.pool.close(Duration.ofSeconds(1)).isClean()).isTrue();
    }

    private static final class UnrulyManager extends Plain implements AsyncConnectionManager<String, Object> {
        @Override
        public Object create(String endpoint, Duration timeout) {
            throw new AssertionError("not called");
        }

        @Override
        @SuppressWarnings("unchecked")
        public CompletionStage<Object> createAsync(String endpoint, Duration timeout) {
            return new Unruly();
        }

        @Override
        public CompletionStage<?> disposeAsync(
                String endpoint, Object connection, DisposeReason reason, Duration timeout) {
            return new Unruly();
        }

        @Override
        public CompletionStage<Boolean> checkAlivenessAsync(String endpoint, Object connection, Duration timeout) {
            return CompletableFuture.completedFuture(true);
        }
    }

    @Test
    void aConnectThatCannotBeWatchedFailsItsWaiter() {
        var world = new World<>(new UnrulyManager(), knobs -> {});

        var waiting = world.pool.connectionAsync("a");
        world.advance(Duration.ofSeconds(1));

        assertThatThrownBy(waiting::join).hasRootCauseMessage("cannot be watched");
        assertThat(world.pool.stats().total()).isZero();
        assertThat(world.pool.close(Duration.ofSeconds(1)).isClean()).isTrue();
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void aStageOfAUserThatCannotBeWatchedEndsItsLease() {
        var manager = new Plain();
        var world = new World<>(manager, knobs -> {});

        CompletableFuture<Object> result =
                world.pool.useAsync("a", connection -> (CompletionStage<Object>) (CompletionStage) new Unruly());
        world.advance(Duration.ofSeconds(1));

        assertThatThrownBy(result::join).hasRootCauseMessage("cannot be watched");
        assertThat(world.pool.stats().leased()).isZero();
        assertThat(world.pool.close(Duration.ofSeconds(1)).isClean()).isTrue();
    }

    // ---- close

    @Test
    void closeEndsAResetThatDoesNot() {
        var world = PoolWorld.with(knobs -> knobs.resetTimeout(PoolConfig.NO_LIMIT));
        world.script(Operation.RESET, Behaviour.hang(new Gate()));
        world.release(world.lease("a"));
        assertThat(world.stats("a").pending()).isOne();

        world.pool.close(Duration.ofSeconds(1));
        world.settle();

        assertThat(world.server.open()).isZero();
        world.verify(10, 100);
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void closeFromAnyHookDoesNotWaitForThatHook(Operation operation) {
        var world = PoolWorld.with(knobs -> knobs.alivenessBypass(Duration.ZERO));
        var took = new AtomicReference<Duration>();
        world.script(operation, Behaviour.perform(() -> {
            long before = world.clock.nanoTime();
            world.pool.close(Duration.ofSeconds(2));
            took.set(Duration.ofNanos(world.clock.nanoTime() - before));
        }));

        everyHook(world);

        assertThat(took.get()).isEqualTo(Duration.ZERO);
        world.verify(10, 100);
    }

    private static void everyHook(PoolWorld world) {
        try {
            world.release(world.lease("a"));
            world.release(world.lease("a"));
            world.server.crash("a");
            world.settle();
            world.pool.use("a", connection -> {
                throw new IOException("broken");
            });
        } catch (PoolException | IOException | IllegalStateException e) {
            assertThat(e).isNotNull();
        }
        world.settle();
    }

    @Test
    void closeFromAGovernorDoesNotWaitForIt() {
        List<String> calls = List.of("beforeConnect", "onConnected", "onConnectFailed");
        for (String closing : calls) {
            var world = new PoolWorld();
            var took = new AtomicReference<Duration>();
            Consumer<String> called = name -> {
                if (name.equals(closing) && took.get() == null) {
                    long before = world.clock.nanoTime();
                    world.pool.close(Duration.ofSeconds(2));
                    took.set(Duration.ofNanos(world.clock.nanoTime() - before));
                }
            };
            world.open(knobs -> knobs.connectGovernor(new ConnectGovernor<String>() {
                @Override
                public Verdict beforeConnect(String endpoint, long nowNanos) {
                    called.accept("beforeConnect");
                    return Verdict.proceed();
                }

                @Override
                public void onConnected(String endpoint, long nowNanos) {
                    called.accept("onConnected");
                }

                @Override
                public void onConnectFailed(String endpoint, long nowNanos, Throwable cause) {
                    called.accept("onConnectFailed");
                }
            }));
            if (closing.equals("onConnectFailed")) {
                world.script(Operation.CREATE, Behaviour.fail(new IOException("refused")));
            }

            everyHook(world);

            assertThat(took.get()).as(closing).isEqualTo(Duration.ZERO);
            world.verify(10, 100);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"created", "acquired", "released", "disposed"})
    void closeFromAListenerDoesNotWaitForTheConnectionItIsToldOf(String closing) {
        var world = new PoolWorld();
        var took = new AtomicReference<Duration>();
        Consumer<String> told = name -> {
            if (name.equals(closing) && took.get() == null) {
                long before = world.clock.nanoTime();
                world.pool.close(Duration.ofSeconds(2));
                took.set(Duration.ofNanos(world.clock.nanoTime() - before));
            }
        };
        world.open(knobs -> knobs.listener(new PoolListener<String>() {
            @Override
            public void onConnectionCreated(ConnectionEvent<String> event) {
                told.accept("created");
            }

            @Override
            public void onAcquired(LeaseEvent<String> event) {
                told.accept("acquired");
            }

            @Override
            public void onReleased(LeaseEvent<String> event) {
                told.accept("released");
            }

            @Override
            public void onConnectionDisposed(ConnectionEvent<String> event) {
                told.accept("disposed");
            }
        }));

        everyHook(world);

        assertThat(took.get()).as(closing).isEqualTo(Duration.ZERO);
        world.verify(10, 100);
    }

    /** Shows I42. */
    @Test
    void aViewThatAsksForTheEndOfALeaseThatACloseHasEndedIsToldAtOnce() {
        var told = new AtomicInteger();
        var reference = new AtomicReference<ConnectionPool<String, Object>>();
        var manager = new Plain() {
            @Override
            public Object lend(String endpoint, Object connection, LeaseScope scope) {
                var closing = new Thread(() -> reference.get().close(Duration.ZERO));
                closing.start();
                try {
                    closing.join();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                scope.onEnd(told::incrementAndGet);
                return connection;
            }
        };
        var world = new World<>(manager, knobs -> {});
        reference.set(world.pool);

        assertThatThrownBy(() -> world.pool.connection("a").connection()).isInstanceOf(RuntimeException.class);
        world.advance(Duration.ofSeconds(1));

        assertThat(told).hasValue(1);
        assertThat(manager.open).hasValue(0);
    }

    // ---- storms of one

    @Test
    void aServerThatClosesAtOnceCausesNoStormOfRefills() {
        var world = PoolWorld.with(knobs -> knobs.minIdle(1));
        world.manager.script(Operation.BIND).always(Behaviour.perform(() -> world.server.crash("a")));
        assertThatThrownBy(() -> world.lease("a")).isInstanceOf(PoolException.class);

        world.advance(Duration.ofSeconds(20));

        assertThat(world.server.createsStarted()).isBetween(2L, 45L);
        world.verify(10, 100);
    }

    /** As above, but a moment later: the connection is idle by then, and nobody has leased it. */
    @Test
    void aServerThatClosesIdleConnectionsAtOnceCausesNoStormOfRefills() {
        var world = new PoolWorld();
        world.open(knobs -> knobs.minIdle(1).listener(new PoolListener<>() {
            @Override
            public void onConnectionCreated(ConnectionEvent<String> event) {
                if (world.server.created() < 1_000) { // so that a storm ends the test instead of going on for ever
                    world.server.crash("a");
                }
            }
        }));
        world.release(world.lease("a"));

        world.advance(Duration.ofSeconds(20));

        assertThat(world.server.createsStarted()).isBetween(10L, 45L);
        world.verify(10, 100);
    }

    @Test
    void anEndpointThatWasOnlyResizedHoldsNoConnections() {
        var world = PoolWorld.with(knobs -> knobs.endpointRetention(PoolConfig.NO_LIMIT));
        world.pool.resize("a", EndpointLimits.of(2, 4));

        world.advance(Duration.ofSeconds(10));

        assertThat(world.server.createsStarted()).isZero();
        world.release(world.lease("a"));
        assertThat(world.stats("a").idle()).as("from the first acquire on").isEqualTo(2);
        world.verify(4, 100);
    }

    @Test
    void callersOfARefusedEndpointDoNotAskItsGovernorEachNorLeaveATimerEach() {
        var asked = new AtomicInteger();
        var world = new PoolWorld();
        world.open(knobs -> knobs.connectGovernor((endpoint, now) -> {
            asked.incrementAndGet();
            return Verdict.refuseFor(Duration.ofHours(1), null);
        }));

        for (int i = 0; i < 1_000; i++) {
            String endpoint = "endpoint " + i % 10;
            assertThatThrownBy(() -> world.pool.connection(endpoint, Duration.ofSeconds(1)))
                    .isInstanceOf(EndpointUnavailableException.class);
            world.settle();
        }

        assertThat(asked).hasValueLessThanOrEqualTo(20);
        assertThat(world.clock.pendingTimers()).isLessThanOrEqualTo(21);
        world.advance(Duration.ofHours(1).plusSeconds(2));
        assertThat(world.pool.endpoints()).isEmpty();
        assertThat(world.clock.pendingTimers()).isOne();
        world.verify(10, 100);
    }

    @Test
    void aGovernorThatDelaysByNothingIsNotAskedWithoutAPause() {
        var asked = new AtomicInteger();
        var world = new PoolWorld();
        world.open(knobs -> knobs.connectGovernor(
                (endpoint, now) -> asked.incrementAndGet() > 100 ? Verdict.proceed() : Verdict.waitFor(Duration.ZERO)));
        var waiting = world.ask("a");

        world.advance(Duration.ofMillis(20));
        assertThat(asked).hasValueLessThanOrEqualTo(25);
        world.advance(Duration.ofSeconds(1));

        world.release(waiting.join());
        world.verify(10, 100);
    }

    @Test
    void aLeaseIsNoLeakBecauseItsConnectionWasIdleForLong() {
        var world = PoolWorld.with(knobs -> knobs.leakDetectionThreshold(Duration.ofSeconds(10))
                .idleTimeout(PoolConfig.NO_LIMIT)
                .maxLifetime(PoolConfig.NO_LIMIT));
        world.fill("a", 1);
        world.advance(Duration.ofMinutes(5));
        var lease = world.lease("a");

        world.advance(Duration.ofSeconds(8));
        assertThat(world.pool.stats().leaks()).isZero();
        assertThat(world.pool.stats().longestHeld()).isLessThan(Duration.ofSeconds(10));
        world.advance(Duration.ofSeconds(5));

        assertThat(world.pool.stats().leaks()).isOne();
        world.release(lease);
        world.verify(10, 100);
    }

    @Test
    void aFailedWaiterKeepsItsOwnFailureWhenTheCompletionExecutorRejects() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(1));
        world.holdConnects(true);
        var late = world.ask("a", Duration.ofMillis(10));
        world.completions.rejectAll(true);

        world.clock.advance(Duration.ofMillis(10));
        world.completions.rejectAll(false);
        world.holdConnects(false);

        assertThatThrownBy(late::join).hasCauseInstanceOf(AcquireTimeoutException.class);
        world.verify(1, 100);
    }
}
