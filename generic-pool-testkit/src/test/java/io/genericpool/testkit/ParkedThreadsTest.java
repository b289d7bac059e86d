package io.genericpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParkedThreadsTest {
    private static void awaitBlocked(ReentrantLock lock, Thread thread) {
        while (!lock.hasQueuedThread(thread) || thread.getState() != Thread.State.WAITING) {
            Thread.yield();
        }
    }

    /** The thread waits for the lock by parking, so the unpark may end that wait instead of the one that was meant. */
    @Test
    void anUnparkWhileTheThreadWaitsForTheLockIsNotLost() throws InterruptedException {
        var lock = new ReentrantLock();
        var parked = new ParkedThreads(lock);
        var thread = new Thread(() -> parked.park(this, () -> Long.MAX_VALUE));
        thread.setDaemon(true);
        lock.lock();
        try {
            thread.start();
            awaitBlocked(lock, thread);
            LockSupport.unpark(thread);
            awaitBlocked(lock, thread);
        } finally {
            lock.unlock();
        }

        thread.join(TimeUnit.SECONDS.toMillis(10));

        assertThat(thread.isAlive()).isFalse();
        assertThat(parked.count()).isZero();
    }
}
