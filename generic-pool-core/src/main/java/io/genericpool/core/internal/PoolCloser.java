package io.genericpool.core.internal;

import io.genericpool.CloseReport;
import io.genericpool.core.internal.endpoint.AdminStep;
import io.genericpool.core.internal.endpoint.Backlog;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.flight.Flight;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.core.internal.report.PoolSnapshot;
import io.genericpool.core.internal.sweep.Collector;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Closes a pool by a deadline: fails those who wait, waits for leases, ends the rest under their holders, waits for the
 * disposals. The first caller does the work; others wait for its report.
 */
final class PoolCloser<E, C> {
    private static final SafeLog LOG = SafeLog.of(PoolCloser.class);

    /** The share of the time that is kept for disposing what did not come back. */
    private static final int RESERVE = 10;

    private final PoolParts<E, C> context;
    private final @Nullable Collector<E, C> collector;
    /** Threads that wait here, woken by each permit that comes back. */
    private final Queue<Thread> waiting;

    private volatile @Nullable Report report;
    private volatile int failedWaiters;
    private volatile int leasedAtStart;
    private volatile int revoked;
    private boolean wasInterrupted;
    /** An error has cut the work short: the next call does it again. */
    private final AtomicBoolean cutShort = new AtomicBoolean();
    /** The clock has failed to park a thread here. */
    private final AtomicBoolean hasRefused = new AtomicBoolean();

    public PoolCloser(PoolParts<E, C> context, @Nullable Collector<E, C> collector) {
        this.context = context;
        this.collector = collector;
        this.waiting = context.returns.waiting;
    }

    public CloseReport close(long timeout) {
        long now = context.ticker.exact();
        if (!context.registry.close(now) && !cutShort.compareAndSet(true, false)) {
            return awaitReport(now + timeout);
        }
        try {
            return work(now, timeout);
        } catch (Throwable e) {
            cutShort.set(true); // I48: all of it may be done twice
            throw e;
        }
    }

    private CloseReport work(long now, long timeout) {
        Flight.CloseSpan flight = context.flight.close();
        int inside = context.hookCalls.ownedSlots();
        context.stopTimers(collector);
        context.capacity.onRelease(context.returns::wake);
        closeAll();
        context.connector.withdrawWaiting();
        context.backlog.handOn();
        CompletableFuture<?> sharesBack = context.shares.close(Nanos.toDuration(timeout));
        long deadline = now + timeout;
        long reserve = Math.min(timeout / RESERVE, context.settings.disposeTimeout);
        if (!awaitEmpty(inside, deadline - reserve)) {
            revoked = revokeAll();
            context.calls.endResets();
            if (!awaitEmpty(inside, deadline)) {
                context.calls.interruptAll();
            }
        }
        awaitShares(sharesBack, deadline);
        context.governor.stopObserving();
        context.endObservation();
        joinCollector(deadline);
        context.calls.close();
        Report done = currentReport(inside);
        report = done;
        wake();
        if (flight != null) {
            flight.commit(context.settings.name(), done);
        }
        tell(done);
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
        return done;
    }

    /** I48: an error at one endpoint must not leave the others open, where the fast path goes on to lend. */
    private void closeAll() {
        int waited = failedWaiters; // of a close that was cut short
        int leased = 0;
        var slice = new Backlog.Slice();
        for (EndpointPool<E, C> pool : context.registry.all()) {
            AdminStep.Closed found = closeSurely(pool, slice);
            if (found != null) {
                waited += found.waiters();
                leased += found.leases();
            }
        }
        failedWaiters = waited;
        leasedAtStart = Math.max(leasedAtStart, leased);
    }

    private AdminStep.@Nullable Closed closeSurely(EndpointPool<E, C> pool, Backlog.Slice slice) {
        try {
            return context.admin.close(pool, slice);
        } catch (Throwable e) {
            return closeAgain(pool, slice, e);
        }
    }

    private AdminStep.@Nullable Closed closeAgain(EndpointPool<E, C> pool, Backlog.Slice slice, Throwable before) {
        try {
            LOG.debug("pool {}: the close of an endpoint failed; it is tried again", context.settings.name(), before);
            return context.admin.close(pool, slice);
        } catch (Throwable e) {
            cutShort.set(true);
            LOG.error("pool {}: an endpoint failed to close; call close again", context.settings.name(), e);
            return null;
        }
    }

    private int revokeAll() {
        int taken = 0;
        var slice = new Backlog.Slice();
        for (EndpointPool<E, C> pool : context.registry.all()) {
            taken += revokeSurely(pool, slice);
        }
        context.backlog.handOn();
        return taken;
    }

