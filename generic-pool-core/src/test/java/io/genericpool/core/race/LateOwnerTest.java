package io.genericpool.core.race;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionPool;
import io.genericpool.PoolStats;
import io.genericpool.SuspendMode;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.support.HookClock;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.testkit.FakePoolClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The owner of a slot is merely late: the repair waits for it, and does no harm when it cannot know. Shows I30 and L. */
class LateOwnerTest {
    private static final Duration SOME_SWEEPS = Duration.ofSeconds(5);

    private final FakePoolClock clock = new FakePoolClock();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger created = new AtomicInteger();

    /** The first connect takes some sweeps. */
    private final class SlowAtFirst implements ConnectionManager<String, Object> {
        @Override
        public Object create(String endpoint, Duration timeout) {
            if (created.incrementAndGet() == 1) {
                clock.advance(SOME_SWEEPS);
            }
            open.incrementAndGet();
            return new Object();
        }

        @Override
        public void dispose(String endpoint, Object connection, Duration timeout) {
            open.decrementAndGet();
        }
    }

    @Test
    void connectThatWaitsBehindAnotherOnItsThreadIsWaitedFor() {
        try (var pool = ConnectionPools.builder(new SlowAtFirst())
                .maxSize(2)
                .connectTimeout(Duration.ofMinutes(1))
                .clock(clock)
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .build()) {
            pool.suspend("a", SuspendMode.WAIT);
            var first = pool.connectionAsync("a");
            var second = pool.connectionAsync("a");

            pool.resume("a"); // decides on two connects, and makes them one after the other

            assertThat(first).isCompleted();
            assertThat(second).isCompleted();
            assertThat(pool.stats().repaired()).isZero();
            assertThat(pool.stats().created()).isEqualTo(2);
            assertThat(pool.stats().leased()).isEqualTo(2);
            assertThat(pool.stats().total()).isEqualTo(2);
            assertThat(open).hasValue(2);
            first.join().release();
            second.join().release();
        }
        assertThat(open).hasValue(0);
    }

    @Test
    void connectWhoseThreadDoesNotComeBackIsReplaced() {
        try (var pool = ConnectionPools.builder(new SlowAtFirst())
                .maxSize(2)
                .connectTimeout(Duration.ofSeconds(1)) // far less than what the first one takes
                .clock(clock)
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .build()) {
            pool.suspend("a", SuspendMode.WAIT);
            var first = pool.connectionAsync("a");
            var second = pool.connectionAsync("a");

            pool.resume("a");

            assertThat(pool.stats().repaired()).isEqualTo(1);
            assertThat(second).isCompleted();
            assertThat(pool.stats().total()).isLessThanOrEqualTo(2);
            second.join().release();
            first.handle((lease, failure) -> {
                        if (lease != null) {
                            lease.release();
                        }
                        return true;
                    })
                    .join();
        }
        assertThat(open).hasValue(0);
    }

    /** The first connection arrives at the pool some sweeps after it was made. */
    private final class LateAtFirst implements ConnectionManager<String, Object> {
        private final HookClock hooked;

        LateAtFirst(HookClock hooked) {
            this.hooked = hooked;
        }

        @Override
        public Object create(String endpoint, Duration timeout) {
            if (created.incrementAndGet() == 1) {
                hooked.atNextReading(() -> clock.advance(SOME_SWEEPS));
            }
            open.incrementAndGet();
            return new Object();
        }

        @Override
        public void dispose(String endpoint, Object connection, Duration timeout) {
            open.decrementAndGet();
        }
    }

    /** Says of each failure that it is fatal. */
    private final class AlwaysFatal implements ConnectionManager<String, Object> {
        @Override
        public Object create(String endpoint, Duration timeout) {
            open.incrementAndGet();
            return new Object();
        }

        @Override
        public boolean isFatal(String endpoint, Object connection, Throwable failure) {
            return true;
        }

        @Override
        public void dispose(String endpoint, Object connection, Duration timeout) {
            open.decrementAndGet();
        }
    }

    @Test
    void leaseThatEndsWhileItsThreadWaitsForATimerKeepsItsOwner() {
        var hooked = new HookClock(clock);
        try (var pool = ConnectionPools.builder(new AlwaysFatal())
                .maxSize(1)
                .clock(hooked)
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .build()) {
            var lease = pool.connection("a");
            hooked.atNextTimer(() -> clock.advance(SOME_SWEEPS));

            lease.invalidate(new IOException("broken"));

            assertThat(pool.stats().repaired()).isZero();
            assertThat(pool.stats().disposed()).isEqualTo(1);
            assertThat(open).hasValue(0);
            pool.connection("a").release();
        }
        assertThat(open).hasValue(0);
    }

    /** Runs each task in place, after a look at the pool from another thread: a lock held here keeps that one waiting. */
    private static final class LookingExecutor implements Executor {
        private final List<CompletableFuture<PoolStats>> looks = new ArrayList<>();
        private @Nullable ConnectionPool<String, Object> pool;

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the test looks at it
        public void execute(Runnable task) {
            var stats = new CompletableFuture<PoolStats>();
            var looked = Objects.requireNonNull(pool);
            var thread = new Thread(() -> stats.complete(looked.stats()), "statistics");
            thread.setDaemon(true);
            thread.start();
            looks.add(stats.orTimeout(10, TimeUnit.SECONDS));
            stats.handle((taken, failure) -> true).join();
            task.run();
        }
    }

    @Test
    void whatArrivesLateIsDealtWithWhenTheLockIsFree() {
        var hooked = new HookClock(clock);
        var executor = new LookingExecutor();
        try (var pool = ConnectionPools.builder(new LateAtFirst(hooked))
                .maxSize(2)
                .clock(hooked)
                .connectGovernor(ConnectGovernor.unlimited())
                .connectExecutor(executor)
                .completionExecutor(Runnable::run)
                .build()) {
            executor.pool = pool;
            var asked = pool.connectionAsync("a");

            assertThat(asked).isCompleted();
            assertThat(pool.stats().repaired()).isZero();
            assertThat(created).hasValue(1);
            assertThat(open).hasValue(1);
            assertThat(executor.looks).hasSizeGreaterThan(0).allSatisfy(look -> assertThat(look)
                    .isCompleted());
            asked.join().release();
        }
        assertThat(open).hasValue(0);
    }
}
