package io.genericpool.core.internal.time;

import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.spi.PoolClock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A clock that the user has given. The pool reads it under locks and between the two halves of a transition, where an
 * exception would leave a connection or a request without an owner; so a reading that throws gives the last one.
 * What it throws at {@code schedule} and {@code park} goes to the caller, who withdraws; timers of the pool's own use
 * {@code TimedSteps.scheduleSurely}.
 */
public final class GuardedClock implements PoolClock {
    private static final SafeLog LOG = SafeLog.of(GuardedClock.class);

    private final PoolClock clock;
    private final AtomicBoolean hasFailed = new AtomicBoolean();
    private volatile long last;

    private GuardedClock(PoolClock clock) {
        this.clock = clock;
        this.last = clock.nanoTime();
    }

    /** The system's clock needs no guard, and is recognised by its identity. */
    public static PoolClock of(PoolClock clock) {
        return clock == PoolClock.system() ? clock : new GuardedClock(clock);
    }

    @Override
    public long nanoTime() {
        try {
            long now = clock.nanoTime();
            last = now;
            return now;
        } catch (Throwable e) {
            if (hasFailed.compareAndSet(false, true)) {
                LOG.warn("the clock failed to give the time; the pool uses the last reading; logged once", e);
            }
            return last;
        }
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        @Nullable Timer timer = clock.schedule(task, delayNanos);
        return timer == null ? () -> {} : () -> cancel(timer);
    }

    @Override
    public boolean isManual() {
        return clock.isManual();
    }

    /** A timer that is not cancelled rings in vain; what follows its cancellation must not be lost for that. */
    private static void cancel(Timer timer) {
        try {
            timer.cancel();
        } catch (Throwable e) {
            LOG.debug("the clock failed to cancel a timer; it fires without effect", e);
        }
    }

    @Override
    public void park(Object blocker, long nanos) {
        clock.park(blocker, nanos);
    }
}
