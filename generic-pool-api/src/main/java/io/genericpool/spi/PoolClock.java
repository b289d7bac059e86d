package io.genericpool.spi;

/**
 * The time of a pool. The {@linkplain #system() default} reads the system's monotonic clock; the timers of all pools share
 * one daemon thread, which ends some seconds after the last of them. A pool that is given another clock does everything that depends on time by that clock's timers, its collector's
 * rounds too, so that a test can run it on virtual time.
 */
public interface PoolClock {
    /**
     * The present, in nanoseconds since an arbitrary origin, as {@link System#nanoTime()}: compare by difference.
     *
     * @return the time
     */
    long nanoTime();

    /**
     * Runs a task once after a delay. Tasks of the pool are short and never block.
     *
     * @param task what to run
     * @param delayNanos when, from now, in nanoseconds; 0 or less for as soon as possible, but not inside this call
     * @return a handle to cancel it
     */
    Timer schedule(Runnable task, long delayNanos);

    /**
     * Blocks the current thread until it is unparked by {@link java.util.concurrent.locks.LockSupport#unpark}, is
     * interrupted or the time has passed; may return earlier without a reason.
     *
     * @param blocker whom the thread waits for, for thread dumps
     * @param nanos for how long at most, in nanoseconds; {@link Long#MAX_VALUE} for ever
     */
    void park(Object blocker, long nanos);

    /**
     * The system's clock.
     *
     * @return always the same instance
     */
    static PoolClock system() {
        return SystemPoolClock.INSTANCE;
    }

    /** A task that was scheduled. */
    interface Timer {
        /** Cancels the task, if it has not begun; no effect otherwise. */
        void cancel();
    }
}
