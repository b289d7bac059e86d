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

        Lease<String, FakeConnection<String>> lease() {
            return assertThat(lease).succeedsWithin(Duration.ofSeconds(20)).actual();
        }

        void letGo() {
            latch.countDown();
        }
    }

    private ConnectionPool<String, FakeConnection<String>> open(Duration window) {
        return open(window, 1, 1);
    }

    private ConnectionPool<String, FakeConnection<String>> open(Duration window, int maxSize, int totalMaxSize) {
        return ConnectionPools.<String, FakeConnection<String>>builder(ScriptedManager.plain())
                .maxSize(maxSize)
                .totalMaxSize(totalMaxSize)
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

        assertThat(waiting.lease().connection()).isNotNull();
        assertThat(pool.tryConnection("a")).as("it is leased").isEmpty();
        waiting.lease().release();
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
        waiting.lease().release();
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
        waiting.lease().release();
    }

    @Test
    void theWokenThreadWakesTheNext() {
        var one = pool.connection("a");
        var oldest = new Asking();
        var next = new Asking();
        one.release();

        oldest.letGo();
        oldest.lease().release();

        next.letGo();
        next.lease().release();
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
        next.lease().release();
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
        next.lease().release();
    }

    @Test
    void whileAnEndpointStarvesNothingIsLeftIdle() {
        pool.close();
        pool = open(WINDOW, 2, 2); // the one that waits wants a permit as well
        var elsewhere = pool.connection("b");
        var one = pool.connection("a");
        var waiting = new Asking();
        assertThat(pool.stats().starving()).isEqualTo(1);

        one.release();

        assertThat(pool.stats().leased()).isEqualTo(2);
        assertThat(pool.stats().disposed()).isZero();
        waiting.letGo();
        waiting.lease().release();
        elsewhere.release();
    }

    @Test
    void aStepThatServesTheWokenThreadWakesTheNext() {
        pool.close();
        pool = open(WINDOW, 2, 2);
        var one = pool.connection("a");
        var other = pool.connection("a");
        var oldest = new Asking();
        time.advance(WINDOW.multipliedBy(9).dividedBy(10));
        var next = new Asking();
        next.letGo();
        one.release(); // wakes the oldest, which has no processor
        other.release();
        time.advance(WINDOW.dividedBy(2));

        // A step that neither of them makes hands over to the oldest, whose window is over.
        pool.resize("a", pool.config().defaultLimits().withMaxSize(2));

        next.lease().release();
        oldest.letGo();
        oldest.lease().release();
    }

    @Test
    void whatWasCheckedForARequestIsGivenToIt() {
        pool.close();
        pool = ConnectionPools.<String, FakeConnection<String>>builder(
                        ScriptedManager.<String>full().checkInstantly())
                .maxSize(2)
                .overtakeWithin(WINDOW)
                .alivenessBypass(Duration.ofMillis(500))
                .clock(clock)
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .build();
        pool.connection("a").release();
        time.advance(Duration.ofSeconds(1)); // it must be checked from now on

        Lease<String, FakeConnection<String>> lease = pool.connection("a", Duration.ZERO);

        assertThat(pool.stats().created()).isEqualTo(1);
        lease.release();
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
        waiting.lease().release();
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

        waiting.lease().release();
    }
}
