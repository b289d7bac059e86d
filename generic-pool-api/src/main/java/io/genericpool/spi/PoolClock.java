package io.genericpool.spi;

/**
 * The clock of a pool. The {@linkplain #system() default} reads the system's monotonic clock. The timers of all pools
 * share one daemon thread, which ends some seconds after the last timer. A pool with another clock uses that clock's
 * timers for everything that depends on time, including its collector. Tests can thus run a pool in virtual time.
 */
public interface PoolClock {
    /**
     * Returns the current time in nanoseconds since an arbitrary origin, as {@link System#nanoTime()} does. Compare two
     * times by their difference.
     *
     * @return the time
     */
    long nanoTime();

    /**
     * Runs a task once after a delay. Tasks of the pool are short and never block.
     *
     * @param task the task
     * @param delayNanos the delay from now in nanoseconds; 0 or less for as soon as possible, but not inside this call
     * @return a handle to cancel it
     */
    Timer schedule(Runnable task, long delayNanos);

    /**
     * Blocks the current thread until {@link java.util.concurrent.locks.LockSupport#unpark} is called for it, until it
     * is interrupted, or until the time has passed. The method may also return early for no reason.
     *
     * <p>An unpark that came before the call, or comes while it begins, must end it. A thread that waits for a
     * {@link java.util.concurrent.locks.Lock} in here is parked by that lock and may use up the unpark. So return early
     * after such a wait.
     *
     * @param blocker the object that the thread waits for, shown in thread dumps
     * @param nanos the maximum time in nanoseconds; {@link Long#MAX_VALUE} for no limit
     */
    void park(Object blocker, long nanos);

    /**
     * Tells whether this clock is moved by hand, as in a test. On such a clock, the pool does everything that falls due
     * inside the timer's task. The work is thus done when the move returns. On any other clock, a timer's task only
     * hands over to a thread of the pool, so the clock's thread runs no code of a manager, listener or governor. The
     * pool asks once, when it is built.
     *
     * @return true for a clock that is moved by hand; false unless overridden
     */
    default boolean isManual() {
        return false;
    }

    /**
     * Returns the system's clock.
     *
     * @return always the same instance
     */
    static PoolClock system() {
        return SystemPoolClock.INSTANCE;
    }

    /** A scheduled task. */
    interface Timer {
        /** Cancels the task if it has not begun; has no effect otherwise. */
        void cancel();
    }
}
