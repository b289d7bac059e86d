package io.genericpool.benchmarks;

import io.genericpool.spi.PoolClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The system's time, but timers run only when a caller runs them. A round of the collector can thus be timed. */
final class HandClock implements PoolClock {
    private final List<Task> tasks = new ArrayList<>();

    private final class Task implements Timer {
        private final Runnable body;

        Task(Runnable body) {
            this.body = body;
        }

        @Override
        public void cancel() {
            synchronized (tasks) {
                tasks.remove(this);
            }
        }
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Timer schedule(Runnable body, long delayNanos) {
        Task task = new Task(body);
        synchronized (tasks) {
            tasks.add(task);
        }
        return task;
    }

    @Override
    public boolean isManual() {
        return true;
    }

    @Override
    public void park(Object blocker, long nanos) {
        LockSupport.parkNanos(blocker, nanos);
    }

    /**
     * Runs the only task there is: in a pool at rest that is the collector's next round.
     *
     * @return how long it took, in nanoseconds
     */
    long runOnlyTask() {
        Task task;
        synchronized (tasks) {
            if (tasks.size() != 1) {
                throw new IllegalStateException(tasks.size() + " timers instead of the collector's one");
            }
            task = tasks.remove(0);
        }
        long start = System.nanoTime();
        task.body.run();
        return System.nanoTime() - start;
    }
}
