package io.genericpool.core.misuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.EndpointLimits;
import io.genericpool.Lease;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.spi.PoolClock;
import io.genericpool.testkit.FakeConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Everything that a pool is given (a clock, executors, functions) refuses once, at each of its calls in turn.
 * Whatever comes of that for the caller, afterwards no connection is held by nobody, and nobody waits for ever. Shows
 * I23.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the books tell what comes of them
class RefusalsTest {
    private static final int MAX_SIZE = 3;

    enum Refusal {
        CLOCK_IS_NOT_READ,
        CLOCK_SETS_NO_TIMER,
        CLOCK_GIVES_NULL_FOR_A_TIMER,
        CLOCK_DOES_NOT_CANCEL,
        CLOCK_DOES_NOT_PARK,
        CONNECT_EXECUTOR_REJECTS,
        CONNECT_EXECUTOR_RUNS_AND_THROWS,
        COMPLETION_EXECUTOR_REJECTS,
        COMPLETION_EXECUTOR_RUNS_AND_THROWS,
        COMPLETION_EXECUTOR_RUNS_TWICE,
        LIMITS_THROW,
        LABEL_THROWS
    }

    /** Strikes at one call of one kind. */
    private static final class Trap {
        private final Refusal kind;
        private final boolean throwsErrors;
        private int callsLeft;
        private boolean isSet;

        Trap(Refusal kind, int call, boolean throwsErrors) {
            this.kind = kind;
            this.callsLeft = call;
            this.throwsErrors = throwsErrors;
        }

        boolean strikes(Refusal call) {
            return isSet && call == kind && callsLeft-- == 0;
        }

        void spring(Refusal call) {
            if (strikes(call)) {
                throw failure();
            }
        }

        RuntimeException failure() {
            if (throwsErrors) {
                throw new StackOverflowError("by test");
            }
            return new RejectedExecutionException("by test");
        }

        boolean hasStruck() {
            return callsLeft < 0;
        }
    }

    private record TrappedClock(PoolClock clock, Trap trap) implements PoolClock {
        @Override
        public long nanoTime() {
            trap.spring(Refusal.CLOCK_IS_NOT_READ);
            return clock.nanoTime();
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            trap.spring(Refusal.CLOCK_SETS_NO_TIMER);
            if (trap.strikes(Refusal.CLOCK_GIVES_NULL_FOR_A_TIMER)) {
                clock.schedule(task, delayNanos);
                return null;
            }
            Timer timer = clock.schedule(task, delayNanos);
            return () -> {
                trap.spring(Refusal.CLOCK_DOES_NOT_CANCEL);
                timer.cancel();
            };
        }

        @Override
        public boolean isManual() {
            return clock.isManual();
        }

        @Override
        public void park(Object blocker, long nanos) {
            trap.spring(Refusal.CLOCK_DOES_NOT_PARK);
            clock.park(blocker, nanos);
        }
    }

    private static Executor trapped(Executor executor, Trap trap, Refusal rejects, Refusal runsAndThrows) {
        return task -> {
            trap.spring(rejects);
            if (trap.strikes(runsAndThrows)) {
                task.run();
                throw trap.failure();
            }
            executor.execute(task);
            if (rejects == Refusal.COMPLETION_EXECUTOR_REJECTS
                    && trap.strikes(Refusal.COMPLETION_EXECUTOR_RUNS_TWICE)) {
                executor.execute(task);
            }
        };
    }

    private final List<Lease<String, FakeConnection<String>>> held = new ArrayList<>();
    private final List<CompletableFuture<Lease<String, FakeConnection<String>>>> futures = new ArrayList<>();

    @ParameterizedTest
    @EnumSource
    void nothingIsLostWhereverItRefuses(Refusal kind) {
        for (boolean throwsErrors : new boolean[] {false, true}) {
            boolean hasStruck = true;
            int calls = 0;
            for (int call = 0; hasStruck; call++) {
                calls = call;
                for (boolean hasCollector : new boolean[] {true, false}) {
                    hasStruck = hasCollector & hasStruck | play(kind, call, throwsErrors, hasCollector);
                }
            }
            assertThat(calls).as("calls of that kind that refused").isPositive();
        }
    }

