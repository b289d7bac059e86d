package io.genericpool.core.internal.endpoint;

import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.PoolConfig;
import io.genericpool.core.internal.capacity.Tenant;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.queue.OwedPermit;
import io.genericpool.core.internal.queue.Waiter;
import io.genericpool.core.internal.queue.WaiterQueue;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotLease;
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
 * this lock, then that of {@code TotalCapacity}; never two endpoints at once.
 *
 * <p><b>Why no waiter is missed.</b> A request that queues sets {@link #WAITERS} and then looks for idle slots; a release makes the
 * slot idle and then reads {@code attention}. Both are volatile accesses, so one of the two sees the other. The same
 * holds for {@code TotalCapacity.pressure}.
 *
 * <p>Invariants, whenever the lock is free: {@code size} is the number of slots in the array; a waiter that can be served
 * by an idle usable slot, or by a connect that limits, gate and permits allow, does not exist; each waiter is covered by
 * at most one thing on its way, and each such thing covers at most one waiter.
 *
 * <p>Here are the books and the fast path. What follows from them is decided by the steps, which know this class; it knows
 * none of them.
 */
@SuppressWarnings("serial") // it is never serialized: see EndpointLock
public final class EndpointPool<E, C> extends EndpointState<E, C> {
    private static final long serialVersionUID = 1L;

    public EndpointPool(EndpointContext<E, C> context, E endpoint, EndpointLimits limits, Tenant<E, C> tenant) {
        super(context, endpoint, limits, tenant);
    }

    /** The endpoint of a slot: each owner of slots is one. */
    public static <E, C> EndpointPool<E, C> of(Slot<E, C> slot) {
        return (EndpointPool<E, C>) slot.owner;
    }

    // ---- fast path

    /** Leases an idle connection if nothing stands in the way; null means: ask again, the slow way. */
    public @Nullable SlotLease<E, C> tryLease() {
        // I8: read after the call began, so a request that was queued by then comes first
        if (attention != 0) {
            return null;
        }
        EndpointContext<E, C> c = context;
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

    @Override
    public void release(SlotLease<E, C> lease) {
        EndpointContext<E, C> c = context;
        Slot<E, C> slot = lease.slot;
        long word = slot.word();
        if (c.releasesPlainly && (attention | c.capacity.pressure()) == 0 && Slot.isPlainlyLeased(word, lease.word)) {
            long now = c.ticker.coarse();
            if (slot.expiresAt - now > 0
                    && (c.maxLeases == PoolConfig.UNLIMITED || slot.leases(lease.word) < c.maxLeases)) {
                // I3: before the CAS that gives the slot away and publishes it
                stampIdle(slot, now);
                if (Slot.isUnlisted(word)) {
                    list(slot, word);
                }
                if (slot.tryRelease(word)) {
                    if (Slot.isUnlisted(word)) {
                        listAgain(slot);
                    }
                    afterPlainRelease(slot);
                    return;
                }
            }
        }
        c.outlet.release(lease);
    }

    private void afterPlainRelease(Slot<E, C> slot) {
        EndpointContext<E, C> c = context;
        // I6, I7: read after the CAS to IDLE, so this thread sees the request, or the request sees the idle slot
        if ((attention | c.capacity.pressure()) != 0) {
            c.outlet.offerAgain(this, slot);
        }
        if (c.collectsOnRelease) {
            c.outlet.collect();
        }
    }

    /**
     * A slot owned by its releaser becomes idle without the lock, as by a plain release and with the same looks before and
     * after; those who want it to go meanwhile raise a flag, which the move refuses.
     *
     * @return false when something stands in the way: then the slot is still the caller's
     */
    public boolean trySettle(Slot<E, C> slot, long now) {
        EndpointContext<E, C> c = context;
        if ((attention | c.capacity.pressure()) != 0
                || slot.expiresAt - now <= 0
                || slot.leases() >= c.maxLeases
                || slot.tryMoveUnflagged(Slot.IDLE) == 0) {
            return false;
        }
        listAgain(slot);
        if ((attention | c.capacity.pressure()) != 0) {
            c.outlet.offerAgain(this, slot);
        }
        return true;
    }

    /** By the slot's owner: it becomes idle now, and stays usable as it is for the aliveness bypass. */
    public void stampIdle(Slot<E, C> slot, long now) {
        slot.since = now;
        stampUsable(slot, now);
    }

    public void stampUsable(Slot<E, C> slot, long now) {
        long until = now + context.bypass;
        slot.usableUntil = until - slot.expiresAt > 0 ? slot.expiresAt : until;
    }

    @Override
    public void list(Slot<E, C> slot, long word) {
        // I41: before the slot becomes idle, so that a look that could find it idle finds its place
        if ((word & Slot.UNLISTED) != 0) {
            listPlace(slot.index);
        }
        if ((word & Slot.UNTABLED) != 0) {
            context.capacity.table.list(slot);
        }
    }

    /**
     * After a CAS to IDLE without the lock, and before the look at what asks for attention: the map may have been made since
     * the slot was listed, and its mark may have gone and come back.
     */
    private void listAgain(Slot<E, C> slot) {
        listPlace(slot.index);
    }

    /** By the repair: an idle connection that an error has kept from being listed is found again. */
    public void relist(Slot<E, C> slot) {
        if (slot.isIdle() && Slot.flagged(slot.word()) == null) {
            relistPlace(slot);
            context.capacity.table.list(slot);
        }
    }

    @Override
    public void invalidate(SlotLease<E, C> lease, @Nullable Throwable cause) {
        context.outlet.invalidate(lease, cause);
    }

    // ---- seen from outside

    @Override
    public void serve(Actions actions) {
        lock();
        try {
            context.outlet.serve(this, actions);
        } finally {
            unlock();
        }
    }

    /** How many leased connections were taken by a thread, as far as that is known: a lease may be handed to another one. */
    public int countHeldBy(long thread) {
        int count = 0;
        for (int i = 0; i < places(); i++) { // without the lock: it is for messages, and others want the lock
            Slot<E, C> slot = slotAt(i);
            if (slot != null && slot.isHeldBy(thread)) {
                count++;
            }
        }
        return count;
    }

    /** Without the lock, so perhaps a moment old: no connect may start yet. */
    public boolean isPaused(long now) {
        return isGated(now);
    }

    /** As above: how many connections it has, those on their way out excepted. */
    public int heldNow() {
        return held();
    }

    /** As above: how many requests wait. */
    public int waitersNow() {
        return queue.size();
    }

    /** As above: how many connections are being made. */
    public int connectingNow() {
        return attempts.size();
    }

    /** As above: how many connections are in use or being made; estimated from a sample where there are many places. */
    public int busyNow() {
        return countBusy();
    }

    /** As above: at which of the first 64 places one is, a bit for each. */
    public long busyPlacesNow() {
        return busyPlaces();
    }

    // ---- under the lock

    /** What it needs from now on until all is well again. */
    public ConnectRestrictions restrictions() {
        ConnectRestrictions h = restrictionsOrNull();
        if (h == null) {
            h = new ConnectRestrictions(new ServeTimer(this, context.timers));
            extras().restrictions = h;
        }
        return h;
    }

    /** Begins the disposal of a slot owned by the caller; of none that the repair has taken from an owner that was late. */
    public void dispose(Slot<E, C> slot, DisposeReason reason, @Nullable OwedPermit<E, C> owed, Actions actions) {
        if (!slot.isGone()) {
            context.capacity.disposalBegan(slot);
            disposeCounted(slot, reason, owed, actions);
        }
    }

    /** As {@link #dispose}, when the total capacity has counted the disposal already. */
    void disposeCounted(Slot<E, C> slot, DisposeReason reason, @Nullable OwedPermit<E, C> owed, Actions actions) {
        slot.deferred = actions;
        slot.moveToDisposing();
        disposing++;
        if (slot.leases() == 0 && isEarlyDeath(reason)) {
            isRefillPaused = true;
        }
        actions.add(more -> context.outlet.dispose(slot, reason, owed, more));
    }

    /** A server that takes connections only to close them must not be refilled as fast as it does so. */
    private static boolean isEarlyDeath(DisposeReason reason) {
        return reason == DisposeReason.DEAD
                || reason == DisposeReason.HOOK_FAILED
                || reason == DisposeReason.MAX_LEASES;
    }

    /** How many connections are idle at this moment. */
    int countIdle() {
        int idle = 0;
        for (int i = 0; i < places(); i++) {
            Slot<E, C> slot = slotAt(i);
            idle += slot != null && slot.isIdle() ? 1 : 0;
        }
        return idle;
    }

    /** Whether a connection is leased at this moment. Any thread may ask. */
    boolean hasLeases() {
        for (int i = 0; i < places(); i++) {
            Slot<E, C> slot = slotAt(i);
            if (slot != null && slot.state() == Slot.LEASED) {
                return true;
            }
        }
        return false;
    }

    /** Takes a slot into the books, with a credit of the endpoint as its permit. */
    public void add(Slot<E, C> slot) {
        addSlot(slot);
        size++; // nothing may come in between
        credits--;
        context.capacity.slotAdded(slot);
    }

    /**
     * Takes a slot out of the books. Its permit is a credit of the endpoint from then on, and the caller's: it goes back by
     * {@code TotalCapacity.gone}.
     *
     * @return false when it is not in them any more: the repair has taken it from an owner that was late
     */
    public boolean remove(Slot<E, C> slot) {
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
        // I14: with the slot gone, its permit is a credit of the endpoint
        size--; // nothing may come in between
        credits++;
        pastLeases += leases;
        if (leases > 0 && slot.since - lastTouch > 0) {
            lastTouch = slot.since;
        }
    }

    /** By the repair: a slot that was given up leaves the books, and its permit is free. */
    public void forget(Slot<E, C> slot, Actions actions) {
        if (slotAt(slot.index) == slot) {
            takeOut(slot);
            context.capacity.gone(slot, actions);
        } else {
            context.capacity.slotRemoved(slot);
        }
    }

    /** By the repair: what is derived from the slots is counted again. @return whether it was wrong */
    public boolean recount() {
        // I31: under the lock that guards what it is derived from
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

    /**
     * Under the lock: those that have left a queue are withdrawn. They may have been of an endpoint that has left the pool
     * since. One that an error strikes is noted again.
     */
    public void withdrawLeft(WaiterQueue<E, C> from) {
        for (Waiter<E, C> w = from.takeLeft(); w != null; w = from.takeLeft()) {
            try {
                leaveQueue(w); // no effect where it was done, by a walk or before an error
                countLeft(w);
            } catch (Throwable e) {
                w.noteLeft();
                throw e;
            }
        }
    }

    private void countLeft(Waiter<E, C> waiter) {
        if (waiter.isTicket()) {
            return; // its request counts once
        }
        boolean isLate = waiter.state() == Waiter.TIMED_OUT;
        count(counters -> {
            counters.timedOut += isLate ? 1 : 0;
            counters.cancelled += isLate ? 0 : 1;
        });
    }

    /** Counts something that may come after the endpoint has left the pool. */
    public void count(Consumer<EndpointCounters> change) {
        lock();
        try {
            if (has(REMOVED)) {
                context.retired.count(change);
            } else {
                change.accept(counters());
            }
        } finally {
            unlock();
        }
    }
}
