package io.genericpool.core.internal;

import org.jspecify.annotations.Nullable;

/**
 * How a request that the fast path could not serve comes and goes: it is granted, refused or queued, or withdrawn by its
 * requester; and one that does not wait looks for a connection here. Takes the endpoint's lock, and runs no code of anybody
 * else under it.
 */
final class RequestStep<E, C> {
    private final PoolContext<E, C> context;

    RequestStep(PoolContext<E, C> context) {
        this.context = context;
    }

    /**
     * Begins a request: grants it, refuses it or queues it, and serves the endpoint.
     *
     * @return false when the endpoint has left the pool, so that it must be looked up again
     */
    boolean enter(EndpointPool<E, C> pool, Waiter<E, C> waiter, Actions actions) {
        pool.lock();
        try {
            if (pool.has(EndpointPool.REMOVED)) {
                return false;
            }
            long now = pool.now();
            pool.slowAcquires++;
            pool.touch(now);
            Failure refusal = admit(pool, waiter, now, actions);
            if (refusal != null) {
                waiter.tryFail(refusal);
                if (refusal.kind == Failure.Kind.TIMEOUT) {
                    pool.counters().timedOut++;
                } else {
                    pool.counters().rejected++;
                }
            }
            context.serve.run(pool, waiter, now, actions);
            if (pool.isTooMany(waiter, now)) {
                // Where it lacks a permit only, one may be on its way once the actions of this step have run.
                waiter.mayBeTooMany = pool.wanted() > 0;
                if (!waiter.mayBeTooMany) {
                    turnAway(pool, waiter, actions);
                }
            }
        } finally {
            pool.unlock();
        }
        return true;
    }

    /** After the actions of its arrival: a request beyond {@code maxWaiters} for which nothing was found fails. */
    void confirm(EndpointPool<E, C> pool, Waiter<E, C> waiter) {
        if (waiter.mayBeTooMany) {
            waiter.mayBeTooMany = false;
            pool.step(actions -> {
                if (pool.isTooMany(waiter, pool.now())) {
                    turnAway(pool, waiter, actions);
                }
            });
        }
    }

    private void turnAway(EndpointPool<E, C> pool, Waiter<E, C> waiter, Actions actions) {
        pool.fail(waiter, Failure.of(Failure.Kind.TOO_MANY_WAITERS), actions);
        pool.serveLocked(actions);
    }

    /** Under the lock: grants or queues. @return why not, if neither */
    private @Nullable Failure admit(EndpointPool<E, C> pool, Waiter<E, C> waiter, long now, Actions actions) {
        if (pool.has(EndpointPool.CLOSED)) {
            return Failure.of(Failure.Kind.CLOSED);
        }
        if (pool.isSuspendedToFail()) {
            return Failure.of(Failure.Kind.SUSPENDED);
        }
        boolean mayTakeIdle = !waiter.isNewOnly && !pool.isSuspended() && pool.queue.first() == null;
        if (mayTakeIdle && context.serve.giveIdle(pool, waiter, actions)) {
            return null;
        }
        Failure refusal = pool.isSuspended() ? null : pool.refusal(waiter, now);
        if (refusal != null) {
            return refusal;
        }
        boolean mayCheckAtOnce = mayTakeIdle && context.checker.isInstant && context.serve.staleIdle(pool) != null;
        if (waiter.timeout == 0 && !mayCheckAtOnce) {
            return Failure.of(Failure.Kind.TIMEOUT);
        }
        waiter.sequence = ++pool.sequence;
        pool.joinQueue(waiter);
        // Before anybody looks for idle slots: a release that misses it is seen by that look.
        pool.setAttention(EndpointPool.WAITERS, true);
        return null;
    }

    /** A requester has decided to leave ({@link Waiter#tryLeave} succeeded): what was meant for him is handed on. */
    void withdraw(EndpointPool<E, C> pool, Waiter<E, C> waiter) {
        pool.step(actions -> {
            if (waiter.state() == Waiter.TIMED_OUT) {
                pool.counters().timedOut++;
            } else {
                pool.counters().cancelled++;
            }
            pool.leaveQueue(waiter);
            pool.serveLocked(actions);
        });
    }

    /** Something was thrown on the way of a request: whatever has come of it so far is undone. */
    void giveUp(EndpointPool<E, C> pool, Waiter<E, C> waiter) {
        if (waiter.tryLeave(Waiter.CANCELLED)) {
            pool.step(actions -> {
                if (waiter.isQueued) {
                    pool.counters().cancelled++;
                    pool.leaveQueue(waiter);
                }
                pool.serveLocked(actions);
            });
        } else if (waiter.state() == Waiter.DELIVERED) {
            var actions = new Actions();
            context.hooks.giveBackUnseen(waiter.lease(), counters -> counters.cancelled++, actions);
            actions.run();
        }
    }

    /** Leases an idle connection the slow way, without waiting. */
    @Nullable
    SlotLease<E, C> tryLease(EndpointPool<E, C> pool) {
        var taken = new Taken<E, C>();
        pool.step(actions -> {
            if (!pool.has(EndpointPool.SUSPENDED | EndpointPool.CLOSED | EndpointPool.REMOVED)
                    && pool.queue.first() == null) {
                long unused = pool.now(); // finds out a late tick
                taken.lease = context.serve.takeUsable(pool, actions);
            }
        });
        SlotLease<E, C> lease = taken.lease;
        if (lease != null) {
            stampLease(lease.slot);
        }
        return lease;
    }

    /** What a step has found. */
    private static final class Taken<E, C> {
        @Nullable
        SlotLease<E, C> lease;
    }

    /** Claims an idle connection for a check that its caller makes at once; null when there is none or somebody waits. */
    @Nullable
    Slot<E, C> claimStale(EndpointPool<E, C> pool) {
        pool.lock();
        try {
            if (pool.has(EndpointPool.SUSPENDED | EndpointPool.CLOSED | EndpointPool.REMOVED)
                    || pool.queue.first() != null) {
                return null;
            }
            long unused = pool.now(); // finds out a late tick
            Slot<E, C> stale = context.serve.staleIdle(pool);
            return stale != null && stale.tryCheck() ? stale : null;
        } finally {
            pool.unlock();
        }
    }

    /** The connection that was claimed is alive: leases it, unless somebody waits by now or a signal came. */
    @Nullable
    SlotLease<E, C> leaseChecked(EndpointPool<E, C> pool, Slot<E, C> slot) {
        pool.lock();
        try {
            if (!pool.has(EndpointPool.SUSPENDED | EndpointPool.CLOSED) && pool.queue.first() == null) {
                long word = slot.nextLease();
                SlotLease<E, C> lease = word == 0 ? null : new SlotLease<>(slot, word);
                stampLease(slot);
                if (lease != null && slot.tryLeaseAs(word)) {
                    return lease;
                }
            }
        } finally {
            pool.unlock();
        }
        pool.offer(slot);
        return null;
    }

    private void stampLease(Slot<E, C> slot) {
        EndpointPool.stampLease(
                slot, context.ticker.coarse(), Thread.currentThread().getId());
    }
}
