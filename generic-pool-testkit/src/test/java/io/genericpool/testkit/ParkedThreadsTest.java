package io.genericpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParkedThreadsTest {
    /** A thread that waits for the lock is parked by it, and an unpark may end that wait instead of the one it is for. */
    @Test
    void aParkDoesNotWaitForTheLock() throws InterruptedException {
        var lock = new ReentrantLock();
        var parked = new ParkedThreads(lock);
        var thread = new Thread(() -> parked.park(this, () -> Long.MAX_VALUE));
        thread.setDaemon(true);
        lock.lock();
        try {
            thread.start();
            thread.join(TimeUnit.SECONDS.toMillis(10));

            assertThat(thread.isAlive()).isFalse();
        } finally {
            lock.unlock();
        }
        assertThat(parked.count()).isZero();
    }
}
