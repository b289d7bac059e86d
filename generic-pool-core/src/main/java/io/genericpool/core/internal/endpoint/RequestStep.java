package io.genericpool.core.internal.endpoint;

import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.queue.Failure;
import io.genericpool.core.internal.queue.GroupTicket;
import io.genericpool.core.internal.queue.Waiter;
import io.genericpool.core.internal.queue.WaiterQueue;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotLease;
import org.jspecify.annotations.Nullable;

/**
 * How a request that the fast path could not serve comes and goes: it is granted, refused or queued, or withdrawn by its
 * requester; and one that does not wait looks for a connection here. Takes the endpoint's lock, and runs no code of any caller
 * else under it.
 */
public final class RequestStep<E, C> {
    private final EndpointContext<E, C> context;
    private final ServeStep<E, C> serve;
    private final EndpointSteps<E, C> steps;

    public RequestStep(EndpointContext<E, C> context, ServeStep<E, C> serve, EndpointSteps<E, C> steps) {
        this.context = context;
        this.serve = serve;
        this.steps = steps;
    }

    /**
     * Begins a request: grants it, refuses it or queues it, and serves the endpoint.
     *
     * @return false when the endpoint has left the pool, so that it must be looked up again
     */
    public boolean enter(EndpointPool<E, C> pool, Waiter<E, C> waiter, Actions actions) {
        pool.lock();
        try {
            if (pool.has(EndpointPool.REMOVED)) {
                return false;
            }
            pool.withdrawLeft(pool.queue); // those that have left and wait for the lock do not count
            Step<E, C> step = Step.of(pool, actions);
            step.arriving = waiter;
            if (waiter.isTicket()) {
                pool.touch(step.now); // its request counts once, at its end
            } else {
                pool.countSlowAcquire(step.now);
            }
            Failure refusal = admit(step, waiter);
            if (refusal != null) {
                waiter.tryFail(refusal);
                countRefusal(pool, waiter, refusal);
            }
            serve.run(step);
            // I24: after the step of its own arrival, which has covered all that it could
            if (pool.isTooMany(waiter, step.now)) {
                // Where it lacks a permit only, one may be on its way once the actions of this step have run.
                waiter.mayBeTooMany = pool.wanted() > 0;
                if (!waiter.mayBeTooMany) {
                    turnAway(step, waiter);
                }
            }
        } finally {
            pool.unlock();
        }
        return true;
    }

    private static void countRefusal(EndpointPool<?, ?> pool, Waiter<?, ?> waiter, Failure refusal) {
        if (waiter.isTicket()) {
            return;
        }
        if (refusal.kind == Failure.Kind.TIMEOUT) {
            pool.counters().timedOut++;
        } else {
            pool.counters().rejected++;
        }
    }

    /** After the actions of its arrival: a request beyond {@code maxWaiters} for which nothing was found fails. */
    public void confirm(EndpointPool<E, C> pool, Waiter<E, C> waiter) {
        if (waiter.mayBeTooMany) {
            pool.step(actions -> confirmLocked(pool, waiter, actions));
        }
    }

    /** As {@link #confirm(EndpointPool, Waiter)}, as one of the actions of the step of its arrival. */
    public void confirm(EndpointPool<E, C> pool, GroupTicket<E, C> ticket, Actions actions) {
        pool.lock();
        try {
            confirmLocked(pool, ticket, actions);
        } finally {
            pool.unlock();
        }
    }

    private void confirmLocked(EndpointPool<E, C> pool, Waiter<E, C> waiter, Actions actions) {
        waiter.mayBeTooMany = false;
        pool.withdrawLeft(pool.queue);
        Step<E, C> step = Step.of(pool, actions);
        if (pool.isTooMany(waiter, step.now)) {
            turnAway(step, waiter);
        }
    }

    private void turnAway(Step<E, C> step, Waiter<E, C> waiter) {
        step.endpoint.fail(waiter, Failure.of(Failure.Kind.TOO_MANY_WAITERS), step.actions);
        serve.run(step);
    }

