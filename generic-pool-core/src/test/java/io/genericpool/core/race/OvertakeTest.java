package io.genericpool.core.race;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.PoolClock;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shows I53: within a window, a connection that comes back wakes the oldest waiting thread and is left to those who run. */
@Timeout(60)
class OvertakeTest {
    private static final Duration WINDOW = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final FakePoolClock time = new FakePoolClock();
    private final HoldingClock clock = new HoldingClock();
    private final List<Asking> asking = new ArrayList<>();
    private ConnectionPool<String, FakeConnection<String>> pool = open(WINDOW);

    /** Holds a thread that was woken, until it is let go: as if it had no processor. */
    private final class HoldingClock implements PoolClock {
        private final Map<Thread, CountDownLatch> held = new ConcurrentHashMap<>();
        private final CountDownLatch reached = new CountDownLatch(1);

        @Override
        public long nanoTime() {
            return time.nanoTime();
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            return time.schedule(task, delayNanos);
        }

        @Override
        public boolean isManual() {
            return true;
        }

        @Override
        public void park(Object blocker, long nanos) {
            time.park(blocker, nanos);
            CountDownLatch latch = held.get(Thread.currentThread());
            if (latch != null) {
                reached.countDown();
                boolean interrupted = false;
                while (latch.getCount() > 0) {
                    try {
                        latch.await();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** A thread that waits for a connection; once it is woken, it stays where it is until {@link #letGo}. */
    private final class Asking {
        private final CompletableFuture<Lease<String, FakeConnection<String>>> lease = new CompletableFuture<>();
        private final CountDownLatch latch = new CountDownLatch(1);
        private final Thread thread;

        Asking() {
            thread = new Thread(() -> {
                try {
                    lease.complete(pool.connection("a", LONG));
                } catch (Throwable e) {
                    lease.completeExceptionally(e);
                }
            });
            clock.held.put(thread, latch);
            asking.add(this);
            int parked = time.parkedThreads();
            thread.start();
            time.awaitParked(parked + 1);
        }

        void letGo() {
            latch.countDown();
        }
    }

    private ConnectionPool<String, FakeConnection<String>> open(Duration window) {
        return ConnectionPools.<String, FakeConnection<String>>builder(ScriptedManager.plain())
                .maxSize(1)
                .overtakeWithin(window)
                .clock(clock)
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .build();
    }

    @AfterEach
    void close() {
        asking.forEach(Asking::letGo);
        pool.close(Duration.ZERO);
    }

    @Test
    void theConnectionIsLeftToThreadsThatRun() {
        var first = pool.connection("a");
        var waiting = new Asking();

        first.release();

        for (int i = 0; i < 3; i++) {
            pool.connection("a").release();
        }
        assertThat(pool.tryConnection("a")).hasValueSatisfying(Lease::release);
        assertThat(waiting.lease).isNotDone();

        waiting.letGo();

        assertThat(waiting.lease.join().connection()).isNotNull();
        assertThat(pool.tryConnection("a")).as("it is leased").isEmpty();
        waiting.lease.join().release();
    }

    @Test
    void afterTheWindowItIsHandedOver() {
        var first = pool.connection("a");
        var waiting = new Asking();
        time.advance(WINDOW);

        first.release();

        assertThat(pool.stats().leased()).isEqualTo(1);
        assertThat(pool.tryConnection("a"))
                .as("it belongs to the one that waits")
                .isEmpty();
        waiting.letGo();
        waiting.lease.join().release();
    }

    @Test
    void aThreadThatLooksTooLateIsServedFirstFromThenOn() throws InterruptedException {
        var first = pool.connection("a");
        var waiting = new Asking();
        first.release();
        var overtaking = pool.connection("a");
        clock.reached.await();
        time.advance(WINDOW);
        waiting.letGo();
        time.awaitParked(1); // it has found nothing, and waits again

        overtaking.release();

        assertThat(pool.tryConnection("a")).isEmpty();
        waiting.lease.join().release();
    }

    @Test
    void theWokenThreadWakesTheNext() {
        var one = pool.connection("a");
        var oldest = new Asking();
        var next = new Asking();
        one.release();

        oldest.letGo();
        oldest.lease.join().release();

        next.letGo();
        next.lease.join().release();
        assertThat(pool.stats().waiters()).isZero();
    }

    @Test
    void aWokenThreadThatIsInterruptedLeavesItsTurnToTheNext() {
        var one = pool.connection("a");
        var oldest = new Asking();
        var next = new Asking();
        next.letGo();
        one.release();

        oldest.thread.interrupt();
        oldest.letGo();

        assertThat(oldest.lease).failsWithin(LONG);
        next.lease.join().release();
    }

    @Test
    void aWokenThreadThatTimesOutLeavesItsTurnToTheNext() {
        pool.close();
        pool = open(LONG.multipliedBy(3));
        var one = pool.connection("a");
        var oldest = new Asking();
        time.advance(LONG.dividedBy(2));
        var next = new Asking();
        next.letGo();
        one.release();
        time.advance(LONG.dividedBy(2));

        oldest.letGo();

        assertThat(oldest.lease).failsWithin(LONG);
        next.lease.join().release();
    }

    @Test
    void aFutureAtTheHeadIsAlwaysHandedTo() {
        var first = pool.connection("a");
        var future = pool.connectionAsync("a");

        first.release();

        assertThat(future).isCompleted();
        future.join().release();
    }

    @Test
    void withoutAWindowTheOrderIsStrict() {
        pool.close();
        pool = open(Duration.ZERO);
        var first = pool.connection("a");
        var waiting = new Asking();

        first.release();

        assertThat(pool.tryConnection("a")).isEmpty();
        waiting.letGo();
        waiting.lease.join().release();
    }

    @Test
    void aConnectionThatMustBeCheckedEachTimeIsHandedOver() {
        pool.close();
        var checked = ScriptedManager.<String>plain();
        pool = ConnectionPools.<String, FakeConnection<String>>builder(checked)
                .maxSize(1)
                .overtakeWithin(WINDOW)
                .alivenessBypass(Duration.ZERO)
                .clock(clock)
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .build();
        var first = pool.connection("a");
        var waiting = new Asking();
        waiting.letGo();

        first.release();

        waiting.lease.join().release();
    }
}
