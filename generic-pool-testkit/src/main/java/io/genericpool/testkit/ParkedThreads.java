package io.genericpool.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The threads that a fake clock keeps waiting, and until when. Any thread may call all methods. The clock's lock guards
 * them, because the end of a wait and the clock must agree.
 */
final class ParkedThreads {
    private final ReentrantLock lock;
    private final Condition changed;
    private final Set<Parked> parked = new HashSet<>();
    private long parks;

    ParkedThreads(ReentrantLock lock) {
        this.lock = lock;
        this.changed = lock.newCondition();
    }

    /**
     * Blocks the calling thread until it is unparked or interrupted. When the lock is held, the call returns early: a
     * thread that waits for a lock is parked itself, and would use up the unpark meant for this call.
     *
     * @param blocker what {@link LockSupport#getBlocker} tells meanwhile
     * @param end returns when the wait ends by the clock; called under the lock
     */
    void park(Object blocker, LongSupplier end) {
        var self = new Parked(Thread.currentThread());
        if (!lock.tryLock()) {
            Thread.onSpinWait(); // the lock is never held for long
            return;
        }
        try {
            self.until = end.getAsLong();
            self.number = parks++;
            parked.add(self);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        LockSupport.park(blocker);
        lock.lock();
        try {
            parked.remove(self);
        } finally {
            lock.unlock();
        }
    }

    int count() {
        lock.lock();
        try {
            return parked.size();
        } finally {
            lock.unlock();
        }
    }

    /** Which park a thread is in, or -1 when it is in none. */
    long parkOf(Thread thread) {
        lock.lock();
        try {
            return parked.stream()
                    .filter(each -> each.thread == thread)
                    .mapToLong(each -> each.number)
                    .max()
                    .orElse(-1);
        } finally {
            lock.unlock();
        }
    }

    /** Waits, in real time, until so many are parked. */
    void await(int threads) {
        long left = RealWait.NANOS;
        lock.lock();
        try {
            while (parked.size() < threads) {
                if (left <= 0) {
                    throw new AssertionError(
                            "expected " + threads + " parked threads, but there are " + parked.size() + ": " + parked);
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + threads + " parked threads", e);
        } finally {
            lock.unlock();
        }
    }

    /** The end of the first wait that ends after the given time; {@link Long#MAX_VALUE} when none does. */
    long firstEndAfter(long time) {
        lock.lock();
        try {
            return parked.stream()
                    .mapToLong(each -> each.until)
                    .filter(until -> until > time)
                    .min()
                    .orElse(Long.MAX_VALUE);
        } finally {
            lock.unlock();
        }
    }

    /** Those whose wait has ended by the given time, to be unparked outside of the lock. */
    List<Thread> endedBy(long time) {
        List<Thread> ended = new ArrayList<>();
        lock.lock();
        try {
            for (Parked each : parked) {
                if (each.until <= time) {
                    ended.add(each.thread);
                }
            }
        } finally {
            lock.unlock();
        }
        return ended;
    }

    /** One thread in {@code park}; identity counts, since a thread that was woken may park again at once. */
    private static final class Parked {
        final Thread thread;
        long until;
        long number;

        Parked(Thread thread) {
            this.thread = thread;
        }

        @Override
        public String toString() {
            return thread.getName() + " until " + until;
        }
    }
}
