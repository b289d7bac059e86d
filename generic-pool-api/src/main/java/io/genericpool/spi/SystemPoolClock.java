package io.genericpool.spi;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The system's monotonic clock; its timers run on the one delay thread that the JDK keeps for all futures. */
final class SystemPoolClock implements PoolClock {
    static final SystemPoolClock INSTANCE = new SystemPoolClock();

    private SystemPoolClock() {}

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        return new DelayedTask(task, Math.max(0, delayNanos));
    }

    @Override
    public void park(Object blocker, long nanos) {
        if (nanos == Long.MAX_VALUE) {
            LockSupport.park(blocker);
        } else {
            LockSupport.parkNanos(blocker, nanos);
        }
    }

    /** A future that nobody but its own timeout completes; cancelling it takes the timeout out of the JDK's queue. */
    private static final class DelayedTask implements Timer {
        private final CompletableFuture<@Nullable Void> delay = new CompletableFuture<>();

        @SuppressWarnings("FutureReturnValueIgnored") // the tasks of a pool report their own failures
        DelayedTask(Runnable task, long delayNanos) {
            delay.thenRun(task);
            delay.completeOnTimeout(null, delayNanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void cancel() {
            delay.cancel(false);
        }
    }
}
