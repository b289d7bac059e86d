package io.genericpool.stress.support;

import io.genericpool.spi.PoolClock;
import org.jspecify.annotations.Nullable;

/**
 * A clock that does not move, except that a thread which parks sees its deadline pass. No timer fires by itself: the one
 * that was set for {@link #ACQUIRE} nanoseconds is kept, so that an actor can play the deadline of a queued request.
 */
public final class StillClock implements PoolClock {
    /** The timeout that a test gives to an acquire whose deadline an actor plays: no timer of the pool's own is as long. */
    public static final long ACQUIRE = 7_777_777_777L;

    private static final Timer NO_TIMER = () -> {};

    private volatile @Nullable Runnable deadline;
    private volatile long now;

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        if (delayNanos == ACQUIRE) {
            deadline = task;
        }
        return NO_TIMER;
    }

    @Override
    public boolean isManual() {
        return true;
    }

    @Override
    public void park(Object blocker, long nanos) {
        now = ACQUIRE;
    }

    /** Lets the deadline of the queued request pass. */
    public void reachDeadline() {
        Runnable task = deadline;
        if (task == null) {
            throw new IllegalStateException("no request was queued with a deadline");
        }
        task.run();
    }
}
