package io.genericpool.core.model;

import io.genericpool.spi.PoolClock;
import java.util.function.LongConsumer;

/** The pool's clock in a trace: it stands still but when a step moves it, to one timer at a time. One thread only. */
final class TraceClock implements PoolClock {
    /** Shortly before the wrap-around, so that every trace runs across it. */
    private static final long ORIGIN = Long.MAX_VALUE - 300_000_000L;

    private final Timers timers = new Timers();
    /** What happens while the pool's caller is parked: how long it may take is what it is told. */
    private final LongConsumer meanwhile;

    private long now;

    TraceClock(LongConsumer meanwhile) {
        this.meanwhile = meanwhile;
    }

    /** Since the trace began. */
    long now() {
        return now;
    }

    long nextDue() {
        return timers.next();
    }

    /** Moves the clock, but not past what is due next. */
    void moveTo(long time) {
        now = Math.max(now, Math.min(time, timers.next()));
    }

    /** Moves the clock to the next timer and runs that one alone. */
    void runNext() {
        moveTo(timers.next());
        timers.take().run();
    }

    @Override
    public long nanoTime() {
        return ORIGIN + now;
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        var timer = timers.schedule(now + Math.max(0, delayNanos), task);
        return timer::cancel;
    }

    @Override
    public boolean isManual() {
        return true;
    }

    @Override
    public void park(Object blocker, long nanos) {
        meanwhile.accept(nanos);
    }
}
