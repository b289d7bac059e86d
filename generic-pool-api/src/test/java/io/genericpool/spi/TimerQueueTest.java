package io.genericpool.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shows I44. */
@Timeout(30)
class TimerQueueTest {
    private static final long START = Long.MAX_VALUE - 500; // the times wrap around on the way

    private long now = START;
    private int alarmsSet;
    private boolean isBroken;
    private final PriorityQueue<Alarm> alarms =
            new PriorityQueue<>(Comparator.comparingLong(alarm -> alarm.at - START));
    private final TimerQueue queue = new TimerQueue(() -> now, this::setAlarm);
    private final List<String> ran = new ArrayList<>();

    private record Alarm(long at, Runnable task) {}

    private void setAlarm(Runnable task, long delay) {
        if (isBroken) {
            throw new OutOfMemoryError("no thread");
        }
        alarmsSet++;
        alarms.add(new Alarm(now + delay, task));
    }

    private void passTime(long nanos) {
        long end = now + nanos;
        while (!alarms.isEmpty() && alarms.peek().at - end <= 0) {
            Alarm next = alarms.poll();
            now = next.at;
            next.task.run();
        }
        now = end;
    }

    private PoolClock.Timer schedule(String name, long delay) {
        return queue.schedule(() -> ran.add(name + "@" + (now - START)), delay);
    }

    @Test
    void runsEachTimerWhenItIsDueAndThoseOfOneTimeInTheirOrder() {
        schedule("late", 900);
        schedule("early", 100);
        schedule("second", 300);
        schedule("third", 300);
        schedule("atOnce", -5);
        assertThat(ran).isEmpty();
        passTime(0);
        assertThat(ran).containsExactly("atOnce@0");
        passTime(1000);
        assertThat(ran).containsExactly("atOnce@0", "early@100", "second@300", "third@300", "late@900");
        assertThat(alarms).isEmpty();
    }

    @Test
    void runsNoTimerThatWasCancelledAndHoldsNothingOfIt() {
        PoolClock.Timer first = schedule("first", 100);
        schedule("second", 200);
        first.cancel();
        first.cancel();
        passTime(500);
        first.cancel();
        assertThat(ran).containsExactly("second@200");
    }

    @Test
    void timeoutsThatAreCancelledSetOneAlarmForAll() {
        for (int i = 0; i < 1000; i++) {
            PoolClock.Timer timer = schedule("never", 2_000);
            passTime(1);
            timer.cancel();
        }
        assertThat(alarmsSet).isEqualTo(1);
        passTime(5_000);
        assertThat(alarmsSet).as("none for timers that are gone").isEqualTo(1);
        assertThat(ran).isEmpty();
    }

    @Test
    void aLongTimerBehindManyShortOnesGetsOneAlarm() {
        schedule("long", 100_000);
        for (int i = 0; i < 1_000; i++) {
            schedule("short", 5);
            passTime(10);
        }
        assertThat(ran).hasSize(1_000);
        assertThat(alarms).hasSize(1);
        passTime(100_000);
        assertThat(ran).hasSize(1_001).last().isEqualTo("long@100000");
    }

    @Test
    void anAlarmThatCannotBeSetLeavesNoTimer() {
        isBroken = true;
        assertThatThrownBy(() -> schedule("never", 100)).isInstanceOf(OutOfMemoryError.class);
        isBroken = false;
        schedule("after", 200);
        passTime(1_000);
        assertThat(ran).containsExactly("after@200");
    }

    @Test
    void aTaskThatFailsIsReportedAndKeepsNoOtherFromRunning() {
        var reported = new ArrayList<Throwable>();
        Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> reported.add(e));
        try {
            queue.schedule(
                    () -> {
                        throw new IllegalStateException("on purpose");
                    },
                    10);
            schedule("other", 10);
            passTime(10);
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(null);
        }
        assertThat(ran).containsExactly("other@10");
        assertThat(reported).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTaskMayScheduleAndCancel() {
        PoolClock.Timer victim = schedule("victim", 20);
        queue.schedule(
                () -> {
                    victim.cancel();
                    schedule("child", 5);
                },
                10);
        passTime(100);
        assertThat(ran).containsExactly("child@15");
    }

    @Test
    void aTaskMayCancelOneThatIsDueWithIt() {
        var victim = new AtomicReference<PoolClock.Timer>();
        queue.schedule(() -> victim.get().cancel(), 10);
        victim.set(schedule("victim", 10));
        passTime(20);
        assertThat(ran).isEmpty();
    }

    /** Every timer of a random trace runs at its time to the nanosecond, or not at all when it was cancelled. */
    @Test
    void randomTracesRunExactlyWhatIsDue() {
        for (int seed = 0; seed < 200; seed++) {
            var random = new SplittableRandom(seed);
            now = START;
            ran.clear();
            alarms.clear();
            var subject = new TimerQueue(() -> now, this::setAlarm);
            var expected = new ArrayList<String>();
            var live = new ArrayList<PoolClock.Timer>();
            var names = new ArrayList<String>();
            for (int step = 0; step < 300; step++) {
                if (random.nextInt(3) > 0) {
                    long delay = random.nextLong(random.nextBoolean() ? 20 : 2_000);
                    String prefix = step + "@";
                    String name = prefix + (now - START + delay);
                    live.add(subject.schedule(() -> ran.add(prefix + (now - START)), delay));
                    names.add(name);
                    expected.add(name);
                } else if (!live.isEmpty() && random.nextBoolean()) {
                    int victim = random.nextInt(live.size());
                    live.get(victim).cancel();
                    if (!ran.contains(names.get(victim))) {
                        expected.remove(names.get(victim));
                    }
                }
                passTime(random.nextInt(50));
                assertThat(alarms).as("seed %s", seed).hasSizeLessThan(40);
            }
            passTime(5_000);
            assertThat(ran).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void theSystemsClockRunsTimersOfManyThreads() throws Exception {
        int threads = 4;
        int each = 500;
        var due = new CountDownLatch(threads * each / 2);
        var cancelled = new AtomicInteger();
        PoolClock clock = PoolClock.system();
        var workers = new ArrayList<Thread>();
        for (int t = 0; t < threads; t++) {
            var thread = new Thread(() -> {
                for (int i = 0; i < each / 2; i++) {
                    clock.schedule(due::countDown, TimeUnit.MICROSECONDS.toNanos(i % 17 * 100L));
                    clock.schedule(cancelled::incrementAndGet, TimeUnit.SECONDS.toNanos(60))
                            .cancel();
                }
            });
            workers.add(thread);
            thread.start();
        }
        for (Thread worker : workers) {
            worker.join();
        }
        assertThat(due.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(cancelled).hasValue(0);
    }
}
