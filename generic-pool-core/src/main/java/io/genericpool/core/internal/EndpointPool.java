package io.genericpool.core.internal;

import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.SuspendMode;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
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
 * <p>The steps under the lock live in {@link ServeStep} and {@link OfferStep}.
 */
final class EndpointPool<E, C> {
    /** Somebody is queued. */
    static final int WAITERS = 1;
    /** Nothing is handed out until {@code resume}. */
    static final int SUSPENDED = 2;
    /** The order of becoming idle is exact, so that no CAS outside the lock may change it. */
    static final int IN_ORDER = 4;
    /** More connections than maxSize are held: releases must dispose. */
    static final int OVER_SIZE = 8;
    /** The pool is closed. */
    static final int CLOSED = 16;
    /** The endpoint has left the pool: look it up again. */
    static final int REMOVED = 32;

    final PoolContext<E, C> context;
    final E endpoint;
    final SlotArray<E, C> slots = new SlotArray<>();
    final ReentrantLock lock = new ReentrantLock();

    /** Zero: the fast path is open. Written under the lock. */
    private volatile int attention;

    // Guarded by the lock.
    final WaiterQueue<E, C> queue = new WaiterQueue<>();
    EndpointLimits limits;
    int size;
    int disposing;
    /** Permits this endpoint owns without a slot; none whenever the lock is free. */
    int credits;

    long sequence;
    int generation;
    long idleOrder;
    long lastTouch;
    private boolean isTouched;
    boolean isRetained;
    /** This step has made something idle, or wants more permits: somebody has to look for idle connections. */
    boolean mayRelieve;
    /** In this step, a waiter that could have had a connect got no permit for it. */
    boolean wasRefused;
    /** A timer will serve the endpoint when its gate opens. */
    boolean isGateTimed;
    /** Its limits were set by {@code resize}: the endpoint stays in the pool. */
    boolean isResized;
    /** The last connect for minIdle failed: no other before the next sweep. */
    boolean isRefillPaused;

    private @Nullable SuspendMode suspension;
    private @Nullable ConnectGate gate;
    final AttemptList<E, C> attempts = new AttemptList<>();

    @Nullable
    List<WarmUp> warmUps;

    private @Nullable EndpointCounters counters;

    // Guarded by the lock of TotalCapacity; the volatile ones are read without, to skip that lock when nothing changes.
    private volatile int wanted;
    private volatile int grants;
    private long starvedSince;

    EndpointPool(PoolContext<E, C> context, E endpoint, EndpointLimits limits) {
        this.context = context;
        this.endpoint = endpoint;
        this.limits = limits;
        this.attention = context.isInOrder ? IN_ORDER : 0;
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
        SlotLease<E, C> lease = slots.tryLease(now, thread);
        if (lease != null) {
            stampLease(lease.slot, now, thread);
        }
        return lease;
    }

    private static void stampLease(Slot<?, ?> slot, long now, long thread) {
        slot.leasedAt = now;
        slot.holder = thread;
        slot.countLease();
    }

