package io.genericpool.core.internal.endpoint;

import io.genericpool.DisposeReason;
import io.genericpool.core.internal.capacity.SlotTable;
import io.genericpool.core.internal.capacity.TotalCapacity;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotLease;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What comes back to an endpoint, and what must go: each is one step under its lock, after which it is served. */
public final class EndpointSteps<E, C> {
    /** So many connections one thread begins to dispose for others before it hands on. */
    private static final int MOST_RELIEVED = 64;

    private final EndpointContext<E, C> context;
    private final ServeStep<E, C> serve;
    private final OfferStep<E, C> offer;

    public EndpointSteps(EndpointContext<E, C> context, ServeStep<E, C> serve) {
        this.context = context;
        this.serve = serve;
        this.offer = serve.offer;
    }

    /** A slot owned by the caller can serve again: released, reset or checked. */
    public void offer(Slot<E, C> slot) {
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        pool.step(actions -> offer.run(Step.of(pool, actions), slot, null));
    }

    /** As {@link #offer(Slot)}, as one of the actions of a step that is under way. */
    public void offer(Slot<E, C> slot, Actions actions) {
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        pool.lock();
        try {
            offer.run(Step.of(pool, actions), slot, null);
        } finally {
            pool.unlock();
        }
    }

    /** A slot has become idle while a request asked for attention. */
    public void offerAgain(EndpointPool<E, C> pool, Slot<E, C> slot) {
        pool.step(actions -> {
            if (slot.tryMove(Slot.IDLE, Slot.PENDING)) {
                offer.run(Step.of(pool, actions), slot, null);
            } else {
                serveLocked(pool, actions);
            }
        });
    }

    /** A slot owned by the caller must go. */
    public void discard(Slot<E, C> slot, DisposeReason reason) {
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        pool.step(actions -> {
            pool.dispose(slot, reason, null, actions);
            serveLocked(pool, actions);
        });
    }

    /** A signal was raised on an idle slot: it goes at once. */
    public void discardFlagged(Slot<E, C> slot) {
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        pool.step(actions -> {
            DisposeReason reason = Slot.flagged(slot.word());
            if (reason != null) {
                disposeIdle(pool, slot, reason, 0, actions);
            }
        });
    }

    /** The slot is wanted for something else, or has expired: it goes if it is still idle. */
    boolean disposeIfIdle(Slot<E, C> slot, DisposeReason reason, Actions actions) {
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        pool.lock();
        try {
            return disposeIdle(pool, slot, reason, 0, actions);
        } finally {
            pool.unlock();
        }
    }

    /** As {@link #disposeIfIdle}, but never below minIdle. */
    boolean disposeIfExtra(Slot<E, C> slot, DisposeReason reason, Actions actions) {
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        pool.lock();
        try {
            return disposeIdle(pool, slot, reason, pool.effectiveMinIdle(), actions);
        } finally {
            pool.unlock();
        }
    }

    /** The connection idle longest goes, but never below minIdle. @return whether there was one */
    public boolean retireOne(EndpointPool<E, C> pool) {
        return pool.decide(actions -> {
            Slot<E, C> slot = serve.longestIdle(Step.of(pool, actions));
            return slot != null
                    && disposeIdle(pool, slot, DisposeReason.IDLE_TIMEOUT, pool.effectiveMinIdle(), actions);
        });
    }

    private boolean disposeIdle(
            EndpointPool<E, C> pool, Slot<E, C> slot, DisposeReason reason, int floor, Actions actions) {
        if (pool.held() <= floor || !slot.tryMove(Slot.IDLE, Slot.PENDING)) {
            return false;
        }
        pool.dispose(slot, reason, null, actions);
        serveLocked(pool, actions);
        return true;
    }

    /** Gives back a lease that its requester has never seen: no hook has run for it, and it does not count as granted. */
    public void giveBackUnseen(SlotLease<E, C> lease, Consumer<EndpointCounters> countInstead, Actions actions) {
        Slot<E, C> slot = lease.slot;
        if (!slot.tryPend(lease.word)) {
            return;
        }
        slot.uncountLease();
        slot.holder = Math.abs(slot.holder);
        EndpointPool.of(slot).count(c -> {
            c.slowGranted--;
            countInstead.accept(c);
        });
        offer(slot, actions);
    }

