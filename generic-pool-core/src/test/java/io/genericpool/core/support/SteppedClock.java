package io.genericpool.core.support;

import io.genericpool.spi.PoolClock;
import io.genericpool.testkit.FakePoolClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A fake clock whose timers may only hand over, as the system's: what they lead to runs on threads of the pool's own. It can
 * also jump, as time does for a process that was stopped: no timer runs on the way, and none has run when the jump ends.
 */
public final class SteppedClock implements PoolClock {
    private final FakePoolClock clock = new FakePoolClock();
    private final AtomicLong jumped = new AtomicLong();
    private final boolean manual;

    /**
     * Makes a clock that shows zero.
     *
     * @param manual whether its timers may run everything all the same
     */
    public SteppedClock(boolean manual) {
        this.manual = manual;
    }

    public void advance(Duration time) {
        clock.advance(time);
    }

    public void jump(Duration time) {
        jumped.addAndGet(time.toNanos());
    }

    @Override
    public long nanoTime() {
        return clock.nanoTime() + jumped.get();
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        return clock.schedule(task, delayNanos);
    }

    @Override
    public void park(Object blocker, long nanos) {
        clock.park(blocker, nanos);
    }

    @Override
    public boolean isManual() {
        return manual;
    }
}