    void release(SlotLease<E, C> lease) {
        PoolContext<E, C> c = context;
        Slot<E, C> slot = lease.slot;
        if (c.releasesPlainly && (attention | c.capacity.pressure()) == 0 && slot.word() == lease.word) {
            long now = c.ticker.coarse();
            if (slot.expiresAt - now > 0 && slot.leases() < c.maxLeases) {
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

    /** By the slot's owner: it becomes idle now, and stays usable as it is for the aliveness bypass. */
    void stampIdle(Slot<E, C> slot, long now) {
        slot.idleSince = now;
        stampUsable(slot, now);
    }

    void stampUsable(Slot<E, C> slot, long now) {
        long until = now + context.bypass;
        slot.usableUntil = until - slot.expiresAt > 0 ? slot.expiresAt : until;
    }

    void invalidate(SlotLease<E, C> lease, @Nullable Throwable cause) {
        context.hooks.invalidate(lease, cause);
    }

    // ---- requests

    /**
     * Begins a request: grants it, refuses it or queues it, and serves the endpoint.
     *
     * @return false when the endpoint has left the pool, so that it must be looked up again
     */
    boolean enter(Waiter<E, C> waiter, Actions actions) {
        lock.lock();
        try {
            if (has(REMOVED)) {
                return false;
            }
            long now = now();
            EndpointCounters counts = counters();
            counts.slowAcquires++;
            touch(now);
            Failure refusal = admit(waiter, now, actions);
            if (refusal != null) {
                waiter.tryFail(refusal);
                if (refusal.kind == Failure.Kind.TIMEOUT) {
                    counts.timedOut++;
                } else {
                    counts.rejected++;
                }
            }
            context.serve.run(this, waiter, now, actions);
        } finally {
            lock.unlock();
        }
        return true;
    }

    /** Under the lock: grants or queues. @return why not, if neither */
    private @Nullable Failure admit(Waiter<E, C> waiter, long now, Actions actions) {
        if (has(CLOSED)) {
            return Failure.of(Failure.Kind.CLOSED);
        }
        if (suspension == SuspendMode.FAIL) {
            return Failure.of(Failure.Kind.SUSPENDED);
        }
        boolean mayTakeIdle = !waiter.isNewOnly && suspension == null && queue.first() == null;
        if (mayTakeIdle && context.serve.giveIdle(this, waiter, actions)) {
            return null;
        }
        if (gate != null && gate.isRefusing(now)) {
            return gate.refusal(now);
        }
        boolean mayCheckAtOnce = mayTakeIdle && context.checker.isInstant && context.serve.staleIdle(this) != null;
        if (waiter.timeout == 0 && !mayCheckAtOnce) {
            return Failure.of(Failure.Kind.TIMEOUT);
        }
        if (queue.size() >= limits.maxWaiters()) {
            return Failure.of(Failure.Kind.TOO_MANY_WAITERS);
        }
        waiter.sequence = ++sequence;
        queue.add(waiter);
        setAttention(
                WAITERS, true); // before anybody looks for idle slots: a release that misses it is seen by that look
        ConnectAttempt<E, C> free = attempts.freeFor(waiter, generation);
        if (free != null) {
            queue.cover(waiter, free);
        }
        return null;
    }

    /** A requester has decided to leave ({@link Waiter#tryLeave} succeeded): what was meant for him is handed on. */
    void withdraw(Waiter<E, C> waiter) {
        step(actions -> {
            if (waiter.state() == Waiter.TIMED_OUT) {
                counters().timedOut++;
            } else {
                counters().cancelled++;
            }
            leaveQueue(waiter);
            serveLocked(actions);
        });
    }

    /** Leases an idle connection the slow way, without waiting. */
    @Nullable
    SlotLease<E, C> tryLeaseSlowly() {
        var actions = new Actions();
        SlotLease<E, C> lease = null;
        lock.lock();
        try {
            if (!has(SUSPENDED | CLOSED | REMOVED) && queue.first() == null) {
                lease = context.serve.takeUsable(this, actions);
                if (lease != null) {
                    stampLease(
                            lease.slot,
                            context.ticker.coarse(),
                            Thread.currentThread().getId());
                }
            }
        } finally {
            lock.unlock();
        }
        actions.run();
        return lease;
    }

    /** Claims an idle connection for a check that its caller makes at once; null when there is none or somebody waits. */
    @Nullable
    Slot<E, C> claimStale() {
        lock.lock();
        try {
            if (has(SUSPENDED | CLOSED | REMOVED) || queue.first() != null) {
                return null;
            }
            Slot<E, C> stale = context.serve.staleIdle(this);
            return stale != null && stale.tryMove(Slot.IDLE, Slot.CHECKING) ? stale : null;
        } finally {
            lock.unlock();
        }
    }

    /** The connection that was claimed is alive: leases it, unless somebody waits by now or a signal came. */
    @Nullable
    SlotLease<E, C> leaseChecked(Slot<E, C> slot) {
        lock.lock();
        try {
            if (!has(SUSPENDED | CLOSED) && queue.first() == null) {
                long word = slot.tryMoveUnflagged(Slot.LEASED);
                if (word != 0) {
                    stampLease(
                            slot,
                            context.ticker.coarse(),
                            Thread.currentThread().getId());
                    return new SlotLease<>(slot, word);
                }
            }
        } finally {
            lock.unlock();
        }
        offer(slot);
        return null;
    }

    // ---- what comes back

    /** A slot owned by the caller can serve again: released, reset or checked. */
    void offer(Slot<E, C> slot) {
        step(actions -> context.offer.run(this, slot, null, now(), actions));
    }

    /** A slot has become idle while somebody asked for attention. */
    private void offerAgain(Slot<E, C> slot) {
        step(actions -> {
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
        lock.lock();
        try {
            return disposeIdle(slot, reason, 0, actions);
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #disposeIfIdle}, when the total capacity has counted the disposal already. */
    void disposeClaimed(Slot<E, C> slot, DisposeReason reason, Actions actions) {
        lock.lock();
        try {
            if (slot.tryMove(Slot.IDLE, Slot.PENDING)) {
                disposeCounted(slot, reason, null, actions);
            } else {
                context.capacity.unclaim();
            }
            serveLocked(actions);
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #disposeIfIdle}, but never below minIdle. */
    boolean disposeIfExtra(Slot<E, C> slot, DisposeReason reason, Actions actions) {
        lock.lock();
        try {
            return disposeIdle(slot, reason, effectiveMinIdle(), actions);
        } finally {
            lock.unlock();
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
        lock.lock();
        try {
            serveLocked(actions);
        } finally {
            lock.unlock();
        }
    }

    /** Takes the statistics of this endpoint. */
    EndpointSnapshot snapshot() {
        lock.lock();
        try {
            return new EndpointSnapshot(this);
        } finally {
            lock.unlock();
        }
    }

    /** One step under the lock, and then, whatever was thrown in it, what it has decided. */
    void step(Consumer<Actions> step) {
        var actions = new Actions();
        try {
            lock.lock();
            try {
                step.accept(actions);
            } finally {
                lock.unlock();
            }
        } finally {
            actions.run();
        }
    }

    // ---- under the lock

    void serveLocked(Actions actions) {
        context.serve.run(this, null, now(), actions);
    }

    /** Begins the disposal of a slot owned by the caller. */
    void dispose(Slot<E, C> slot, DisposeReason reason, @Nullable OwedRoom<E, C> owed, Actions actions) {
        context.capacity.disposalBegan();
        disposeCounted(slot, reason, owed, actions);
    }

    /** As {@link #dispose}, when the total capacity has counted the disposal already. */
    void disposeCounted(Slot<E, C> slot, DisposeReason reason, @Nullable OwedRoom<E, C> owed, Actions actions) {
        slot.tryMove(slot.state(), Slot.DISPOSING);
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

    /** Takes a slot out of the books; its permit, and the end of its disposal at the total, are the caller's. */
    void remove(Slot<E, C> slot) {
        if (slot.state() == Slot.DISPOSING) {
            disposing--;
        }
        slot.tryMove(slot.state(), Slot.DISPOSED);
        slots.remove(slot);
        context.capacity.slotRemoved(slot);
        size--;
        counters().pastLeases += slot.leases();
        if (slot.leases() > 0 && slot.idleSince - lastTouch > 0) {
            lastTouch = slot.idleSince;
        }
    }

    /** A waiter's request fails, if it still waits. */
    void fail(Waiter<E, C> waiter, Failure why, Actions actions) {
        if (!waiter.tryFail(why)) {
            return;
        }
        if (why.kind == Failure.Kind.CREATE) {
            counters().failed++;
        } else {
            counters().rejected++;
        }
        leaveQueue(waiter);
        if (!waiter.isEntering()) {
            actions.add(waiter);
        }
    }

    void failAll(Failure why, Actions actions) {
        for (Waiter<E, C> w = queue.first(); w != null; w = queue.first()) {
            fail(w, why, actions);
        }
    }

    /** A call about this slot did not come back: the pool goes on without it. */
    void abandon(Slot<E, C> slot, DisposeReason reason, Actions actions) {
        remove(slot);
        counters().countDisposed(reason);
        counters().abandoned++;
        context.capacity.release(actions);
        serveLocked(actions);
    }

    /** An abandoned call has come back, and its connection is gone. */
    void cameBack(Actions actions) {
        lock.lock();
        try {
            counters().abandoned--;
            serveLocked(actions);
        } finally {
            lock.unlock();
        }
    }

    void leaveQueue(Waiter<E, C> waiter) {
        Cover<E, C> freed = queue.remove(waiter);
        if (freed != null) {
            passOn(freed);
        }
    }

    /** What was meant for a waiter that has left is meant for the next one that can take it. */
    void passOn(Cover<E, C> freed) {
        Waiter<E, C> next = queue.oldestUncoveredFor(freed);
        if (next != null) {
            queue.cover(next, freed);
        }
    }

    int held() {
        return size - disposing;
    }

    int effectiveMinIdle() {
        return isRetained ? limits.minIdle() : 0;
    }

    void touch(long now) {
        lastTouch = now;
        isTouched = true;
        isRetained = true;
    }

    boolean isTouched() {
        return isTouched;
    }

    void suspension(@Nullable SuspendMode mode) {
        suspension = mode;
        setAttention(SUSPENDED, mode != null);
    }

    boolean isSuspended() {
        return suspension != null;
    }

    boolean isGated(long now) {
        return gate != null && gate.isClosed(now);
    }

    long gateClosedFor(long now) {
        return gate == null ? 0 : gate.closedFor(now);
    }

    void gate(@Nullable ConnectGate closed) {
        gate = closed;
    }

    /** Counts something that may come after the endpoint has left the pool. */
    void count(Consumer<EndpointCounters> change) {
        lock.lock();
        try {
            if (has(REMOVED)) {
                context.registry.countRetired(change);
            } else {
                change.accept(counters());
            }
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    EndpointCounters countersOrNull() {
        return counters;
    }

    EndpointCounters counters() {
        EndpointCounters c = counters;
        if (c == null) {
            c = new EndpointCounters();
            counters = c;
        }
        return c;
    }

    boolean has(int bits) {
        return (attention & bits) != 0;
    }

    void setAttention(int bit, boolean on) {
        int before = attention;
        int after = on ? before | bit : before & ~bit;
        if (after != before) {
            attention = after;
        }
    }

    /** The exact time. */
    long now() {
        return context.ticker.exact();
    }

    String label() {
        return context.registry.label(endpoint);
    }

    // ---- under the lock of TotalCapacity

    int wanted() {
        return wanted;
    }

    void wanted(int count, long now) {
        if (wanted == 0) {
            starvedSince = now;
        }
        wanted = count;
    }

    /** One permit is granted. True when it wants more. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under that lock only; volatile for those who read without it
    boolean grantOne() {
        grants = grants + 1;
        wanted = wanted - 1;
        starvedSince = now();
        return wanted > 0;
    }

    int grants() {
        return grants;
    }

    int takeGrants() {
        int taken = grants;
        grants = 0;
        return taken;
    }

    void starvesSince(long now) {
        starvedSince = now;
    }

    long starvedSince() {
        return starvedSince;
    }
}
