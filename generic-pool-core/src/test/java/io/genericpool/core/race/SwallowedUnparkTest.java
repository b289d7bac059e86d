package io.genericpool.core.race;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.SuspendMode;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.PoolClock;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A clock of a user's own may take a lock to tell the time, and a thread that waits for a lock may use up an unpark that
 * is meant for what it waits for next. Each thread that waits reads the clock before it looks whether its wait is over. Shows
 * I6.
 */
@Timeout(60)
class SwallowedUnparkTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    /** The common pool may have one thread, and it would run one of the two things that wait for each other. */
    private static final Executor NEW_THREADS = task -> new Thread(task).start();

    private final SwallowingClock clock = new SwallowingClock();
    private final ConnectionPool<String, FakeConnection<String>> pool = ConnectionPools.builder(
                    ScriptedManager.<String>plain())
            .clock(clock)
            .connectExecutor(Runnable::run)
            .completionExecutor(Runnable::run)
            .maxSize(1)
            .build();
    private final Lease<String, FakeConnection<String>> held = pool.connection("a");

    /** Returns early from the first park of one thread; its next reading lets things happen and swallows the unpark. */
    private static final class SwallowingClock implements PoolClock {
        private final FakePoolClock clock = new FakePoolClock();
        private final Thread waiter = Thread.currentThread();
        private Runnable meanwhile = () -> {};
        private boolean isArmed;
        private int parks;

        @Override
        public long nanoTime() {
            if (isArmed && Thread.currentThread() == waiter) {
                isArmed = false;
                CompletableFuture.runAsync(meanwhile, NEW_THREADS)
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join();
                LockSupport.parkNanos(this, 1); // as a lock does
            }
            return clock.nanoTime();
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            return clock.schedule(task, delayNanos);
        }

        @Override
        public boolean isManual() {
            return true;
        }

        @Override
        public void park(Object blocker, long nanos) {
            if (Thread.currentThread() != waiter) {
                clock.park(blocker, nanos);
                return;
            }
            isArmed = parks++ == 0;
            if (!isArmed) {
                LockSupport.parkNanos(blocker, TimeUnit.SECONDS.toNanos(1)); // in vain: the test fails, and ends
            }
        }
    }

    @Test
    void aRequestSeesTheConnectionThatCameWhileTheClockWasRead() {
        clock.meanwhile = held::release;

        pool.connection("a", LONG).release();

        assertThat(clock.parks).isOne();
        assertThat(pool.close(LONG).isClean()).isTrue();
    }

    @Test
    void aCloseSeesTheLastLeaseComeBackWhileTheClockWasRead() {
        clock.meanwhile = held::release;

        assertThat(pool.close(LONG).returned()).isOne();

        assertThat(clock.parks).isOne();
    }

    @Test
    void aSecondCloseSeesTheReportOfTheFirst() {
        var first = CompletableFuture.supplyAsync(() -> pool.close(LONG), NEW_THREADS)
                .orTimeout(20, TimeUnit.SECONDS);
        clock.clock.awaitParked(1);
        clock.meanwhile = () -> {
            held.release();
            first.join();
        };

        assertThat(pool.close(LONG)).isSameAs(first.join());

        assertThat(clock.parks).isOne();
    }

    @Test
    void aRestSeesThatItIsOver() {
        clock.meanwhile = pool::endQuiesce;

        assertThat(pool.quiesce(SuspendMode.WAIT, LONG).isQuiet()).isFalse();

        assertThat(clock.parks).isOne();
        held.release();
        assertThat(pool.close(LONG).isClean()).isTrue();
    }
}
