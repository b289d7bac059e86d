package io.genericpool.spi;

import java.util.concurrent.locks.LockSupport;

/** The system's monotonic clock; its timers run on one thread that exists while there are timers. */
final class SystemPoolClock implements PoolClock {
    static final SystemPoolClock INSTANCE = new SystemPoolClock();

    private final TimerQueue timers = new ClockThread().timers();

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
}
