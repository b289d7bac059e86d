package io.genericpool.core.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.Lease;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Shows I36: calls in flight of the whole pool are bounded, and what waits for its turn keeps its permit. */
class PoolTurnsTest {
    private final FakePoolClock clock = new FakePoolClock();
    private final ManualExecutor executor = new ManualExecutor();
    private final ManualExecutor completions = new ManualExecutor();
    private final ScriptedManager<String> manager = ScriptedManager.plain();

    private ConnectionPool<String, FakeConnection<String>> pool(
            UnaryOperator<ConnectionPoolBuilder<String, FakeConnection<String>>> more) {
        return more.apply(ConnectionPools.builder(manager)
                        .clock(clock)
                        .connectExecutor(executor)
                        .completionExecutor(completions)
                        .closeTimeout(Duration.ZERO))
                .build();
    }

    private void runAll() {
        int ran = 1;
        while (ran > 0) {
            ran = executor.runAll() + completions.runAll();
        }
    }

    private List<CompletableFuture<Lease<String, FakeConnection<String>>>> ask(
            ConnectionPool<String, FakeConnection<String>> pool, String endpoint, int count) {
        List<CompletableFuture<Lease<String, FakeConnection<String>>>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(pool.connectionAsync(endpoint));
        }
        return all;
    }

    private void idle(ConnectionPool<String, FakeConnection<String>> pool, String endpoint, int count) {
        var warmUp = pool.warmUp(endpoint, count);
        runAll();
        assertThat(warmUp).isCompletedWithValue(count);
    }

    @Test
    void connectsBeyondTheBoundWaitWithTheirPermitsAndEndpointsTakeTurns() {
        try (var pool = pool(builder -> builder.totalMaxConnects(2))) {
            var a = ask(pool, "a", 4);
            var b = ask(pool, "b", 1);
            assertThat(executor.pending()).isEqualTo(2);
            assertThat(pool.stats().connecting()).as("each keeps its permit").isEqualTo(3);
            assertThat(executor.runNext()).isTrue();
            assertThat(executor.runNext()).isTrue();
            assertThat(executor.pending()).isEqualTo(2);
            assertThat(executor.runNext()).isTrue();
            completions.runAll();
            assertThat(b.get(0))
                    .as("one of a's connects and its own were ahead")
                    .isCompleted();
            runAll();
            assertThat(a).allMatch(CompletableFuture::isDone);
            a.forEach(lease -> lease.join().release());
            b.forEach(lease -> lease.join().release());
        }
    }

    @Test
    void theTimeoutOfAConnectBeginsWithItsTurn() {
        try (var pool = pool(builder -> builder.totalMaxConnects(1).connectTimeout(Duration.ofSeconds(10)))) {
            var first = pool.connectionAsync("a", Duration.ofMinutes(1));
            var second = pool.connectionAsync("b", Duration.ofMinutes(1));
            clock.advance(Duration.ofSeconds(9));
            assertThat(executor.runNext()).isTrue();
            clock.advance(Duration.ofSeconds(9));
            runAll();
            second.join().release();
            first.join().release();
            assertThat(pool.stats().connectFailures()).isZero();
        }
    }

    @Test
    void theDeadlineOfAnAcquireDoesNotWaitAndItsConnectIsNotMade() {
        try (var pool = pool(builder -> builder.totalMaxConnects(1))) {
            var first = pool.connectionAsync("a", Duration.ofMinutes(1));
            var second = pool.connectionAsync("b", Duration.ofSeconds(1));
            clock.advance(Duration.ofSeconds(2));
            runAll();
            assertThatThrownBy(second::join).hasCauseInstanceOf(AcquireTimeoutException.class);
            first.join().release();
            assertThat(manager.calls(Operation.CREATE)).isEqualTo(1);
            assertThat(pool.stats().total()).as("its permit is free again").isEqualTo(1);
        }
    }

    @Test
    void anEvictedConnectIsNotMadeWhenItsTurnComes() {
        try (var pool = pool(builder -> builder.totalMaxConnects(1))) {
            var first = pool.connectionAsync("a");
            var second = pool.connectionAsync("b");
            pool.evict("b");
            runAll();
            second.join().release();
            first.join().release();
            assertThat(manager.calls(Operation.CREATE)).isEqualTo(2);
        }
    }

    @Test
    void aCloseWithdrawsConnectsThatWait() {
        var pool = pool(builder -> builder.totalMaxConnects(1));
        var first = pool.connectionAsync("a");
        var second = pool.connectionAsync("b");
        var report = pool.close(Duration.ZERO);
        assertThat(report.failedWaiters()).isEqualTo(2);
        assertThat(report.abandoned()).as("the one that has started").isEqualTo(1);
        runAll();
        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
        assertThat(manager.calls(Operation.CREATE)).isLessThanOrEqualTo(1);
        assertThat(manager.server().open()).isZero();
        assertThat(pool.stats().total()).isZero();
    }

    @Test
    void disposalsBeyondTheBoundWaitAndKeepTheirPermits() {
        try (var pool = pool(builder -> builder.maxSize(5).totalMaxDisposals(2))) {
            idle(pool, "a", 5);
            pool.evictAll();
            assertThat(executor.pending()).isEqualTo(2);
            assertThat(pool.stats().total()).isEqualTo(5);
            assertThat(pool.stats().idle()).isZero();
            runAll();
            assertThat(pool.stats().total()).isZero();
            assertThat(manager.server().open()).isZero();
        }
    }

    @Test
    void disposalsOfOneEndpointDoNotKeepThoseOfAnotherWaiting() {
        try (var pool = pool(builder -> builder.maxSize(5).totalMaxDisposals(1))) {
            idle(pool, "a", 5);
            idle(pool, "b", 1);
            pool.evict("a");
            pool.evict("b");
            assertThat(executor.runNext()).isTrue();
            assertThat(executor.runNext()).isTrue();
            assertThat(executor.runNext()).isTrue();
            assertThat(manager.server().open("b")).isZero();
            assertThat(manager.server().open("a")).isEqualTo(3);
            runAll();
        }
    }

    @Test
    void withoutThreadsNothingIsCountedDisposedAndTheNextTickTriesAgain() {
        var threads = new ScarceThreads();
        try (var pool =
                pool(builder -> builder.maxSize(5).connectExecutor(threads).completionExecutor(threads))) {
            idle(pool, "a", 5);
            threads.areMissing = true;
            pool.evictAll();
            clock.advance(Duration.ofSeconds(3));
            assertThat(pool.stats().disposed()).isZero();
            assertThat(pool.stats().total()).isEqualTo(5);
            assertThat(manager.server().open()).isEqualTo(5);
            threads.areMissing = false;
            clock.advance(Duration.ofSeconds(1));
            runAll();
            assertThat(pool.stats().disposed(DisposeReason.EVICTED)).isEqualTo(5);
            assertThat(manager.server().open()).isZero();
        }
    }

    @Test
    void whatWaitsForAThreadIsDisposedAfterTheCloseToo() {
        var threads = new ScarceThreads();
        var pool = pool(builder -> builder.maxSize(5).connectExecutor(threads).completionExecutor(threads));
        idle(pool, "a", 5);
        threads.areMissing = true;
        assertThat(pool.close(Duration.ZERO).abandoned()).isEqualTo(5);
        threads.areMissing = false;
        clock.advance(Duration.ofSeconds(1));
        runAll();
        assertThat(manager.server().open()).isZero();
        assertThat(pool.stats().total()).isZero();
    }

    @Test
    void withoutACollectorTheClockTriesAgain() {
        var threads = new ScarceThreads();
        try (var pool = pool(builder ->
                builder.backgroundCollector(false).connectExecutor(threads).completionExecutor(threads))) {
            idle(pool, "a", 2);
            threads.areMissing = true;
            pool.evictAll();
            threads.areMissing = false;
            clock.advance(Duration.ofSeconds(1));
            runAll();
            assertThat(manager.server().open()).isZero();
        }
    }

    @Test
    void aDisposalThatIsAStageHoldsItsTurnUntilThatHasEnded() {
        var slow = new SlowToClose();
        try (var pool = ConnectionPools.builder(slow)
                .clock(clock)
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .totalMaxDisposals(1)
                .disposeTimeout(Duration.ofSeconds(5))
                .build()) {
            assertThat(pool.warmUp("a", 3)).isCompletedWithValue(3);
            pool.evictAll();
            assertThat(slow.closing).hasSize(1);
            slow.closing.get(0).complete(null);
            assertThat(slow.closing).hasSize(2);
            clock.advance(Duration.ofSeconds(10));
            assertThat(slow.closing).as("one that is abandoned holds no turn").hasSize(3);
            slow.closing.get(2).complete(null);
            slow.closing.get(1).complete(null);
            assertThat(pool.stats().total()).isZero();
        }
    }

    /** An executor whose threads cannot be made for a while. */
    private final class ScarceThreads implements Executor {
        private boolean areMissing;

        @Override
        public void execute(Runnable task) {
            if (areMissing) {
                throw new OutOfMemoryError("unable to create native thread, by test");
            }
            executor.execute(task);
        }
    }

    private static final class SlowToClose implements AsyncConnectionManager<String, Object> {
        private final List<CompletableFuture<Void>> closing = new ArrayList<>();

        @Override
        public CompletionStage<Object> createAsync(String endpoint, Duration timeout) {
            return CompletableFuture.completedFuture(new Object());
        }

        @Override
        public CompletionStage<Boolean> checkAlivenessAsync(String endpoint, Object connection, Duration timeout) {
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletionStage<Void> disposeAsync(
                String endpoint, Object connection, DisposeReason reason, Duration timeout) {
            var stage = new CompletableFuture<Void>() {
                @Override
                public boolean cancel(boolean mayInterrupt) {
                    return false; // goes on
                }
            };
            closing.add(stage);
            return stage;
        }
    }
}