    private int revokeSurely(EndpointPool<E, C> pool, Backlog.Slice slice) {
        try {
            return context.admin.revoke(pool, slice);
        } catch (Throwable e) {
            LOG.debug("pool {}: leases of an endpoint stay; they are revoked again", context.settings.name(), e);
            return context.admin.revoke(pool, slice);
        }
    }

    /** What was taken from its holder, or has not ended, is for an operator to know. */
    private void tell(Report done) {
        if (done.isClean()) {
            context.log.closed(done);
        } else {
            LOG.warn(
                    "pool {} is closed, but some of its leases or calls did not end in time: {}",
                    context.settings.name(),
                    done);
        }
    }

    /** @return whether nothing is left but what the closing thread itself is inside of */
    private boolean awaitEmpty(int inside, long deadline) {
        Thread current = Thread.currentThread();
        waiting.add(current);
        try {
            for (; ; ) {
                // I6, before the look: a clock that takes a lock may swallow the unpark that comes meanwhile
                long left = deadline - context.ticker.exact();
                if (context.capacity.used() <= inside) {
                    return true;
                }
                if (left <= 0 || wasInterrupted) {
                    return false;
                }
                park(left);
                wasInterrupted |= Thread.interrupted();
            }
        } finally {
            waiting.remove(current);
        }
    }

    /** The last call that gives shares back: a process that ends before it would keep them for a lease. */
    private void awaitShares(CompletableFuture<?> ended, long deadline) {
        if (ended.isDone()
                || context.capacity.used() > 0
                || context.snapshots.ofPool().abandoned() > 0) {
            return;
        }
        Thread current = Thread.currentThread();
        waiting.add(current);
        try {
            CompletionStage<?> unused = ended.whenComplete((result, failure) -> wake());
            for (long left = deadline - context.ticker.exact();
                    !ended.isDone() && left > 0 && !wasInterrupted;
                    left = deadline - context.ticker.exact()) {
                park(left);
                wasInterrupted |= Thread.interrupted();
            }
        } finally {
            waiting.remove(current);
        }
    }

    private CloseReport awaitReport(long deadline) {
        int inside = context.hookCalls.ownedSlots();
        Thread current = Thread.currentThread();
        boolean interrupted = false;
        waiting.add(current);
        try {
            for (; ; ) {
                long left = deadline - context.ticker.exact(); // before the look, as above
                Report done = report;
                if (done != null) {
                    return done;
                }
                if (left <= 0 || inside > 0 || interrupted) {
                    return currentReport(inside);
                }
                park(left);
                interrupted = Thread.interrupted();
            }
        } finally {
            waiting.remove(current);
            if (interrupted) {
                current.interrupt();
            }
        }
    }

    /** A clock that refuses once does not end the close; one that does so again may never move on. */
    private void park(long left) {
        try {
            context.clock.park(this, left);
        } catch (RuntimeException e) {
            if (!hasRefused.compareAndSet(false, true)) {
                throw e;
            }
            LOG.debug("pool {}: the clock failed to park the closing thread", context.settings.name(), e);
        }
    }

    private void joinCollector(long deadline) {
        if (collector == null) {
            return;
        }
        try {
            collector.join(Math.max(0, deadline - context.ticker.exact()));
        } catch (InterruptedException e) {
            wasInterrupted = true;
        }
    }

    private void wake() {
        context.returns.wake();
    }

    private Report currentReport(int inside) {
        PoolSnapshot stats = context.snapshots.ofPool();
        int unended = Math.max(0, stats.total() - stats.leased() - inside) + stats.abandoned();
        int returned = Math.max(0, leasedAtStart - revoked - stats.leased());
        long took = context.ticker.exact() - context.registry.closedAt();
        return new Report(returned, revoked, failedWaiters, unended, Duration.ofNanos(took));
    }

    private static final class Report implements CloseReport {
        private final int returned;
        private final int revoked;
        private final int failedWaiters;
        private final int abandoned;
        private final Duration duration;

        Report(int returned, int revoked, int failedWaiters, int abandoned, Duration duration) {
            this.returned = returned;
            this.revoked = revoked;
            this.failedWaiters = failedWaiters;
            this.abandoned = abandoned;
            this.duration = duration;
        }

        @Override
        public int returned() {
            return returned;
        }

        @Override
        public int revoked() {
            return revoked;
        }

        @Override
        public int failedWaiters() {
            return failedWaiters;
        }

        @Override
        public int abandoned() {
            return abandoned;
        }

        @Override
        public Duration duration() {
            return duration;
        }

        @Override
        public String toString() {
            return "returned=" + returned + ", revoked=" + revoked + ", failedWaiters=" + failedWaiters + ", abandoned="
                    + abandoned + ", duration=" + Nanos.text(duration);
        }
    }
}
