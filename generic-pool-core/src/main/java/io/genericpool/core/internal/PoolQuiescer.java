package io.genericpool.core.internal;

import io.genericpool.QuiesceReport;
import io.genericpool.SuspendMode;
import io.genericpool.core.internal.endpoint.Backlog;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.report.PoolSnapshot;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings a pool to rest and lets it go on. Any number of threads may do either at once: what was said last holds for every
 * endpoint (I51), and each thread waits for itself.
 */
final class PoolQuiescer<E, C> {
    private final PoolParts<E, C> context;

    /** How often the rest was begun or ended, and up to which of these all endpoints were told. */
    private final AtomicLong changes = new AtomicLong();

    private final AtomicLong told = new AtomicLong();

    PoolQuiescer(PoolParts<E, C> context) {
        this.context = context;
    }

    QuiesceReport quiesce(SuspendMode mode, long timeout) {
        long start = context.ticker.exact();
        int inside = context.hookCalls.ownedSlots();
        context.capacity.onRelease(context.returns::wake);
        long change = changes.incrementAndGet();
        context.registry.rest(mode);
        tellEndpoints(change);
        context.connector.withdrawWaiting();
        boolean isStillAtRest = awaitEmpty(inside, start + timeout);
        var report = report(isStillAtRest, start);
        context.log.quiesced(report);
        return report;
    }

    void end() {
        if (context.registry.rest() == null && told.get() >= changes.get()) {
            return;
        }
        // Where another thread has ended the rest and is still telling the endpoints, or has failed to, this one tells
        // them.
        long change = changes.incrementAndGet();
        context.registry.rest(null);
        try {
            context.governor.forgetAll();
        } finally {
            try {
                tellEndpoints(change);
            } finally {
                context.returns.wake();
            }
        }
        context.log.goesOn();
    }

    /** What an error keeps from one endpoint must not be kept from the others; it gets a second try. */
    private void tellEndpoints(long change) {
        var slice = new Backlog.Slice();
        Throwable failure = null;
        for (EndpointPool<E, C> pool : context.registry.all()) {
            try {
                context.admin.rest(pool, context.registry::rest, slice);
            } catch (Throwable e) {
                try {
                    context.admin.rest(pool, context.registry::rest, slice);
                } catch (Throwable again) {
                    failure = again;
                }
            }
        }
        context.backlog.handOn();
        if (failure == null) {
            told.accumulateAndGet(change, Math::max);
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure; // nothing else is declared
        }
    }

    /** @return whether the pool is still at rest */
    private boolean awaitEmpty(int inside, long deadline) {
        Thread current = Thread.currentThread();
        boolean interrupted = false;
        context.returns.waiting.add(current);
        try {
            for (; ; ) {
                // I6, before the looks: a clock that takes a lock may swallow the unpark that comes meanwhile
                long left = deadline - context.ticker.exact();
                boolean isAtRest = context.registry.rest() != null;
                if (!isAtRest || context.capacity.used() <= inside || left <= 0 || interrupted) {
                    return isAtRest;
                }
                context.clock.park(this, left);
                interrupted = Thread.interrupted();
            }
        } finally {
            context.returns.waiting.remove(current);
            if (interrupted) {
                current.interrupt();
            }
        }
    }

    private Report report(boolean isStillAtRest, long start) {
        PoolSnapshot stats = context.snapshots.ofPool();
        return new Report(
                stats.total(),
                stats.leased(),
                stats.abandoned(),
                Duration.ofNanos(context.ticker.exact() - start),
                isStillAtRest && stats.total() == 0 && stats.abandoned() == 0);
    }

    private record Report(int open, int leased, int abandoned, Duration duration, boolean isQuiet)
            implements QuiesceReport {
        @Override
        public String toString() {
            return "open=" + open + ", leased=" + leased + ", abandoned=" + abandoned + ", duration="
                    + Nanos.text(duration) + (isQuiet ? "" : ", not quiet");
        }
    }
}