    /** Under the lock: grants or queues. @return why not, if neither */
    private @Nullable Failure admit(Step<E, C> step, Waiter<E, C> waiter) {
        EndpointPool<E, C> pool = step.endpoint;
        if (pool.has(EndpointPool.CLOSED)) {
            return Failure.of(Failure.Kind.CLOSED);
        }
        if (pool.isSuspendedToFail()) {
            return Failure.of(Failure.Kind.SUSPENDED);
        }
        boolean mayTakeIdle = !waiter.isNewOnly && !pool.isSuspended() && serve.overtaking.allowsNewcomers(step);
        if (mayTakeIdle && serve.giveIdle(step, waiter)) {
            return null;
        }
        Failure refusal = pool.isSuspended() ? null : pool.refusal(waiter, step.now);
        if (refusal != null && !isMet(waiter, refusal)) {
            return refusal;
        }
        boolean mayCheckAtOnce = mayTakeIdle && context.traits.checksInstantly && serve.staleIdle(step) != null;
        if (waiter.timeout == 0 && !mayCheckAtOnce) {
            return Failure.of(Failure.Kind.TIMEOUT);
        }
        pool.joinQueue(waiter);
        // I6: before any look for idle slots, so that the look finds what a release that missed the bit made idle.
        pool.setAttention(EndpointPool.WAITERS, true);
        return null;
    }

    /** A request that was woken without a connection looks for one. */
    public void lookAgain(EndpointPool<E, C> pool, Waiter<E, C> waiter) {
        pool.step(actions -> {
            Step<E, C> step = Step.of(pool, actions);
            step.arriving = waiter;
            serve.run(step);
        });
    }

    /**
     * A requester has decided to leave ({@link Waiter#tryLeave} succeeded): what was meant for it is handed on. Where many leave
     * at the same moment, the first one does that for all, and the others do not wait for the lock.
     */
    public void withdraw(EndpointPool<E, C> pool, Waiter<E, C> waiter) {
        // I49: one step for all that are noted
        if (waiter.noteLeft() || !pool.isLocked()) {
            try {
                pool.step(actions -> withdrawAll(pool, waiter, actions));
            } catch (Throwable e) {
                pool.step(actions -> withdrawAll(pool, waiter, actions)); // those that are left, and serves
                throw e;
            }
        }
    }

    /** Under the lock: all that have left the queue of this one. Another step may have withdrawn them, and this one serves. */
    public void withdrawAll(EndpointPool<E, C> pool, Waiter<E, C> waiter, Actions actions) {
        WaiterQueue<E, C> from = waiter.queuedIn();
        if (from != null) {
            pool.withdrawLeft(from);
        }
        serve.run(Step.of(pool, actions));
    }

    // ---- requests of groups

    /** A ticket waits all the same, because another member may serve its request: others may leave a connection here. */
    private static <E, C> boolean isMet(Waiter<E, C> waiter, Failure refusal) {
        return waiter.timeout > 0 && waiter instanceof GroupTicket<E, C> ticket && ticket.tryMeet(refusal);
    }

    /** A request of a group has a free turn: a connect that is in flight for none in particular is for this ticket now. */
    public void adopt(EndpointPool<E, C> pool, GroupTicket<E, C> ticket, Actions actions) {
        pool.lock();
        try {
            if (pool.attempts.size() > 0 && ticket.isQueued && ticket.isWaiting() && ticket.cover == null) {
                serve.adopt(pool, ticket, actions);
            }
        } finally {
            pool.unlock();
        }
    }

    /** A request of a group has a free turn: something is started for this ticket, if that is possible. */
    public void offerTurn(EndpointPool<E, C> pool, GroupTicket<E, C> ticket, Actions actions) {
        pool.lock();
        try {
            pool.queue.hope(ticket);
            serve.run(Step.of(pool, actions));
        } finally {
            pool.unlock();
        }
    }