    /** Under the lock: a call about this slot did not come back, and the pool goes on. @return false when it had before */
    public boolean abandon(Slot<E, C> slot, DisposeReason reason, Actions actions) {
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        EndpointCounters counted = pool.counters();
        boolean wasOurs = pool.remove(slot);
        if (wasOurs) {
            counted.abandoned++; // nothing may come in between
            counted.countDisposed(reason);
            context.capacity.gone(slot, pool.share != null, actions);
        }
        serveLocked(pool, actions);
        return wasOurs;
    }

    /** An abandoned call has come back, and its connection is gone. All of this is done, or nothing. */
    public void abandonedCallReturned(EndpointPool<E, C> pool, Actions actions) {
        actions.add(pool::serve);
        pool.lock();
        try {
            pool.counters().abandoned--;
        } finally {
            pool.unlock();
        }
    }

    /** Under the lock. */
    public void serveLocked(EndpointPool<E, C> pool, Actions actions) {
        serve.run(Step.of(pool, actions));
    }

    /**
     * Disposes connections that are idle for long, until enough permits are on the way or nothing is idle. Those that are
     * reserved for their endpoints go only where the total limit was lowered, after all others.
     */
    public void relieve(Actions actions) {
        TotalCapacity<E, C> capacity = context.capacity;
        int left = capacity.table.places();
        for (int begun = 0; capacity.pressure() > 0 && left > 0; ) {
            if (begun == MOST_RELIEVED) {
                handOnRelief(actions);
                return;
            }
            // Looked for before the claim, which hides the pressure from releases until it is used or given back.
            SlotTable.Found<E, C> found = capacity.table.longestIdle(true, capacity.floor());
            Slot<E, C> victim = found.victim();
            left -= found.passed();
            if (victim == null && left <= 0 && capacity.isOverfull()) {
                victim = anyIdle();
            }
            if (victim != null) {
                DisposeReason why = capacity.claimShortage(victim);
                if (why == null) {
                    return;
                }
                disposeClaimed(victim, why, actions);
                begun++;
                left = capacity.table.places();
            }
        }
    }

    /** Very many may have to go, where the total was lowered: another thread goes on, and this one does what it has decided. */
    private void handOnRelief(Actions actions) {
        try {
            context.settings.executors.disposeExecutor().execute(this::relieveMore);
        } catch (Throwable e) {
            actions.add(this::relieve); // no thread is to be had
        }
    }

    private void relieveMore() {
        var actions = new Actions();
        actions.add(this::relieve);
        actions.run();
    }

    /** For a lowered total it does not matter whose tenant it is, and in the end not for whom it is reserved. */
    private @Nullable Slot<E, C> anyIdle() {
        Slot<E, C> victim = inRound(true);
        return victim != null ? victim : inRound(false);
    }

    private @Nullable Slot<E, C> inRound(boolean sparesReserved) {
        SlotTable<E, C> table = context.capacity.table;
        Slot<E, C> victim = null;
        for (int left = table.places(); victim == null && left > 0; ) {
            SlotTable.Found<E, C> found = table.longestIdle(sparesReserved, -1);
            victim = found.victim();
            left -= found.passed();
        }
        return victim;
    }

    /** As {@link #disposeIfIdle}, when the total capacity has counted the disposal already. */
    private void disposeClaimed(Slot<E, C> slot, DisposeReason reason, Actions actions) {
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        pool.lock();
        try {
            // I27: asked again under the lock, since the search has read it without
            boolean isSpared = reason == DisposeReason.PRESSURE && pool.isReserved();
            if (!isSpared && slot.tryMove(Slot.IDLE, Slot.PENDING)) {
                pool.dispose(slot, reason, null, actions);
            } else {
                context.capacity.unclaim(slot);
            }
            serveLocked(pool, actions);
        } finally {
            pool.unlock();
        }
    }
}