    private boolean play(Refusal kind, int call, boolean throwsErrors, boolean hasCollector) {
        held.clear();
        futures.clear();
        var trap = new Trap(kind, call, throwsErrors);
        var world = new PoolWorld();
        world.open(knobs -> knobs.maxSize(MAX_SIZE)
                .totalMaxSize(MAX_SIZE)
                .acquireTimeout(Duration.ofSeconds(2))
                .alivenessBypass(Duration.ZERO)
                .backgroundCollector(hasCollector)
                .clock(new TrappedClock(world.clock, trap))
                .connectExecutor(trapped(
                        world.connects,
                        trap,
                        Refusal.CONNECT_EXECUTOR_REJECTS,
                        Refusal.CONNECT_EXECUTOR_RUNS_AND_THROWS))
                .completionExecutor(trapped(
                        world.completions,
                        trap,
                        Refusal.COMPLETION_EXECUTOR_REJECTS,
                        Refusal.COMPLETION_EXECUTOR_RUNS_AND_THROWS))
                .endpointLabel(endpoint -> {
                    trap.spring(Refusal.LABEL_THROWS);
                    return endpoint;
                })
                .endpointLimits(endpoint -> {
                    trap.spring(Refusal.LIMITS_THROW);
                    return EndpointLimits.of(0, MAX_SIZE);
                }));
        trap.isSet = true;
        use(world);
        trap.isSet = false;
        try {
            assertNothingIsLost(world);
        } catch (AssertionError e) {
            throw new AssertionError(
                    kind + " at call " + call + (hasCollector ? "" : ", no collector") + ": " + e.getMessage(), e);
        }
        return trap.hasStruck();
    }

    private void use(PoolWorld world) {
        var pool = world.pool;
        blocking(() -> pool.connection("a"));
        blocking(() -> pool.connection("a"));
        later(() -> pool.connectionAsync("a"));
        later(() -> pool.connectionAsync("a")); // waits
        later(() -> pool.newConnectionAsync("b", Duration.ofSeconds(1))); // times out
        attempt(() -> {
            futures.get(futures.size() - 1).cancel(false);
            return true;
        });
        later(() -> pool.connectionAsync("b", Duration.ofMillis(50)));
        blocking(() -> pool.connection("a", Duration.ofMillis(10))); // times out
        world.advance(Duration.ofMillis(100));
        giveBack(world);
        blocking(() -> pool.connection("a")); // checked
        blocking(() -> pool.newConnection("b"));
        attempt(() -> pool.use("a", connection -> {
            throw new IllegalArgumentException("by test");
        }));
        attempt(() -> pool.warmUp("a", 2));
        giveBack(world);
        attempt(() -> {
            pool.evict("a");
            return true;
        });
        world.advance(Duration.ofSeconds(3));
    }

    private void blocking(Callable<Lease<String, FakeConnection<String>>> acquire) {
        attempt(() -> held.add(acquire.call()));
    }

    private void later(Callable<CompletableFuture<Lease<String, FakeConnection<String>>>> acquire) {
        attempt(() -> futures.add(acquire.call()));
    }

    private static void attempt(Callable<?> action) {
        try {
            action.call();
        } catch (Throwable e) {
            // It may fail in any way.
        }
    }

    private void giveBack(PoolWorld world) {
        world.settle();
        for (var future : futures) {
            if (future.isDone() && !future.isCompletedExceptionally()) {
                held.add(future.join());
            }
        }
        futures.removeIf(CompletableFuture::isDone);
        held.forEach(lease -> attempt(() -> {
            lease.release();
            return true;
        }));
        held.clear();
        world.settle();
    }

    private void assertNothingIsLost(PoolWorld world) {
        world.advance(Duration.ofMinutes(1));
        giveBack(world);
        world.advance(Duration.ofMinutes(2));
        assertThat(futures).as("futures that nobody completes").isEmpty();
        var stats = world.pool.stats();
        assertThat(stats.waiters()).as("waiters").isZero();
        assertThat(stats.total() - stats.idle()).as("not idle: " + stats).isZero();
        world.leases("c", MAX_SIZE).forEach(world::release);
        world.verify(MAX_SIZE, MAX_SIZE);
    }
}
