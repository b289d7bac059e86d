package io.genericpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FakePoolClockTest {
    private final FakePoolClock clock = new FakePoolClock();
    private final List<String> log = new ArrayList<>();

    @Test
    void standsStillUntilItIsMoved() {
        assertThat(clock.nanoTime()).isZero();
        assertThat(clock.nanoTime()).isZero();
        clock.advance(Duration.ofNanos(7));
        assertThat(clock.nanoTime()).isEqualTo(7);
        assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void runsDueTimersByTimeThenByInsertion() {
        note("late", 30);
        note("second", 20);
        note("third", 20);
        note("first", 10);
        clock.advance(Duration.ofNanos(20));
        assertThat(log).containsExactly("first@10", "second@20", "third@20");
        assertThat(clock.pendingTimers()).isEqualTo(1);
        assertThat(clock.nanosToNextEvent()).hasValue(10);
    }

    @Test
    void runsTimersThatAreScheduledMeanwhile() {
        clock.schedule(
                () -> {
                    log.add("outer");
                    note("inner", 5);
                    note("too late", 50);
                    note("at once", 0);
                },
                10);
        clock.advance(Duration.ofNanos(20));
        assertThat(log).containsExactly("outer", "at once@10", "inner@15");
        assertThat(clock.nanoTime()).isEqualTo(20);
    }

    @Test
    void neverRunsATimerInsideSchedule() {
        note("now", 0);
        note("before", -5);
        assertThat(log).isEmpty();
        clock.advance(Duration.ZERO);
        assertThat(log).containsExactly("now@0", "before@0");
    }

    @Test
    void forgetsCancelledTimers() {
        var timer = clock.schedule(() -> log.add("cancelled"), 10);
        timer.cancel();
        timer.cancel();
        assertThat(clock.pendingTimers()).isZero();
        assertThat(clock.nanosToNextEvent()).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(log).isEmpty();
    }

    @Test
    void wrapsAroundWithoutLosingTheOrder() {
        var wrapping = new FakePoolClock(Long.MAX_VALUE - 10);
        wrapping.schedule(() -> log.add("before"), 5);
        wrapping.schedule(() -> log.add("after"), 50);
        wrapping.schedule(() -> log.add("never"), Long.MAX_VALUE);
        long start = wrapping.nanoTime();
        wrapping.advance(Duration.ofNanos(20));
        assertThat(log).containsExactly("before");
        assertThat(wrapping.nanoTime()).isNegative();
        assertThat(wrapping.nanoTime() - start).isEqualTo(20);
        wrapping.advance(Duration.ofDays(365));
        assertThat(log).containsExactly("before", "after");
    }

    @Test
    void aTimerThatThrowsLeavesTheOthersForLater() {
        clock.schedule(
                () -> {
                    throw new IllegalStateException("broken timer");
                },
                5);
        note("other", 6);
        assertThatThrownBy(() -> clock.advance(Duration.ofNanos(10))).hasMessage("broken timer");
        clock.advance(Duration.ofNanos(5));
        assertThat(log).containsExactly("other@6");
    }

    @Test
    void wakesAParkedThreadAtTheEndOfItsWait() throws Exception {
        var awake = parkUntil(100);
        clock.awaitParked(1);
        clock.advance(Duration.ofNanos(99));
        assertThat(awake).isNotDone();
        assertThat(clock.nanosToNextEvent()).hasValue(1);
        clock.advance(Duration.ofNanos(1));
        assertThat(awake.get(20, TimeUnit.SECONDS)).isEqualTo(100);
        assertThat(clock.parkedThreads()).isZero();
    }

    @Test
    void aParkedThreadCanBeUnparkedAndInterrupted() throws Exception {
        var stop = new AtomicBoolean();
        var ended = new CompletableFuture<Boolean>();
        var thread = new Thread(() -> {
            while (!stop.get() && !Thread.currentThread().isInterrupted()) {
                clock.park(this, Long.MAX_VALUE);
            }
            ended.complete(Thread.currentThread().isInterrupted());
        });
        thread.start();
        clock.awaitParked(1);
        assertThat(clock.isParked(thread)).isTrue();
        stop.set(true);
        LockSupport.unpark(thread);
        assertThat(ended.get(20, TimeUnit.SECONDS)).isFalse();

        var interrupted = new CompletableFuture<Boolean>();
        var second = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                clock.park(this, Long.MAX_VALUE);
            }
            interrupted.complete(true);
        });
        second.start();
        clock.awaitParked(1);
        second.interrupt();
        assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void onOneThreadAParkRunsThePumpBeforeItMovesTime() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        var done = new AtomicBoolean();
        clock.autoAdvance(() -> {
            var task = tasks.poll();
            if (task == null) {
                return 0;
            }
            task.run();
            return 1;
        });
        tasks.add(() -> log.add("task"));
        clock.schedule(() -> tasks.add(() -> done.set(true)), 1_000);
        while (!done.get()) {
            clock.park(this, 5_000 - clock.nanoTime());
        }
        assertThat(log).containsExactly("task");
        assertThat(clock.nanoTime()).isEqualTo(1_000);
        while (clock.nanoTime() < 5_000) {
            clock.park(this, 5_000 - clock.nanoTime());
        }
        assertThat(clock.nanoTime()).isEqualTo(5_000);
    }

    @Test
    void onOneThreadAParkThatNothingCanEndIsAnError() {
        clock.autoAdvance(() -> 0);
        assertThatThrownBy(() -> clock.park(this, Long.MAX_VALUE)).isInstanceOf(IllegalStateException.class);
        clock.manualAdvance();
        Thread.currentThread().interrupt();
        clock.park(this, Long.MAX_VALUE);
        assertThat(Thread.interrupted()).isTrue();
    }

    private void note(String what, long delay) {
        clock.schedule(() -> log.add(what + "@" + clock.nanoTime()), delay);
    }

    private CompletableFuture<Long> parkUntil(long time) {
        var awake = new CompletableFuture<Long>();
        var thread = new Thread(() -> {
            while (clock.nanoTime() < time) {
                clock.park(this, time - clock.nanoTime());
            }
            awake.complete(clock.nanoTime());
        });
        thread.setDaemon(true);
        thread.start();
        return awake;
    }
}
