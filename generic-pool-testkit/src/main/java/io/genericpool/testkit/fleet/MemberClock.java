package io.genericpool.testkit.fleet;

import io.genericpool.spi.PoolClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The system's clock, wrong by a time. While it is paused, no timer goes off, as in a process that was stopped. */
final class MemberClock implements PoolClock {
    private final PoolClock system = PoolClock.system();
    private final long error;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition resumed = lock.newCondition();

    // Guarded by the lock.
    private final List<Task> overdue = new ArrayList<>();
    private boolean paused;

    private final class Task implements Runnable, Timer {
        private final Runnable task;
        private volatile boolean cancelled;

        Task(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (!cancelled && !isHeld(this)) {
                task.run();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    MemberClock(Duration error) {
        this.error = error.toNanos();
    }

    private boolean isHeld(Task task) {
        lock.lock();
        try {
            if (paused) {
                overdue.add(task);
            }
            return paused;
        } finally {
            lock.unlock();
        }
    }

    void pause() {
        lock.lock();
        try {
            paused = true;
        } finally {
            lock.unlock();
        }
    }

    /** What fell due meanwhile runs now. */
    void resume() {
        List<Task> now;
        lock.lock();
        try {
            paused = false;
            now = List.copyOf(overdue);
            overdue.clear();
            resumed.signalAll();
        } finally {
            lock.unlock();
        }
        now.forEach(Task::run);
    }

    void awaitResumed() {
        lock.lock();
        try {
            while (paused) {
                resumed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long nanoTime() {
        return system.nanoTime() + error;
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        var held = new Task(task);
        Timer timer = system.schedule(held, delayNanos);
        return () -> {
            held.cancel();
            timer.cancel();
        };
    }

    @Override
    public void park(Object blocker, long nanos) {
        system.park(blocker, nanos);
        awaitResumed();
    }
}
