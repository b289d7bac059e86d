package io.genericpool.fleet.redis;

import io.genericpool.spi.PoolClock;
import java.time.Duration;

/** The system's clock, wrong by a time. */
record WrongClock(Duration by) implements PoolClock {
    @Override
    public long nanoTime() {
        return PoolClock.system().nanoTime() + by.toNanos();
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
