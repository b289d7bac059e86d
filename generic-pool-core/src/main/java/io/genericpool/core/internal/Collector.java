package io.genericpool.core.internal;

import io.genericpool.spi.PoolClock;
import io.genericpool.support.PoolThreads;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes the tick and sweeps the endpoints. A sweep that takes longer than a tick writes it on its way. On the system's clock it is the one thread of the pool; on a clock that was
 * given it runs by that clock's timers, so that virtual time drives it too.
 */
final class Collector<E, C> {
    private static final SafeLog LOG = SafeLog.of(Collector.class);

    private final PoolContext<E, C> context;
    private final SweepStep<E, C> sweep;
    private final LeakReports<E, C> leaks;
    private final long tickPeriod;
    private final int ticksPerSweep;

    private @Nullable Thread thread;
    private volatile boolean isStopped;
    private int ticks;

    Collector(PoolContext<E, C> context) {
        this.context = context;
        this.tickPeriod = Periods.tick(context.settings, context.traits);
        long sweepPeriod = Periods.sweep(context.settings, tickPeriod);
        this.ticksPerSweep = (int) (sweepPeriod / tickPeriod);
        this.leaks = new LeakReports<>(context);
        this.sweep = new SweepStep<>(context, sweepPeriod, leaks);
    }

    void start() {
        if (context.clock == PoolClock.system()) {
            Thread started =
                    PoolThreads.named(context.settings.name() + "-collector").newThread(this::loop);
            thread = started;
            started.start();
        } else {
            context.clock.schedule(this::round, tickPeriod);
        }
    }

    private void loop() {
        while (!isStopped) {
            context.clock.park(this, tickPeriod);
            Thread.interrupted(); // nobody interrupts it but by mistake; it must not spin for that
            if (!isStopped) {
                step();
            }
        }
    }

    private void round() {
        if (!isStopped) {
            step();
            GuardedClock.scheduleSurely(context.clock, this::round, tickPeriod);
        }
    }

    private void step() {
        try {
            context.ticker.advance();
            if (++ticks >= ticksPerSweep) {
                ticks = 0;
                for (EndpointPool<E, C> pool : context.registry.all()) {
                    guarded(() -> sweep.run(pool, context.ticker.advanceIfLate()));
                }
                leaks.send();
                context.ticker.advanceIfLate();
            }
            if (context.capacity.pressure() > 0) {
                var actions = new Actions();
                actions.add(context.relief);
                actions.run();
            }
        } catch (Throwable e) {
            failed(e);
        }
    }

    /** One endpoint that cannot be swept does not keep the others from it. */
    private void guarded(Runnable part) {
        try {
            part.run();
        } catch (Throwable e) {
            failed(e);
        }
    }

    private void failed(Throwable e) {
        LOG.error("pool {}: a round of the collector failed; it goes on", context.settings.name(), e);
    }

    void stop() {
        isStopped = true;
        Thread running = thread;
        if (running != null) {
            LockSupport.unpark(running);
        }
    }

    /** Waits for the thread to end, unless it is the current one. */
    void join(long nanos) throws InterruptedException {
        Thread running = thread;
        if (running != null && running != Thread.currentThread()) {
            running.join(Math.max(1, nanos / 1_000_000));
        }
    }
}
