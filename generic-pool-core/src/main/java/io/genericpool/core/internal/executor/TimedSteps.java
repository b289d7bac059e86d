package io.genericpool.core.internal.executor;

import io.genericpool.core.internal.endpoint.Step;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.spi.PoolClock;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a pool does at a later time. The thread behind a clock's timers serves every pool, and perhaps more; so a timer's task
 * does nothing but put a step into this line, and threads of the pool's own run it. A step is its own link in the line and was
 * made with its timer, so handing it on needs no memory.
 *
 * <p>Few threads run many steps, because 100,000 deadlines may pass at once. Each of these threads may be held up by code of
 * the user's. Therefore the line is looked at from time to time while it is not empty, and it gets one more thread when no step
 * was taken since the last look. So a step waits, and is never lost, not even when no thread can be had (I34).
 *
 * <p>On a {@linkplain PoolClock#isManual() manual clock} each step runs in place: whatever moves the clock runs what falls due.
 */
public final class TimedSteps {
    private static final SafeLog LOG = SafeLog.of(TimedSteps.class);

    /** As many threads take steps without a look. */
    static final int EAGER_RUNNERS = 4;

    private static final long LOOK_PERIOD = 10_000_000L;

    private final String poolName;
    private final PoolClock clock;
    private final boolean inPlace;
    private final Executor executor;
    private final ThreadFactory spareThreads;
    /** Stands in for a clock that refuses, and is the clock of the looks. */
    private final PoolClock spareClock;

    /** Guards what follows. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable Step first;
    private @Nullable Step last;
    private int runners;
    private long taken;
    private long takenAtLook;
    private boolean lookSet;

    /**
     * Makes an empty line.
     *
     * @param executor runs the steps
     * @param spareThreads stand in for an executor that refuses
     */
    public TimedSteps(String poolName, PoolClock clock, Executor executor, ThreadFactory spareThreads) {
        this(poolName, clock, executor, spareThreads, PoolClock.system());
    }

    /** As the other one, with a clock for the looks. */
    TimedSteps(String poolName, PoolClock clock, Executor executor, ThreadFactory spareThreads, PoolClock spareClock) {
        this.poolName = poolName;
        this.clock = clock;
        this.inPlace = clock.isManual();
        this.executor = executor;
        this.spareThreads = spareThreads;
        this.spareClock = spareClock;
    }

    /**
     * Wraps some work: running the result hands the work on. While it waits in the line, handing it on again only sees to it
     * that a thread will take it.
     */
    public Runnable handingOn(Runnable work) {
        return inPlace ? work : new Step(work);
    }

    /** The time that the delays are measured by. */
    public long now() {
        return clock.nanoTime();
    }

    /**
     * Does some work after a delay.
     *
     * @throws RuntimeException or an error when the clock refuses
     */
    public PoolClock.Timer schedule(Runnable work, long delayNanos) {
        return clock.schedule(handingOn(work), delayNanos);
    }

    /** For what must not be without a timer: where the given clock refuses, the system's stands in for it. */
    public PoolClock.Timer scheduleSurely(Runnable work, long delayNanos) {
        try {
            return schedule(work, delayNanos);
        } catch (Throwable e) {
            LOG.warn("the clock failed to set a timer; the system's clock sets it instead", e);
            return spareClock.schedule(new Step(work), delayNanos);
        }
    }

    /** As {@link #scheduleSurely}, for a task that is so short that it runs on the clock's own thread. */
    public PoolClock.Timer scheduleInstant(Runnable task, long delayNanos) {
        try {
            return clock.schedule(task, delayNanos);
        } catch (Throwable e) {
            LOG.warn("the clock failed to set a timer; the system's clock sets it instead", e);
            return spareClock.schedule(task, delayNanos);
        }
    }

    private void append(Step step) {
        boolean starts;
        lock.lock();
        try {
            boolean waited = step.waits;
            if (!waited) {
                link(step);
            }
            // For one that has waited, a runner and a look may both have failed to start.
            starts = waited ? runners == 0 : runners < EAGER_RUNNERS;
            if (starts) {
                runners++;
            }
        } finally {
            lock.unlock();
        }
        if (starts) {
            startRunner();
        } else {
            setLook();
        }
    }

    /** Under the lock. */
    private void link(Step step) {
        step.waits = true;
        Step before = last;
        if (before == null) {
            first = step;
        } else {
            before.next = step;
        }
        last = step;
    }

    /** A runner has been counted: it starts, or is counted no more and the next look tries again. */
    private void startRunner() {
        try {
            startOnExecutor();
        } catch (Throwable e) {
            lost();
        }
    }

    /** A runner is no more, and has not found the line empty. */
    private void lost() {
        lock.lock();
        try {
            runners--;
        } finally {
            lock.unlock();
        }
        setLook();
    }

    private void startOnExecutor() {
        try {
            executor.execute(this::runSteps);
        } catch (Throwable e) {
            LOG.debug("pool {}: a step that is due gets a thread of its own", poolName, e);
            spareThreads.newThread(this::runSteps).start();
        }
    }

    private void runSteps() {
        boolean ended = false;
        try {
            for (Step step = take(); step != null; step = take()) {
                run(step);
            }
            ended = true;
        } finally {
            if (!ended) {
                lost(); // an error has struck between two steps
            }
        }
    }

    private void run(Step step) {
        try {
            step.work.run();
        } catch (Throwable e) {
            LOG.error("pool {}: a step that was due failed; please report this", poolName, e);
        } finally {
            Thread.interrupted(); // what one step leaves behind is not for the next
        }
    }

    /** Takes the next step, or ends the runner that asks: in one hold of the lock, so that a step added later starts another. */
    private @Nullable Step take() {
        lock.lock();
        try {
            Step step = first;
            // I34: the runner ends under the lock and finds no step, so one that is added later starts another
            if (step == null) {
                runners--;
                return null;
            }
            first = step.next;
            if (first == null) {
                last = null;
            }
            step.next = null;
            step.waits = false;
            taken++;
            return step;
        } finally {
            lock.unlock();
        }
    }

    private void setLook() {
        lock.lock();
        try {
            if (lookSet || first == null) {
                return;
            }
            lookSet = true;
            takenAtLook = taken;
        } finally {
            lock.unlock();
        }
        try {
            PoolClock.Timer unused = spareClock.schedule(this::look, LOOK_PERIOD);
        } catch (Throwable e) { // the next step sets it, or one that waits and is handed on again
            lock.lock();
            try {
                lookSet = false;
            } finally {
                lock.unlock();
            }
        }
    }

    /** When no step was taken since the last look, all runners are held up. */
    public void look() {
        boolean starts;
        lock.lock();
        try {
            lookSet = false;
            starts = first != null && taken == takenAtLook;
            if (starts) {
                runners++;
            }
        } finally {
            lock.unlock();
        }
        if (starts) {
            startRunner();
        }
        setLook();
    }

    /** Some work, and its place in the line. */
    private final class Step implements Runnable {
        private final Runnable work;
        private @Nullable Step next;
        private boolean waits;

        Step(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            append(this);
        }
    }
}
