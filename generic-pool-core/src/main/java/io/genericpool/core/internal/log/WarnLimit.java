package io.genericpool.core.internal.log;

import io.genericpool.spi.PoolClock;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps an outage from filling the log: one warning in a while, which says how many were left out before it. */
public final class WarnLimit {
    private final PoolClock clock;
    private final long every;
    private final AtomicLong next;
    private final AtomicLong suppressed = new AtomicLong();

    public WarnLimit(PoolClock clock, long every) {
        this.clock = clock;
        this.every = every;
        this.next = new AtomicLong(clock.nanoTime());
    }

    public boolean allows() {
        long now = clock.nanoTime();
        long due = next.get();
        if (now - due >= 0 && next.compareAndSet(due, now + every)) {
            return true;
        }
        suppressed.incrementAndGet();
        return false;
    }

    /** For the end of the message. */
    public String suppressed() {
        long n = suppressed.getAndSet(0);
        return n == 0 ? "" : " (" + n + " warnings left out before)";
    }
}
