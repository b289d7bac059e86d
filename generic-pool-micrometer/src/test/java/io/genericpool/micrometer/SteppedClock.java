package io.genericpool.micrometer;

import io.genericpool.spi.PoolClock;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that is read alone: timers and waits are the system's. */
record SteppedClock(AtomicLong now) implements PoolClock {
    @Override
    public long nanoTime() {
        return now.get();
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        return PoolClock.system().schedule(task, delayNanos);
    }

    @Override
    public void park(Object blocker, long nanos) {
        PoolClock.system().park(blocker, nanos);
    }
}
