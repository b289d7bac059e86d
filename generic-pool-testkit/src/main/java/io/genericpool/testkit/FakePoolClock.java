package io.genericpool.testkit;

import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until a test moves it.
 *
 * <p><b>Timers</b> run inside {@link #advance}, on the calling thread. They run in the order of their due times, and
 * timers with equal times in the order of scheduling. The clock shows a timer's due time while the timer runs. Timers
 * scheduled meanwhile run in the same call if they fall due within it. When a timer throws, the call ends with that
 * exception; the other timers stay.
 *
 * <p><b>Parked threads</b> really block until they are unparked or interrupted, or until the clock reaches the end of
 * their wait.
 *
 * <p><b>One thread only.</b> After {@link #autoAdvance}, the calling thread never blocks in {@code park}. It runs the
 * pump, which does the work of other threads. When the pump has nothing to do, the thread moves the clock to the next
 * event. A test can thus run a blocking call step by step, the same way each time.
 *
 * <p>Any thread may call all methods. Calls of {@code advance} by several threads run one after the other. A timer may
 * call {@code advance}.
 */
public final class FakePoolClock implements PoolClock {
    /** In one park of the driving thread, more timers than this without an end mean that nothing will ever end it. */
    private static final int MAX_IDLE_STEPS = 10_000_000;

    private final long origin;
    private final ReentrantLock advancing = new ReentrantLock();
    /** Guards all that follows; nothing foreign runs under it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final ParkedThreads parked = new ParkedThreads(lock);
    private final PriorityQueue<ScheduledTask> timers = new PriorityQueue<>(ScheduledTask.ORDER);
    /** Since the origin, so that order does not suffer from the wrap-around of what {@link #nanoTime} shows. */
    private volatile long elapsed;

    private long scheduled;
    private volatile @Nullable Driver driver;
    private int idleSteps;

    /** Creates a clock that shows zero. */
    public FakePoolClock() {
        this(0);
    }

    /**
     * Creates a clock that shows the given time.
     *
     * @param startNanos the first value of {@link #nanoTime}, in nanoseconds; near {@link Long#MAX_VALUE} the clock
     *     wraps around, as the system's clock may
     */
    public FakePoolClock(long startNanos) {
        this.origin = startNanos;
    }

    /** Takes no lock: a thread that waits for one loses the unpark that was meant for its {@link #park}. */
    @Override
    public long nanoTime() {
        return origin + elapsed;
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        Objects.requireNonNull(task, "task");
        lock.lock();
        try {
            var timer = new ScheduledTask(task, later(delayNanos), scheduled++);
            timers.add(timer);
            return timer;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isManual() {
        return true;
    }

    @Override
    public void park(Object blocker, long nanos) {
        if (nanos <= 0 || Thread.currentThread().isInterrupted()) {
            return;
        }
        Driver own = driver;
        if (own == null || own.thread != Thread.currentThread()) {
            parked.park(blocker, () -> later(nanos));
        } else {
            parkVirtually(own.pump, nanos);
        }
    }

    /**
     * Moves the clock and runs the timers that fall due, including those already due.
     *
     * @param time the time to advance; zero or more
     * @throws IllegalArgumentException when the time is negative
     */
    public void advance(Duration time) {
        requireNotNegative(time);
        advanceNanos(TimeUnit.NANOSECONDS.convert(time));
    }

    static void requireNotNegative(Duration time) {
        if (Objects.requireNonNull(time, "time").isNegative()) {
            throw new IllegalArgumentException("time must not be negative, but is " + Nanos.text(time));
        }
    }

    /**
     * Makes the calling thread drive everything. From now on, its parks run the pump. When the pump had nothing to do,
     * they move the clock to the next timer or to the end of the park. Each such park returns after one step, like a
     * spurious wake-up. A park that nothing can ever end throws {@link IllegalStateException}.
     *
     * @param pump does the work of other threads, such as {@link ManualExecutor#runAll}; returns the number of tasks it
     *     ran, 0 for none
     */
    public void autoAdvance(IntSupplier pump) {
        lock.lock();
        try {
            this.driver = new Driver(Thread.currentThread(), Objects.requireNonNull(pump, "pump"));
            this.idleSteps = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the effect of {@link #autoAdvance}: all parks block again. */
    public void manualAdvance() {
        driver = null;
    }

    /**
     * The number of timers that are waiting, without cancelled ones.
     *
     * @return the number
     */
    public int pendingTimers() {
        lock.lock();
        try {
            return timers.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The time until the next timer is due or the next parked thread's wait ends.
     *
     * @return the time in nanoseconds, 0 when something is due, empty when there is no next event
     */
    public OptionalLong nanosToNextEvent() {
        lock.lock();
        try {
            long next = timers.isEmpty() ? Long.MAX_VALUE : timers.peek().due;
            next = Math.min(next, parked.firstEndAfter(elapsed));
            return next == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(Math.max(0, next - elapsed));
        } finally {
            lock.unlock();
        }
    }

    /**
     * The number of parked threads.
     *
     * @return the number
     */
    public int parkedThreads() {
        return parked.count();
    }

    /**
     * Tells whether a thread is parked.
     *
     * @param thread the thread
     * @return true from the moment it is about to block until it continues
     */
    public boolean isParked(Thread thread) {
        return parked.parkOf(thread) >= 0;
    }

    /**
     * Waits, in real time, until the given number of threads are parked.
     *
     * @param threads the number of threads, at least
     * @throws AssertionError when fewer are parked after 20 s, or this thread is interrupted
     */
    public void awaitParked(int threads) {
        parked.await(threads);
    }

    /**
     * Which park a thread is in, counted over all threads. It tells a thread that has parked again from one that was
     * unparked and has not run yet.
     *
     * @param thread the thread
     * @return the number of its park, or -1 when it is in none
     */
    public long parkOf(Thread thread) {
        return parked.parkOf(thread);
    }

    @Override
    public String toString() {
        return "FakePoolClock[" + nanoTime() + " ns, " + pendingTimers() + " timers, " + parkedThreads() + " parked]";
    }

    private void parkVirtually(IntSupplier pump, long nanos) {
        if (pump.getAsInt() > 0) {
            idleSteps = 0;
            return;
        }
        var nextTimer = nanosToNextTimer();
        idleSteps++;
        if ((nextTimer.isEmpty() && nanos == Long.MAX_VALUE) || idleSteps > MAX_IDLE_STEPS) {
            throw new IllegalStateException("nothing is left that could ever end this park");
        }
        advanceNanos(Math.min(nanos, nextTimer.orElse(nanos)));
    }

    private OptionalLong nanosToNextTimer() {
        lock.lock();
        try {
            return timers.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Math.max(0, timers.peek().due - elapsed));
        } finally {
            lock.unlock();
        }
    }

    private void advanceNanos(long nanos) {
        advancing.lock();
        try {
            long target;
            lock.lock();
            try {
                target = later(nanos);
            } finally {
                lock.unlock();
            }
            for (var next = moveTowards(target); next != null; next = moveTowards(target)) {
                next.task.run();
            }
        } finally {
            advancing.unlock();
        }
    }

    /** Moves the clock to the next timer, which is taken out and returned, or to the target if none is due by then. */
    private @Nullable ScheduledTask moveTowards(long target) {
        List<Thread> wake;
        ScheduledTask next;
        lock.lock();
        try {
            next = timers.peek();
            if (next != null && next.due <= target) {
                timers.remove();
                elapsed = Math.max(elapsed, next.due);
            } else {
                next = null;
                elapsed = Math.max(elapsed, target);
            }
            wake = parked.endedBy(elapsed);
        } finally {
            lock.unlock();
        }
        wake.forEach(LockSupport::unpark);
        return next;
    }

    /** Caller holds the lock. */
    private long later(long nanos) {
        long time = elapsed + Math.max(0, nanos);
        return time < 0 ? Long.MAX_VALUE : time;
    }

    /** The thread that drives everything, and what it runs instead of blocking. */
    private record Driver(Thread thread, IntSupplier pump) {}

    /** A task and its place in the order of events. */
    private final class ScheduledTask implements Timer {
        static final Comparator<ScheduledTask> ORDER =
                Comparator.<ScheduledTask>comparingLong(timer -> timer.due).thenComparingLong(timer -> timer.order);

        final Runnable task;
        final long due;
        final long order;

        ScheduledTask(Runnable task, long due, long order) {
            this.task = task;
            this.due = due;
            this.order = order;
        }

        @Override
        public void cancel() {
            lock.lock();
            try {
                timers.remove(this);
            } finally {
                lock.unlock();
            }
        }
    }
}
