package io.genericpool.core.internal.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.PoolClock;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The clock's thread, here the test's own, hands over and does nothing else; and no step is lost. Shows I34. */
class TimedStepsTest {
    private static final ThreadFactory NO_THREADS = task -> {
        throw new OutOfMemoryError("unable to create native thread");
    };

    private final ManualExecutor executor = new ManualExecutor();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> done = new ArrayList<>();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private TimedSteps manualSteps() {
        return new TimedSteps("test", PoolClock.system(), executor, NO_THREADS);
    }

    @Test
    void handingOnDoesNothingElse() {
        TimedSteps steps = manualSteps();
        steps.handingOn(() -> done.add("a")).run();
        steps.handingOn(() -> done.add("b")).run();

        assertThat(done).isEmpty();
        executor.runAll();
        assertThat(done).containsExactly("a", "b");
    }

    @Test
    void aTimerHandsOn() {
        var clock = new FakePoolClock();
        var handing = new HandingClock(clock);
        var steps = new TimedSteps("test", handing, executor, NO_THREADS);
        assertThat(steps.scheduleSurely(() -> done.add("late"), 5)).isNotNull();

        clock.advance(Duration.ofNanos(5));

        assertThat(done).isEmpty();
        executor.runAll();
        assertThat(done).containsExactly("late");
    }

    @Test
    void onAManualClockAStepRunsInPlace() {
        var clock = new FakePoolClock();
        var steps = new TimedSteps("test", clock, executor, NO_THREADS);
        assertThat(steps.schedule(() -> done.add("here"), 5)).isNotNull();

        clock.advance(Duration.ofNanos(5));

        assertThat(done).containsExactly("here");
        assertThat(executor.pending()).isZero();
    }

    @Test
    void aStepThatWaitsInTheLineIsNotAddedTwice() {
        Runnable step = manualSteps().handingOn(() -> done.add("once"));
        step.run();
        step.run();
        executor.runAll();
        assertThat(done).containsExactly("once");

        step.run();
        executor.runAll();
        assertThat(done).containsExactly("once", "once");
    }

    @Test
    void aStepThatFailsOrIsInterruptedDoesNotKeepOthersFromRunning() {
        TimedSteps steps = manualSteps();
        List<Boolean> interrupted = new ArrayList<>();
        steps.handingOn(() -> {
                    throw new IllegalStateException("by test");
                })
                .run();
        steps.handingOn(() -> Thread.currentThread().interrupt()).run();
        steps.handingOn(() -> interrupted.add(Thread.currentThread().isInterrupted()))
                .run();

        executor.runAll();

        assertThat(interrupted).containsExactly(false);
    }

    @Test
    void whenAllRunnersAreHeldUpOneMoreTakesOver() {
        var steps = new TimedSteps("test", PoolClock.system(), threads, NO_THREADS);
        var goOn = new CountDownLatch(1);
        int held = 3 * TimedSteps.EAGER_RUNNERS;
        var ended = new CountDownLatch(held);
        var last = new CountDownLatch(1);
        for (int i = 0; i < held; i++) {
            steps.handingOn(() -> {
                        await(goOn);
                        ended.countDown();
                    })
                    .run();
        }
        steps.handingOn(last::countDown).run();

        await(last);
        assertThat(ended.getCount()).isEqualTo(held);
        goOn.countDown();
        await(ended);
    }

    @Test
    void anExecutorThatRefusesIsReplacedByAThread() {
        executor.rejectAll(true);
        var steps = new TimedSteps("test", PoolClock.system(), executor, Executors.defaultThreadFactory());
        var ran = new CountDownLatch(1);

        steps.handingOn(ran::countDown).run();

        await(ran);
    }

    @Test
    void aStepForWhichNoThreadIsToBeHadRunsLater() {
        var refuses = new AtomicBoolean(true);
        var refused = new CountDownLatch(3);
        var steps = new TimedSteps(
                "test",
                PoolClock.system(),
                task -> {
                    if (refuses.get()) {
                        refused.countDown();
                        throw new RejectedExecutionException("by test");
                    }
                    threads.execute(task);
                },
                NO_THREADS);
        var ran = new CountDownLatch(1);

        steps.handingOn(ran::countDown).run();

        await(refused);
        assertThat(ran.getCount()).isOne();
        refuses.set(false);
        await(ran);
    }

    @Test
    void aStepThatNeitherARunnerNorALookWaitsForGetsOneWhenItIsHandedOnAgain() {
        executor.rejectAll(true);
        var steps = new TimedSteps("test", PoolClock.system(), executor, NO_THREADS, new NoTimers());
        Runnable step = steps.handingOn(() -> done.add("once"));
        step.run();
        executor.rejectAll(false);

        step.run();
        step.run();

        assertThat(executor.pending()).isOne();
        executor.runAll();
        assertThat(done).containsExactly("once");
    }

    private static final class NoTimers implements PoolClock {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            throw new OutOfMemoryError("unable to create native thread");
        }

        @Override
        public void park(Object blocker, long nanos) {
            throw new UnsupportedOperationException();
        }
    }

    /** A clock that a test moves, but which says that its thread is not for the pool's steps. */
    private record HandingClock(PoolClock clock) implements PoolClock {
        @Override
        public long nanoTime() {
            return clock.nanoTime();
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            return clock.schedule(task, delayNanos);
        }

        @Override
        public void park(Object blocker, long nanos) {
            clock.park(blocker, nanos);
        }
    }
}
