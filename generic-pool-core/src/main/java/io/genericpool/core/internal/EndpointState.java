package io.genericpool.core.internal;

import io.genericpool.EndpointLimits;
import io.genericpool.SuspendMode;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the pool knows of one endpoint, and the smallest steps that keep it consistent. Everything but the attention bits
 * is guarded by the endpoint's lock, or, where it says so, by that of {@link TotalCapacity}.
 */
abstract class EndpointState<E, C> {
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
    volatile int attention;

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
    /** Its limits were set by {@code resize}: the endpoint stays in the pool. */
    boolean isResized;
    /** The last connect for minIdle failed: no other before the next sweep. */
    boolean isRefillPaused;

    @Nullable
    SuspendMode suspension;

    /** Null while all is well. */
    @Nullable
    EndpointHealth<E, C> health;

    final AttemptList<E, C> attempts = new AttemptList<>();

    @Nullable
    List<WarmUp> warmUps;

    /** What every endpoint counts; the rest is in {@link #counters}, made when there is something to count. */
    long slowAcquires;

    long slowGranted;
    long created;
    long pastLeases;
    private @Nullable EndpointCounters counters;

    // Guarded by the lock of TotalCapacity; the volatile ones are read without, to skip that lock when nothing changes.
    private volatile int wanted;
    private volatile int grants;
    private long starvedSince;

    EndpointState(PoolContext<E, C> context, E endpoint, EndpointLimits limits) {
        this.context = context;
        this.endpoint = endpoint;
        this.limits = limits;
        this.attention = context.isInOrder ? IN_ORDER : 0;
    }

    // ---- attention

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

    // ---- life and limits

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

    private @Nullable ConnectGate gate() {
        return health == null ? null : health.gate;
    }

    /** No connect may start yet. */
    boolean isGated(long now) {
        ConnectGate gate = gate();
        return gate != null && gate.isClosed(now);
    }

    /** Why who asks for the endpoint, or waits for it and for nothing else, must fail; null when he need not. */
    @Nullable
    Failure refusal(long now) {
        ConnectGate gate = gate();
        return gate != null && gate.isRefusing(now) ? gate.refusal(now) : null;
    }

    /** How many connections it may have at the moment. */
    int maxSize(long now) {
        EndpointHealth<E, C> h = health;
        return h == null || h.shrunk == null ? limits.maxSize() : h.shrunk.at(now, limits.maxSize());
    }

    /** Connections that are made, and not on their way out. */
    int established() {
        return held() - attempts.size();
    }

    /** Whether a connection is there that may yet serve somebody. */
    boolean hasLive() {
        for (Slot<E, C> slot : slots.all()) {
            if (slot != null) {
                long word = slot.word();
                int state = Slot.state(word);
                if (state != Slot.CONNECTING && state < Slot.DISPOSING && Slot.flagged(word) == null) {
                    return true;
                }
            }
        }
        return false;
    }

    @Nullable
    EndpointCounters countersOrNull() {
        return counters;
    }

    void addCountersTo(EndpointCounters total) {
        total.slowAcquires += slowAcquires;
        total.slowGranted += slowGranted;
        total.created += created;
        total.pastLeases += pastLeases;
        if (counters != null) {
            total.add(counters);
        }
    }

    EndpointCounters counters() {
        EndpointCounters c = counters;
        if (c == null) {
            c = new EndpointCounters();
            counters = c;
        }
        return c;
    }

    /** The exact time. */
    long now() {
        return context.ticker.exact();
    }

    String label() {
        return context.registry.label(endpoint);
    }

    // ---- waiters

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
