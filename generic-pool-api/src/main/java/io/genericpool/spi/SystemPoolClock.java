package io.genericpool.spi;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The system's monotonic clock; its timers run on the one delay thread that the JDK keeps for all futures. */
final class SystemPoolClock implements PoolClock {
    static final SystemPoolClock INSTANCE = new SystemPoolClock();

    private final TimerQueue timers = new TimerQueue(System::nanoTime, SystemPoolClock::delay);

    private SystemPoolClock() {}

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        return timers.schedule(task, delayNanos);
    }

    @Override
    public void park(Object blocker, long nanos) {
        if (nanos == Long.MAX_VALUE) {
            LockSupport.park(blocker);
        } else {
            LockSupport.parkNanos(blocker, nanos);
        }
    }

    /** A future that nobody but its own timeout completes. */
    @SuppressWarnings("FutureReturnValueIgnored") // the queue reports what its tasks throw
    private static void delay(Runnable task, long delayNanos) {
        var delay = new CompletableFuture<@Nullable Void>();
        delay.thenRun(task);
        delay.completeOnTimeout(null, delayNanos, TimeUnit.NANOSECONDS);
    }
}
