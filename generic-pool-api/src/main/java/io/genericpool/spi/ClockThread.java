package io.genericpool.spi;

import io.genericpool.support.PoolThreads;
import java.util.PriorityQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Rings the alarms of a queue of timers on one thread, which exists while there are timers and ends a few seconds later. It is
 * not the JDK's thread for delays: that one never ends, and it would keep what it inherits of the thread that is the first to
 * set a delay in the JVM, such as the class loader of an application that a container has long unloaded; and what takes long
 * here would delay the timeouts of everything else in the JVM.
 */
final class ClockThread implements TimerQueue.Alarm {
    /** After so long at most it looks whether there is a timer left: those that are cancelled do not wake it. */
    private static final long LONGEST_SLEEP = TimeUnit.SECONDS.toNanos(2);

    private final ThreadFactory threads = PoolThreads.named("generic-pool-clock", ClockThread.class.getClassLoader());
    private final TimerQueue timers = new TimerQueue(System::nanoTime, this);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition earlier = lock.newCondition();
    /** Under the lock. */
    private final PriorityQueue<Bell> bells = new PriorityQueue<>(Bell::compare);
    /** Under the lock; null when there is none. */
    private @Nullable Thread thread;

    TimerQueue timers() {
        return timers;
    }

    @Override
    public void set(Runnable task, long delayNanos) {
        var bell = new Bell(System.nanoTime() + delayNanos, task);
        lock.lock();
        try {
            bells.add(bell);
            if (thread == null) {
                start(bell);
            } else if (bells.peek() == bell) {
                earlier.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void start(Bell bell) {
        boolean started = false;
        try {
            Thread fresh = threads.newThread(this::run);
            fresh.start();
            thread = fresh;
            started = true;
        } finally {
            if (!started) {
                bells.remove(bell);
            }
        }
    }

    private void run() {
        while (true) {
            try {
                Bell due = await();
                if (due != null) {
                    due.task.run();
                } else if (timers.letGoIfEmpty(this::end)) {
                    return;
                }
            } catch (Throwable e) {
                // Out of memory, most likely: it goes on, but not in a spin.
                LockSupport.parkNanos(this, 1_000_000);
            }
        }
    }

    /** Waits for the next bell. @return null when it has slept for long and none was due */
    private @Nullable Bell await() {
        lock.lock();
        try {
            long start = System.nanoTime();
            while (true) {
                Bell next = bells.peek();
                long now = System.nanoTime();
                if (next != null && next.at - now <= 0) {
                    return bells.poll();
                }
                long rest = LONGEST_SLEEP - (now - start);
                if (rest <= 0) {
                    return null;
                }
                sleep(next == null ? rest : Math.min(rest, next.at - now));
            }
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the caller is the loop
    private void sleep(long nanos) {
        try {
            long unused = earlier.awaitNanos(nanos);
        } catch (InterruptedException e) {
            // No part of the pool interrupts it; it must not end for that.
        }
    }

    /** Under the lock of the queue, which has no timer. */
    private void end() {
        lock.lock();
        try {
            bells.clear();
            thread = null;
        } finally {
            lock.unlock();
        }
    }

    private static final class Bell {
        private final long at;
        private final Runnable task;

        Bell(long at, Runnable task) {
            this.at = at;
            this.task = task;
        }

        private int compare(Bell other) {
            return Long.compare(at - other.at, 0);
        }
    }
}
