package io.genericpool.core.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.Lease;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.spi.PoolClock;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shows I49: requests that leave at the same moment do not wait for each other, and no caller makes the checks of all. */
@Timeout(30)
class LeavingTogetherTest {
    private static final int MANY = 100;

    /** A clock that holds up one thread. */
    private static final class HoldingClock implements PoolClock {
        private final PoolClock clock;
        private final CountDownLatch held = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private volatile Thread thread;

        HoldingClock(PoolClock clock) {
            this.clock = clock;
        }

        @Override
        public long nanoTime() {
            if (Thread.currentThread() == thread) {
                held.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
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
            clock.park(blocker, nanos);
        }
    }

    @Test
    void oneThreadWithdrawsAllThatLeaveAndTheOthersDoNotWaitForTheLock() throws Exception {
        var world = new PoolWorld(ScriptedManager.plain());
        var clock = new HoldingClock(world.clock);
        world.open(builder -> builder.clock(clock).backgroundCollector(false).maxSize(1));
        var lease = world.lease("a");
        List<CompletableFuture<Lease<String, FakeConnection<String>>>> asked = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            asked.add(world.pool.connectionAsync("a"));
        }
        var holder = new Thread(() -> world.pool.stats("a")); // reads the clock under the endpoint's lock
        clock.thread = holder;
        holder.start();
        clock.held.await();
        var first = new Thread(() -> asked.get(0).cancel(false));
        first.start();
        while (first.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        asked.forEach(future -> future.cancel(false)); // the lock is held all the while

        clock.thread = null;
        clock.goOn.countDown();
        first.join();
        holder.join();
        assertThat(world.stats("a").waiters()).isZero();
        assertThat(world.stats("a").cancelled()).isEqualTo(MANY);
        world.release(lease);
        world.verify(1, 100);
    }

    private static PoolWorld withDeadIdle() {
        var world = new PoolWorld(ScriptedManager.<String>full().checkInstantly());
        world.open(builder -> builder.backgroundCollector(false).maxSize(MANY).alivenessBypass(Duration.ZERO));
        world.pool.warmUp("a", MANY);
        world.settle();
        world.manager.script(Operation.CHECK).always(Behaviour.answerNo());
        return world;
    }

    @Test
    void aCallerMakesFewOfVeryManyChecksItself() {
        var world = withDeadIdle();

        var future = world.pool.connectionAsync("a");

        assertThat(world.manager.calls(Operation.CHECK)).isBetween(1L, 16L);
        world.settle();
        assertThat(future).isCompleted();
        assertThat(world.manager.calls(Operation.CHECK)).isEqualTo(MANY);
        world.release(future.join());
        world.verify(MANY, 100);
    }

    @Test
    void whereNoThreadIsToBeHadTheCallerMakesTheChecksItself() {
        var world = withDeadIdle();
        world.connects.rejectAll(true);

        var future = world.pool.connectionAsync("a");

        assertThat(world.manager.calls(Operation.CHECK)).isEqualTo(MANY);
        world.settle();
        assertThat(future).isDone();
        world.verify(MANY, 100);
    }

    /** With so many, one count serves all errors of a moment. */
    @Test
    void anErrorBesideVeryManyConnectionsSaysHowManyTheCallerHolds() throws Exception {
        var world = new PoolWorld(ScriptedManager.plain());
        world.open(builder -> builder.backgroundCollector(false).maxSize(300).totalMaxSize(1_000));
        world.pool.warmUp("a", 300);
        world.settle();
        List<Lease<String, FakeConnection<String>>> leases = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            var other = new Thread(() -> leases.add(world.pool.connection("a")));
            other.start();
            other.join();
        }
        for (int i = 0; i < 250; i++) {
            leases.add(world.pool.connection("a"));
        }

        assertThatThrownBy(() -> world.pool.connection("a", Duration.ofSeconds(1)))
                .hasMessageContaining("300 of them leased, 250 by the calling thread itself");

        leases.forEach(world::release);
        world.verify(300, 1_000);
    }
}
