package io.genericpool.spi;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Timers behind one alarm. Nearly every timer of a pool is a timeout that is cancelled before it is due, so cancelling only
 * takes it out of this queue and leaves the alarm as it is, and a timer that is due later than the alarm sets none: a
 * pool that is busy wakes the thread behind the alarm once in a timeout, not twice a connect.
 *
 * <p>Invariant, whenever the lock is free: if there is a timer, an alarm is set that rings no later than it is due.
 */
final class TimerQueue {
    /** Far more than any caller waits, and small enough that times can be compared by difference. */
    private static final long LONGEST_DELAY = Long.MAX_VALUE / 4;

    /** What wakes the queue. */
    @FunctionalInterface
    interface Alarm {
        /** Runs the task once after the delay, not inside this call. It cannot be taken back. */
        void set(Runnable task, long delayNanos);
    }

    private final LongSupplier nanoTime;
    private final Alarm alarm;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeSet<Entry> entries = new TreeSet<>(Entry::compare);
    /** When the alarms that are set will ring. Each was set for earlier than those before it, so the next is the first. */
    private final ArrayDeque<Long> alarms = new ArrayDeque<>();

    private long lastNumber;

    TimerQueue(LongSupplier nanoTime, Alarm alarm) {
        this.nanoTime = nanoTime;
        this.alarm = alarm;
    }

    PoolClock.Timer schedule(Runnable task, long delayNanos) {
        long delay = Math.min(Math.max(0, delayNanos), LONGEST_DELAY);
        long dueAt = nanoTime.getAsLong() + delay;
        lock.lock();
        try {
            // I44: a timer is added only when an alarm rings in time
            wakeBy(dueAt, delay); // first, since it may fail
            Entry entry = new Entry(task, dueAt, ++lastNumber);
            entries.add(entry);
            return entry;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock: sets an alarm unless one rings early enough. One that was set for later stays, and may ring in vain. */
    private void wakeBy(long at, long delay) {
        Long next = alarms.peekFirst();
        if (next == null || at - next < 0) {
            alarm.set(() -> ring(at), delay);
            alarms.addFirst(at);
        }
    }

    private void ring(long at) {
        run(takeDue(at));
    }

    private List<Entry> takeDue(long at) {
        var due = new ArrayList<Entry>();
        lock.lock();
        try {
            alarms.removeFirstOccurrence(at);
            long now = nanoTime.getAsLong();
            moveDueTo(due, now);
            if (!entries.isEmpty()) {
                long next = entries.first().dueAt;
                wakeBy(next, next - now);
            }
        } finally {
            lock.unlock();
        }
        return due;
    }

    private void moveDueTo(List<Entry> due, long now) {
        while (!entries.isEmpty() && entries.first().dueAt - now <= 0) {
            due.add(entries.first()); // first, since it may fail
            entries.pollFirst();
        }
    }

    /**
     * Called now and then by what rings the alarms: when there is no timer, no alarm is needed, and in one step with that it
     * lets go of them. Otherwise runs what is due, in case that an alarm could not be set.
     *
     * @return whether there was no timer
     */
    boolean letGoIfEmpty(Runnable letGo) {
        var due = new ArrayList<Entry>();
        lock.lock();
        try {
            if (entries.isEmpty()) {
                alarms.clear();
                letGo.run();
                return true;
            }
            moveDueTo(due, nanoTime.getAsLong());
        } finally {
            lock.unlock();
        }
        run(due);
        return false;
    }

    private static void run(List<Entry> due) {
        for (Entry entry : due) {
            if (!entry.isCancelled) {
                run(entry.task);
            }
        }
    }

    /** A task that fails, or leaves its thread interrupted, does not keep the others from running. */
    private static void run(Runnable task) {
        Thread thread = Thread.currentThread();
        try {
            task.run();
        } catch (Throwable e) {
            try {
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            } catch (Throwable second) {
                // The handler has failed too, and so no handler is left to tell.
            }
        } finally {
            Thread.interrupted();
        }
    }

    private final class Entry implements PoolClock.Timer {
        private final Runnable task;
        private final long dueAt;
        private final long number;
        /** Read without the lock too: what is due at once with others may be cancelled by one of them. */
        private volatile boolean isCancelled;

        Entry(Runnable task, long dueAt, long number) {
            this.task = task;
            this.dueAt = dueAt;
            this.number = number;
        }

        /** By time, then in the order in which they were scheduled. */
        private int compare(Entry other) {
            int byTime = Long.compare(dueAt - other.dueAt, 0);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }

        @Override
        public void cancel() {
            lock.lock();
            try {
                isCancelled = true;
                entries.remove(this);
            } finally {
                lock.unlock();
            }
        }
    }
}
