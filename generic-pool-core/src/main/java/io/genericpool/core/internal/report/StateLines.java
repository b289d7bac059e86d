package io.genericpool.core.internal.report;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.PoolStats;
import io.genericpool.core.internal.log.WarnLimit;
import io.genericpool.spi.PoolClock;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Logs how the pool stands: from time to time when something has changed, and after acquires that have timed out. */
public final class StateLines {
    static final long PERIOD = TimeUnit.SECONDS.toNanos(30);
    static final long LEAST_PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final PoolLog log;
    private final PoolClock clock;
    private final Supplier<PoolStats> stats;
    private final WarnLimit timeouts;

    // Of the sweeps, of which there is one at a time.
    private long toldAt;
    private String told = "";

    public StateLines(PoolLog log, PoolClock clock, Supplier<PoolStats> stats) {
        this.log = log;
        this.clock = clock;
        this.stats = stats;
        this.timeouts = new WarnLimit(clock, LEAST_PAUSE);
        this.toldAt = clock.nanoTime();
    }

    /** At the end of each sweep. Nothing is read unless a line would be written. */
    public void afterSweep() {
        long now = clock.nanoTime();
        if (now - toldAt < PERIOD || !log.isDetailed()) {
            return;
        }
        toldAt = now;
        PoolStats current = stats.get();
        String text = current.toString();
        if (!text.equals(told)) {
            told = text;
            log.state("", current);
        }
    }

    /** On the thread whose acquire has failed. Throws nothing: what the caller gets is that failure. */
    public void afterFailure(Throwable failure) {
        if (!(failure instanceof AcquireTimeoutException)) {
            return;
        }
        try {
            if (log.isDetailed() && timeouts.allows()) {
                log.state(" after a timeout", stats.get());
            }
        } catch (Throwable e) {
            // No memory for a line: the caller's failure matters more.
        }
    }
}
