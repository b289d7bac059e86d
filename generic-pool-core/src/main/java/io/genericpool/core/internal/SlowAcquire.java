package io.genericpool.core.internal;

import io.genericpool.DisposeReason;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.EndpointRegistry;
import io.genericpool.core.internal.endpoint.RequestStep;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.queue.Waiter;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotLease;
import io.genericpool.core.internal.sweep.Collector;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An acquire that the fast path could not serve: the endpoint joins if need be, the request enters, its caller waits or
 * gets a future, and the outcome becomes a lease or an exception. What happens under the lock is {@link RequestStep}.
 */
final class SlowAcquire<E, C> {
    /** So many connections that turn out to be dead end an acquire that does not wait: it has found nothing then. */
    static final int MOST_CHECKED = 16;

    private final PoolParts<E, C> context;
    private final EndpointRegistry<E, C> registry;
    private final EndpointLookup<E, C> lookup;
    private final RequestStep<E, C> requests;

    private final @Nullable Collector<E, C> collector;

    public SlowAcquire(PoolParts<E, C> context, EndpointLookup<E, C> lookup, @Nullable Collector<E, C> collector) {
        this.collector = collector;
        this.context = context;
        this.registry = context.registry;
        this.lookup = lookup;
        this.requests = context.requests;
    }

    /** Waits for a connection, with the deadline running from now. */
    public Lease<E, C> await(E endpoint, long timeout, boolean isNewOnly) {
        Objects.requireNonNull(endpoint, "endpoint");
        long now = context.ticker.exact();
        var waiter = new ParkedWaiter<>(context, isNewOnly, now, timeout);
        waiter.flight = context.flight.acquire();
        EndpointPool<E, C> pool = enter(endpoint, waiter, ignored -> {});
        try {
            requests.confirm(pool, waiter);
            context.events.waits(pool, waiter);
            waiter.await(pool);
            if (waiter.state() == Waiter.DELIVERED) {
                return granted(pool, waiter);
            }
        } catch (Throwable e) { // a clock that refuses; memory that is full
            // I23: afterwards it is not queued and holds no lease
            requests.giveUp(pool, waiter);
            throw e;
        }
        throw failed(
                pool,
                waiter,
                waiter.state() == Waiter.CANCELLED
                        ? context.failures.interrupted(pool, waiter, new InterruptedException())
                        : context.failures.of(pool, waiter));
    }

    /** On the thread that has waited: the lease that was delivered becomes what the caller gets. */
    Lease<E, C> granted(EndpointPool<E, C> pool, ParkedWaiter<E, C> waiter) {
        SlotLease<E, C> lease = waiter.lease();
        context.events.waited(pool, waiter, null);
        if (!lease.isActive()) {
            PoolException closed = context.failures.closed(pool.endpoint, waiter.timeout);
            tellFailed(pool, waiter, closed);
            throw closed;
        }
        try {
            lease.slot.holder = waiter.threadId();
            return context.hooks.prepare(lease, waiter, waiter.timeout);
        } catch (Throwable e) {
            context.hooks.endLost(lease, e);
            throw e;
        }
    }

    /** On the thread that has waited: tells that there is no lease. */
    PoolException failed(EndpointPool<E, C> pool, ParkedWaiter<E, C> waiter, PoolException failure) {
        context.events.waited(pool, waiter, failure);
        tellFailed(pool, waiter, failure);
        context.states.afterFailure(failure);
        context.releaseCollector.afterRelease();
        return failure;
    }

    private void tellFailed(EndpointPool<E, C> pool, Waiter<E, C> waiter, PoolException failure) {
        long took = context.ticker.exact() - waiter.startedAt;
        context.events.acquireFailed(pool, took, waiter.hasWaited(), failure);
    }

    /** Requests a connection for a future, with the deadline running from now. */
    public LeaseFuture<E, C> enter(E endpoint, long timeout, boolean isNewOnly) {
        var waiter = new FutureWaiter<>(context, isNewOnly, context.ticker.exact(), timeout);
        waiter.flight = context.flight.acquire();
        EndpointPool<E, C> pool = enter(endpoint, waiter, waiter::moveTo);
        try {
            requests.confirm(pool, waiter);
            context.events.waits(pool, waiter);
            waiter.entered();
            context.releaseCollector.afterRelease();
        } catch (Throwable e) {
            requests.giveUp(pool, waiter);
            throw e;
        }
        return waiter.future;
    }

    /** Before a request enters: time must not stand still. */
    void goOnIfBroken() {
        if (collector != null) {
            collector.goOnIfBroken();
        }
    }

    /** The request enters an endpoint that is in the pool, and what follows from that is done; a refusal counts. */
    private EndpointPool<E, C> enter(E endpoint, Waiter<E, C> waiter, Consumer<EndpointPool<E, C>> before) {
        goOnIfBroken();
        try {
            return lookup.at(endpoint, waiter.timeout, pool -> {
                before.accept(pool);
                return tryEnter(pool, waiter) ? pool : null;
            });
        } catch (PoolException e) {
            context.endpoints.retired.count(counters -> {
                counters.slowAcquires++;
                counters.rejected++;
            });
            throw e;
        }
    }

    private static void runAll(Actions actions) {
        try {
            actions.run();
        } catch (Throwable e) {
            actions.run(); // those that are left
            throw e;
        }
    }

    private boolean tryEnter(EndpointPool<E, C> pool, Waiter<E, C> waiter) {
        var actions = new Actions();
        try {
            try {
                return requests.enter(pool, waiter, actions);
            } finally {
                runAll(actions);
            }
        } catch (Throwable e) { // memory that is full
            requests.giveUp(pool, waiter);
            throw e;
        }
    }

    /** Leases an idle connection without waiting, after a check if one can be made at once; null when there is none. */
    @Nullable
    SlotLease<E, C> tryIdle(E endpoint) {
        if (registry.isClosed()) {
            throw context.failures.closed(endpoint, 0);
        }
        EndpointPool<E, C> pool = registry.find(endpoint);
        return pool == null ? null : tryIdle(pool);
    }

    private @Nullable SlotLease<E, C> tryIdle(EndpointPool<E, C> pool) {
        SlotLease<E, C> lease = requests.tryLease(pool);
        for (int checked = 0; lease == null && context.traits.checksInstantly && checked < MOST_CHECKED; checked++) {
            Slot<E, C> stale = requests.claimStale(pool);
            if (stale == null) {
                return null;
            }
            if (context.checker.isAliveNow(stale)) {
                context.checker.stampAlive(stale);
                return requests.leaseChecked(pool, stale);
            }
            context.steps.discard(stale, DisposeReason.DEAD);
        }
        return lease;
    }
}