    /**
     * What a ticket has started takes too long: others of its request have the turn, although it goes on.
     *
     * @param whileUncovered also where nothing is started for it yet, because it waits for a permit
     */
    public boolean takeTurnFrom(
            EndpointPool<E, C> pool, GroupTicket<E, C> ticket, boolean whileUncovered, Actions actions) {
        pool.lock();
        try {
            boolean isTaken =
                    ticket.isQueued && (whileUncovered || ticket.cover != null) && pool.queue.giveTurnBack(ticket);
            if (!isTaken) {
                return false;
            }
            pool.queue.setAside(ticket);
            serve.run(Step.of(pool, actions)); // it wants no permit any more
            return true;
        } finally {
            pool.unlock();
        }
    }

    /**
     * All tickets of a request have been in trouble. Tells whether something is on its way for this one all the same, or its
     * member may connect again: then it is out of trouble.
     */
    public boolean isHopeful(EndpointPool<E, C> pool, GroupTicket<E, C> ticket) {
        pool.lock();
        try {
            if (!ticket.isQueued) {
                return false;
            }
            boolean mayConnect = !ticket.isSpent() && (pool.isSuspended() || pool.refusal(ticket, pool.now()) == null);
            if (mayConnect) {
                ticket.endTrouble();
            }
            return mayConnect || ticket.cover != null;
        } finally {
            pool.unlock();
        }
    }

    /** The request of a ticket has an outcome: the ticket leaves its queue, as {@link #withdraw} has it. */
    public void withdraw(EndpointPool<E, C> pool, GroupTicket<E, C> ticket, Actions actions) {
        if (ticket.noteLeft() || !pool.isLocked()) {
            pool.lock();
            try {
                withdrawAll(pool, ticket, actions);
            } finally {
                pool.unlock();
            }
        }
    }

    /** Something was thrown on the way of a request: whatever has come of it so far is undone. */
    public void giveUp(EndpointPool<E, C> pool, Waiter<E, C> waiter) {
        // I23: it leaves the queue, or gives back what was delivered
        if (waiter.tryLeave(Waiter.CANCELLED)) {
            pool.step(actions -> {
                if (waiter.sequence > 0) { // was queued; a walk may have unlinked it
                    pool.count(counters -> counters.cancelled++);
                    pool.leaveQueue(waiter);
                }
                serve.run(Step.of(pool, actions));
            });
        } else if (waiter.state() == Waiter.DELIVERED) {
            var actions = new Actions();
            steps.giveBackUnseen(waiter.lease(), counters -> counters.cancelled++, actions);
            actions.run();
        }
    }

    /** Leases an idle connection the slow way, without waiting. */
    public @Nullable SlotLease<E, C> tryLease(EndpointPool<E, C> pool) {
        SlotLease<E, C> lease = pool.decide(actions -> {
            if (pool.has(EndpointPool.SUSPENDED | EndpointPool.CLOSED | EndpointPool.REMOVED)) {
                return null;
            }
            Step<E, C> step = Step.of(pool, actions); // finds out a late tick
            if (!serve.overtaking.allowsNewcomers(step)) {
                return null;
            }
            SlotLease<E, C> taken = serve.takeUsable(step);
            if (step.mayRelieve) {
                serve.run(step);
            }
            return taken;
        });
        if (lease != null) {
            stampLease(lease.slot);
        }
        return lease;
    }

    /** Claims an idle connection for a check that its caller makes at once; null when there is none or a request waits. */
    public @Nullable Slot<E, C> claimStale(EndpointPool<E, C> pool) {
        return pool.decide(actions -> {
            if (pool.has(EndpointPool.SUSPENDED | EndpointPool.CLOSED | EndpointPool.REMOVED)
                    || pool.queue.first() != null) {
                return null;
            }
            // finds out a late tick
            Slot<E, C> stale = serve.staleIdle(Step.of(pool, actions));
            return stale != null && stale.tryCheck() ? stale : null;
        });
    }

    /** The connection that was claimed is alive: leases it, unless a request waits by now or a signal came. */
    public @Nullable SlotLease<E, C> leaseChecked(EndpointPool<E, C> pool, Slot<E, C> slot) {
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
        steps.offer(slot);
        return null;
    }

    private void stampLease(Slot<E, C> slot) {
        EndpointPool.stampLease(
                slot, context.ticker.coarse(), Thread.currentThread().getId());
    }
}
