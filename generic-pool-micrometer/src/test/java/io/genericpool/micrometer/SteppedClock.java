package io.genericpool.micrometer;

import io.genericpool.spi.PoolClock;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that is only read. */
record SteppedClock(AtomicLong now) implements PoolClock {
    @Override
    public long nanoTime() {
        return now.get();
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        throw new UnsupportedOperationException("only read");
    }

    @Override
    public void park(Object blocker, long nanos) {
        throw new UnsupportedOperationException("only read");
    }
}
