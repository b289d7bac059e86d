package io.genericpool.core.internal;

import io.genericpool.CircuitStats;
import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.PoolConfig;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one endpoint and the requests that wait for them.
 *
 * <p><b>Fast path.</b> While nothing asks for attention, an acquire is one CAS {@code IDLE -> LEASED} and a release one
 * CAS {@code LEASED -> IDLE}; neither takes a lock or reads a clock.
 *
 * <p><b>Slow path.</b> Everything else happens under {@link #lock}, in short steps that decide and leave what follows to
 * {@link Actions}, run after the lock was let go: no code of a manager, listener or executor runs under it. Lock order:
 * this lock, then that of {@link TotalCapacity}; never two endpoints at once.
 *
 * <p><b>Why nobody is missed.</b> Who queues sets {@link #WAITERS} and then looks for idle slots; who releases makes the
 * slot idle and then reads {@code attention}. Both are volatile accesses, so one of the two sees the other. The same
 * holds for {@link TotalCapacity#pressure()}.
 *
 * <p>Invariants, whenever the lock is free: {@code size} is the number of slots in the array; a waiter that can be served
 * by an idle usable slot, or by a connect that limits, gate and permits allow, does not exist; each waiter is covered by
 * at most one thing on its way, and each such thing covers at most one waiter.
 *
 * <p>Here are the fast path and what comes back. How requests come and go is {@link RequestStep}; who is served, and by
 * what, is {@link ServeStep} and {@link OfferStep}.
 */
@SuppressWarnings("serial") // it is never serialized: see EndpointLock
final class EndpointPool<E, C> extends EndpointState<E, C> {
    private static final long serialVersionUID = 1L;

    /** Up to this many connections are counted for each error. */
    private static final int COUNTED_AT_ONCE = 256;

    /** How old the statistics in an error may be, in nanoseconds, where there are more connections. */
    private static final long TOLD_AGAIN = TimeUnit.MILLISECONDS.toNanos(20);

    EndpointPool(PoolContext<E, C> context, E endpoint, EndpointLimits limits, Tenant<E, C> tenant) {
        super(context, endpoint, limits, tenant);
    }

    // ---- fast path

    /** Leases an idle connection if nothing stands in the way; null means: ask again, the slow way. */
    @Nullable
    SlotLease<E, C> tryLease() {
        if (attention != 0) {
            return null;
        }
        PoolContext<E, C> c = context;
        long now = c.ticker.coarse();
        long thread = Thread.currentThread().getId();
        SlotLease<E, C> lease = tryLeaseIdle(now, thread);
        if (lease != null) {
            stampLease(lease.slot, now, thread);
        }
        return lease;
    }

    static void stampLease(Slot<?, ?> slot, long now, long thread) {
        slot.since = now;
        slot.holder = thread;
    }

    void release(SlotLease<E, C> lease) {
        PoolContext<E, C> c = context;
        Slot<E, C> slot = lease.slot;
        if (c.releasesPlainly && (attention | c.capacity.pressure()) == 0 && slot.word() == lease.word) {
            long now = c.ticker.coarse();
            if (slot.expiresAt - now > 0
                    && (c.maxLeases == PoolConfig.UNLIMITED || slot.leases(lease.word) < c.maxLeases)) {
                stampIdle(slot, now);
                if (slot.tryRelease(lease.word)) {
                    afterPlainRelease(slot);
                    return;
                }
            }
        }
        c.hooks.release(lease);
    }

    private void afterPlainRelease(Slot<E, C> slot) {
        if ((attention | context.capacity.pressure()) != 0) {
            offerAgain(slot);
        }
        context.releaseCollector.afterRelease();
    }

    /**
     * A slot owned by its releaser becomes idle without the lock, as by a plain release and with the same looks before and
     * after; those who want it to go meanwhile raise a flag, which the move refuses.
     *
     * @return false when something stands in the way: then the slot is still the caller's
     */
    boolean trySettle(Slot<E, C> slot, long now) {
        PoolContext<E, C> c = context;
        if ((attention | c.capacity.pressure()) != 0
                || slot.expiresAt - now <= 0
                || slot.leases() >= c.maxLeases
                || slot.tryMoveUnflagged(Slot.IDLE) == 0) {
            return false;
        }
        if ((attention | c.capacity.pressure()) != 0) {
            offerAgain(slot);
        }
        return true;
    }

    /** By the slot's owner: it becomes idle now, and stays usable as it is for the aliveness bypass. */
    void stampIdle(Slot<E, C> slot, long now) {
        slot.since = now;
        stampUsable(slot, now);
    }

    void stampUsable(Slot<E, C> slot, long now) {
        long until = now + context.bypass;
        slot.usableUntil = until - slot.expiresAt > 0 ? slot.expiresAt : until;
    }

    void invalidate(SlotLease<E, C> lease, @Nullable Throwable cause) {
        context.hooks.invalidate(lease, cause);
    }

    // ---- what comes back

    /** A slot owned by the caller can serve again: released, reset or checked. */
    void offer(Slot<E, C> slot) {
        step(actions -> context.offer.run(this, slot, null, now(), actions));
    }

    /** As {@link #offer(Slot)}, as one of the actions of a step that is under way. */
    void offer(Slot<E, C> slot, Actions actions) {
        lock();
        try {
            context.offer.run(this, slot, null, now(), actions);
        } finally {
            unlock();
        }
    }

    /** A slot has become idle while somebody asked for attention. */
    private void offerAgain(Slot<E, C> slot) {
        step(actions -> {
            lookAgain();
            if (slot.tryMove(Slot.IDLE, Slot.PENDING)) {
                context.offer.run(this, slot, null, now(), actions);
            } else {
                serveLocked(actions);
            }
        });
    }

    /** A slot owned by the caller must go. */
    void discard(Slot<E, C> slot, DisposeReason reason) {
        step(actions -> {
            dispose(slot, reason, null, actions);
            serveLocked(actions);
        });
    }

    /** A signal was raised on an idle slot: it goes at once. */
    void discardFlagged(Slot<E, C> slot) {
        step(actions -> {
            DisposeReason reason = Slot.flagged(slot.word());
            if (reason != null) {
                disposeIdle(slot, reason, 0, actions);
            }
        });
    }

    /** The slot is wanted for something else, or has expired: it goes if it is still idle. */
    boolean disposeIfIdle(Slot<E, C> slot, DisposeReason reason, Actions actions) {
        lock();
        try {
            return disposeIdle(slot, reason, 0, actions);
        } finally {
            unlock();
        }
    }

    /** As {@link #disposeIfIdle}, when the total capacity has counted the disposal already. */
    void disposeClaimed(Slot<E, C> slot, DisposeReason reason, Actions actions) {
        lock();
        try {
            boolean isSpared = reason == DisposeReason.PRESSURE && isReserved();
            if (!isSpared && slot.tryMove(Slot.IDLE, Slot.PENDING)) {
                dispose(slot, reason, null, actions);
            } else {
                context.capacity.unclaim(slot);
            }
            serveLocked(actions);
        } finally {
            unlock();
        }
    }

    /** As {@link #disposeIfIdle}, but never below minIdle. */
    boolean disposeIfExtra(Slot<E, C> slot, DisposeReason reason, Actions actions) {
        lock();
        try {
            return disposeIdle(slot, reason, effectiveMinIdle(), actions);
        } finally {
            unlock();
        }
    }

    private boolean disposeIdle(Slot<E, C> slot, DisposeReason reason, int floor, Actions actions) {
        if (held() <= floor || !slot.tryMove(Slot.IDLE, Slot.PENDING)) {
            return false;
        }
        dispose(slot, reason, null, actions);
        serveLocked(actions);
        return true;
    }

    /** Permits were granted, or a gate has opened. */
    void serve(Actions actions) {
        lock();
        try {
            serveLocked(actions);
        } finally {
            unlock();
        }
    }

    /** Takes the statistics of this endpoint. */
    EndpointSnapshot snapshot() {
        CircuitStats circuit = context.governor.circuit(this);
        String label = label();
        lock();
        try {
            return new EndpointSnapshot(this, label, circuit);
        } finally {
            unlock();
        }
    }

    /**
     * Takes the statistics for an error. Where many requests time out at once at an endpoint with many connections, the first
     * one counts, and those of the next moment tell what it has counted: the lock is not held for each of them.
     */
    EndpointSnapshot snapshotForError() {
        if (places() <= COUNTED_AT_ONCE) {
            return snapshot();
        }
        CircuitStats circuit = context.governor.circuit(this);
        String label = label();
        lock();
        try {
            EndpointExtras rare = extras();
            EndpointSnapshot told = rare.told;
            long now = now();
            if (told == null || now - rare.toldAt > TOLD_AGAIN) {
                told = new EndpointSnapshot(this, label, circuit);
                rare.told = told;
                rare.toldAt = now;
            }
            return told;
        } finally {
            unlock();
        }
    }

    /** How many leased connections were taken by a thread, as far as that is known: a lease may be handed to another one. */
    int countHeldBy(long thread) {
        int count = 0;
        for (int i = 0; i < places(); i++) { // without the lock: it is for messages, and others want the lock
            Slot<E, C> slot = slotAt(i);
            if (slot != null && slot.isHeldBy(thread)) {
                count++;
            }
        }
        return count;
    }

    /** One step under the lock, and then, whatever was thrown in it, what it has decided. */
    @SuppressWarnings("Finally") // an error on top of another one: either may go on
    void step(Consumer<Actions> step) {
        var actions = new Actions();
        try {
            lock();
            stepAndUnlock(step, actions);
        } finally {
            try {
                actions.run();
            } catch (Throwable e) {
                actions.run(); // those that are left: an error in one must not lose the others
                throw e;
            }
        }
    }

    /** As {@link #step}, behind all threads that wait for the lock. */
    void stepBehindOthers(Consumer<Actions> step) {
        var actions = new Actions();
        try {
            lockBehindOthers();
            stepAndUnlock(step, actions);
        } finally {
            actions.run();
        }
    }

    private void stepAndUnlock(Consumer<Actions> step, Actions actions) {
        try {
            step.accept(actions);
        } finally {
            unlock();
        }
    }

    // ---- under the lock

    void serveLocked(Actions actions) {
        context.serve.run(this, null, now(), actions);
    }

    /** What it needs from now on until all is well again. */
    EndpointHealth ail() {
        EndpointHealth h = health();
        if (h == null) {
            h = new EndpointHealth(this);
            extras().health = h;
        }
        return h;
    }

    /** Begins the disposal of a slot owned by the caller; of none that the repair has taken from an owner that was late. */
    void dispose(Slot<E, C> slot, DisposeReason reason, @Nullable OwedRoom<E, C> owed, Actions actions) {
        if (!slot.isGone()) {
            context.capacity.disposalBegan(slot);
            disposeCounted(slot, reason, owed, actions);
        }
    }

    /** As {@link #dispose}, when the total capacity has counted the disposal already. */
    void disposeCounted(Slot<E, C> slot, DisposeReason reason, @Nullable OwedRoom<E, C> owed, Actions actions) {
        slot.moveToDisposing();
        disposing++;
        if (slot.leases() == 0 && isEarlyDeath(reason)) {
            isRefillPaused = true;
        }
        actions.add(more -> context.disposer.dispose(slot, reason, owed, more));
    }

    /** A server that takes connections only to close them must not be refilled as fast as it does so. */
    private static boolean isEarlyDeath(DisposeReason reason) {
        return reason == DisposeReason.DEAD
                || reason == DisposeReason.HOOK_FAILED
                || reason == DisposeReason.MAX_LEASES;
    }

    /**
     * Takes a slot out of the books. Its permit is a credit of the endpoint from then on, and the caller's: it goes back by
     * {@link TotalCapacity#gone}.
     *
     * @return false when it is not in them any more: the repair has taken it from an owner that was late
     */
    boolean remove(Slot<E, C> slot) {
        boolean wasDisposing = slot.state() == Slot.DISPOSING;
        if (!slot.tryLeaveBooks()) {
            return false;
        }
        if (wasDisposing) {
            disposing--;
        }
        takeOut(slot);
        return true;
    }

    private void takeOut(Slot<E, C> slot) {
        long leases = slot.leases();
        removeSlot(slot);
        size--; // nothing may come in between
        credits++;
        pastLeases += leases;
        if (leases > 0 && slot.since - lastTouch > 0) {
            lastTouch = slot.since;
        }
    }

    /** A call about this slot did not come back: the pool goes on without it. @return false when it had before */
    boolean abandon(Slot<E, C> slot, DisposeReason reason, Actions actions) {
        EndpointCounters counted = counters();
        boolean wasOurs = remove(slot);
        if (wasOurs) {
            counted.abandoned++; // nothing may come in between
            counted.countDisposed(reason);
            context.capacity.gone(slot, actions);
        }
        serveLocked(actions);
        return wasOurs;
    }

    /** By the repair: a slot that was given up leaves the books, and its permit is free. */
    void forget(Slot<E, C> slot, Actions actions) {
        if (slotAt(slot.index) == slot) {
            takeOut(slot);
            context.capacity.gone(slot, actions);
        } else {
            context.capacity.slotRemoved(slot);
        }
    }

    /** By the repair: what is derived from the slots is counted again. @return whether it was wrong */
    boolean recount() {
        int slots = 0;
        int leaving = 0;
        for (int i = 0; i < places(); i++) {
            Slot<E, C> slot = slotAt(i);
            if (slot != null) {
                slots++;
                leaving += slot.state() == Slot.DISPOSING ? 1 : 0;
            }
        }
        boolean wasWrong = slots != size || leaving != disposing;
        size = slots;
        disposing = leaving;
        return wasWrong;
    }

    /** An abandoned call has come back, and its connection is gone. All of this is done, or nothing. */
    void cameBack(Actions actions) {
        actions.add(this::serve);
        lock();
        try {
            counters().abandoned--;
        } finally {
            unlock();
        }
    }

    /** Counts something that may come after the endpoint has left the pool. */
    void count(Consumer<EndpointCounters> change) {
        lock();
        try {
            if (has(REMOVED)) {
                context.registry.countRetired(change);
            } else {
                change.accept(counters());
            }
        } finally {
            unlock();
        }
    }
}
