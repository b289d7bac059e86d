package io.genericpool.core.internal.sweep;

import io.genericpool.core.internal.call.Disposer;
import io.genericpool.core.internal.config.Periods;
import io.genericpool.core.internal.endpoint.Backlog;
import io.genericpool.core.internal.endpoint.EndpointContext;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.EndpointRegistry;
import io.genericpool.core.internal.endpoint.ServeStep;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.report.PoolEvents;
import io.genericpool.spi.PoolClock;
import io.genericpool.support.PoolThreads;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes the tick, and has the endpoints swept. The two are apart: nothing that a sweep does, or waits for, stops the tick. On
 * the system's clock the tick has a thread of its own; on a clock that was given it is written by that clock's timers, so that
 * virtual time drives it too (I33). Sweeps run as {@code TimedSteps}, one at a time: one that is due while the last one is under way
 * begins at the first tick after it.
 */
public final class Collector<E, C> {
    private static final SafeLog LOG = SafeLog.of(Collector.class);
    /** After so many endpoints a sweep lets others use its thread. */
    private static final int ENDPOINTS_PER_TURN = 1_024;

    private final EndpointContext<E, C> context;
    private final EndpointRegistry<E, C> registry;
    private final Backlog<E, C> backlog;
    private final Disposer<E, C> disposer;
    private final SweepStep<E, C> sweep;
    private final LeakReports<E, C> leaks;
    private final long tickPeriod;
    private final int ticksPerSweep;
    private final Runnable afterSweep;
    private final Runnable sweeping;
    private final Runnable relieving;
    private final Runnable retrying;
    /** Held by the sweep that is under way. */
    private final Semaphore turn = new Semaphore(1);

    /** On a clock that was given: no timer is set for the next tick. */
    private final AtomicBoolean broken = new AtomicBoolean();

    private volatile @Nullable Thread sweeper;
    private @Nullable Thread thread;
    private volatile boolean isStopped;
    /** Since the last sweep; the tick's own. */
    private int ticks;

    /**
     * Makes one that does not run yet.
     *
     * @param afterSweep done at the end of each sweep
     */
    public Collector(
            EndpointContext<E, C> context,
            EndpointRegistry<E, C> registry,
            ServeStep<E, C> serve,
            Backlog<E, C> backlog,
            Disposer<E, C> disposer,
            RepairStep<E, C> repair,
            PoolEvents<E> events,
            Runnable afterSweep) {
        this.context = context;
        this.registry = registry;
        this.backlog = backlog;
        this.disposer = disposer;
        this.afterSweep = afterSweep;
        this.tickPeriod = Periods.tick(context.settings, context.traits);
        long sweepPeriod = Periods.sweep(context.settings, tickPeriod);
        this.ticksPerSweep = (int) (sweepPeriod / tickPeriod);
        this.leaks = new LeakReports<>(events, context.settings.executors);
        this.sweep = new SweepStep<>(context, serve, sweepPeriod, leaks, repair);
        this.sweeping = context.timers.handingOn(this::sweepInTurn);
        this.relieving = context.timers.handingOn(this::relieve);
        this.retrying = context.timers.handingOn(disposer::retry);
    }

    public void start() {
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
            Thread.interrupted(); // it is interrupted by mistake only, and must not spin for that
            if (!isStopped) {
                tick();
            }
        }
    }

    /** The next tick is certain before this one leads to anything, or known to be missing. */
    private void round() {
        if (!isStopped) {
            try {
                scheduleNext();
            } finally {
                tick();
            }
        }
    }

    private void scheduleNext() {
        try {
            context.timers.scheduleInstant(this::round, tickPeriod);
        } catch (Throwable e) {
            scheduleAgain();
        }
    }

    private void scheduleAgain() {
        try {
            context.timers.scheduleInstant(this::round, tickPeriod); // there is no other collector: it must go on
        } catch (Throwable e) {
            broken.set(true);
            throw e;
        }
    }

    /**
     * By a request that takes the slow way, without a lock: where no timer could be had for the next tick, not even at the second
     * try, the ticks go on from here (I33).
     */
    public void goOnIfBroken() {
        if (broken.get() && broken.compareAndSet(true, false)) {
            try {
                scheduleNext();
            } catch (Throwable e) {
                LOG.debug("pool {}: no timer is available for the next tick", context.settings.name(), e);
                return;
            }
            context.retired.count(counters -> counters.repaired++);
        }
    }

    private void tick() {
        try {
            boolean wasLate = context.ticker.advance();
            if (disposer.hasWaiting() || !backlog.isEmpty()) {
                retrying.run();
            }
            ticks = wasLate ? ticksPerSweep : ticks + 1;
            // I33: while a sweep has its turn, ticks stays, and the next tick starts the one that is due
            if (ticks >= ticksPerSweep && turn.availablePermits() > 0) {
                ticks = 0;
                sweeping.run();
            }
            if (context.capacity.pressure() > 0) {
                relieving.run();
            }
        } catch (Throwable e) {
            failed(e);
        }
    }

    private void relieve() {
        var actions = new Actions();
        actions.add(context.outlet::relieve);
        actions.run();
    }

    private void sweepInTurn() {
        if (isStopped || !turn.tryAcquire()) {
            return;
        }
        sweeper = Thread.currentThread();
        try {
            sweepAll();
        } catch (Throwable e) {
            failed(e);
        } finally {
            sweeper = null;
            turn.release();
        }
    }

    @SuppressWarnings(
            "ThreadPriorityCheck") // nothing relies on it; but a virtual thread keeps its carrier until it yields
    private void sweepAll() {
        int swept = 0;
        guarded(sweep::begin);
        for (EndpointPool<E, C> pool : registry.all()) {
            guarded(() -> sweep.run(pool, context.ticker.current()));
            if (++swept % ENDPOINTS_PER_TURN == 0) {
                Thread.yield();
            }
        }
        leaks.send();
        guarded(afterSweep);
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
        LOG.error(
                "pool {}: a round of the collector failed; the next one runs as usual; please report this",
                context.settings.name(),
                e);
    }

    public void stop() {
        isStopped = true;
        Thread running = thread;
        if (running != null) {
            LockSupport.unpark(running);
        }
    }

    /** Waits for the thread and the sweep to end, unless the current thread is one of them or moves the clock itself. */
    public void join(long nanos) throws InterruptedException {
        Thread running = thread;
        Thread current = Thread.currentThread();
        if (running != null && running != current) {
            running.join(Math.max(1, nanos / 1_000_000));
        }
        if (sweeper != current && !context.clock.isManual() && turn.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
            turn.release();
        }
    }
}
