package io.genericpool.core.support;

import io.genericpool.spi.PoolClock;
import org.jspecify.annotations.Nullable;

/**
 * A clock whose next reading does something first, on the thread that reads: a way into the middle of a step of the pool
 * that runs without a lock, as another thread might find it by chance.
 */
public final class HookClock implements PoolClock {
    private final PoolClock clock;
    private @Nullable Runnable next;
    private @Nullable Runnable nextTimer;

    public HookClock(PoolClock clock) {
        this.clock = clock;
    }

    public void atNextReading(Runnable action) {
        next = action;
    }

    /** As {@link #atNextReading}, before the next timer is set. */
    public void atNextTimer(Runnable action) {
        nextTimer = action;
    }

    @Override
    public long nanoTime() {
        Runnable action = next;
        next = null;
        if (action != null) {
            action.run();
        }
        return clock.nanoTime();
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        Runnable action = nextTimer;
        nextTimer = null;
        if (action != null) {
            action.run();
        }
        return clock.schedule(task, delayNanos);
    }

    @Override
    public boolean isManual() {
        return clock.isManual();
    }

    @Override
    public void park(Object blocker, long nanos) {
        clock.park(blocker, nanos);
    }
}
