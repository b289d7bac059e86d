package io.genericpool.core.internal;

import io.genericpool.EndpointLimits;
import io.genericpool.SuspendMode;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the pool knows of one endpoint, and the smallest steps that keep it consistent. Everything but the attention bits
 * is guarded by the endpoint's lock, or, where it says so, by that of {@link TotalCapacity}.
 */
@SuppressWarnings("serial") // it is never serialized: see EndpointLock
abstract class EndpointState<E, C> extends EndpointSlots<E, C> {
    private static final long serialVersionUID = 1L;

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

    final E endpoint;

    // Guarded by the lock.
    WaiterQueue<E, C> queue = WaiterQueue.none();
    EndpointLimits limits;
    int size;
    int disposing;
    /** Permits this endpoint owns without a slot; none whenever the lock is free. */
    int credits;

    long sequence;
    int generation;
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

    /** What few endpoints have; made when one does. */
    private @Nullable EndpointExtras extras;

    AttemptList<E, C> attempts = AttemptList.none();

    /** What every endpoint counts; the rest is in {@link #counters}, made when there is something to count. */
    long slowAcquires;

    long slowGranted;
    long created;
    long pastLeases;
    private @Nullable EndpointCounters counters;

    /** Guarded by the lock of TotalCapacity, and read without, to skip that lock when nothing changes. */
    private volatile @Nullable Starvation starvation;

    EndpointState(PoolContext<E, C> context, E endpoint, EndpointLimits limits) {
        super(context);
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

    EndpointExtras extras() {
        EndpointExtras present = extras;
        if (present == null) {
            present = new EndpointExtras();
            extras = present;
        }
        return present;
    }

    void suspension(@Nullable SuspendMode mode) {
        if (mode != null || extras != null) {
            extras().suspension = mode;
        }
        setAttention(SUSPENDED, mode != null);
    }

    boolean isSuspended() {
        return has(SUSPENDED);
    }

    /** Suspended, and whoever asks or waits fails. */
    boolean isSuspendedToFail() {
        return extras != null && extras.suspension == SuspendMode.FAIL;
    }

    /** Null while all is well. */
    @Nullable
    EndpointHealth health() {
        return extras == null ? null : extras.health;
    }

    private @Nullable ConnectGate gate() {
        EndpointHealth h = health();
        return h == null ? null : h.gate;
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
        EndpointHealth h = health();
        return h == null || h.shrunk == null ? limits.maxSize() : h.shrunk.at(now, limits.maxSize());
    }

    /** Connections that are made, and not on their way out. */
    int established() {
        return held() - attempts.size();
    }

    /** Whether a connection is there that may yet serve somebody. */
    boolean hasLive() {
        for (int i = 0; i < places(); i++) {
            Slot<E, C> slot = slotAt(i);
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

    /** The warm-ups that are under way. */
    List<WarmUp> warmUps() {
        return extras == null ? List.of() : extras.warmUps;
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

    void joinQueue(Waiter<E, C> waiter) {
        if (queue.isEmpty()) {
            queue = new WaiterQueue<>(); // dropped when the last one leaves: an endpoint at rest has none
        }
        queue.add(waiter);
    }

    /** Behind a gate that refuses nobody waits in vain: who is not covered, and whom no live connection could serve, fails. */
    void failHopeless(long now, Actions actions) {
        Failure refusal = queue.isEmpty() ? null : refusal(now);
        if (refusal == null) {
            return;
        }
        boolean hasLive = hasLive();
        for (Waiter<E, C> w = queue.first(); w != null; ) {
            Waiter<E, C> next = queue.after(w);
            if (w.cover == null && (w.isNewOnly || !hasLive)) {
                fail(w, refusal, actions);
            }
            w = next;
        }
    }

    void leaveQueue(Waiter<E, C> waiter) {
        Cover<E, C> freed = queue.remove(waiter);
        if (queue.isEmpty()) {
            queue = WaiterQueue.none();
        }
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

    // ---- connects in flight

    void addAttempt(ConnectAttempt<E, C> attempt) {
        if (attempts.size() == 0) {
            attempts = new AttemptList<>();
        }
        attempts.add(attempt);
    }

    void removeAttempt(ConnectAttempt<E, C> attempt) {
        attempts.remove(attempt);
        if (attempts.size() == 0) {
            attempts = AttemptList.none();
        }
    }

    // ---- under the lock of TotalCapacity

    int wanted() {
        Starvation present = starvation;
        return present == null ? 0 : present.wanted;
    }

    void wanted(int count, long now) {
        Starvation present = starvation;
        if (present == null && count > 0) {
            present = new Starvation();
            starvation = present;
        }
        if (present != null) {
            if (present.wanted == 0) {
                present.since = now;
            }
            present.wanted = count;
            dropStarvation(present);
        }
    }

    /** One permit is granted to an endpoint that wants some. True when it wants more. */
    boolean grantOne() {
        Starvation present = Objects.requireNonNull(starvation);
        present.grantOne(now());
        return present.wanted > 0;
    }

    int grants() {
        Starvation present = starvation;
        return present == null ? 0 : present.grants;
    }

    int takeGrants() {
        Starvation present = starvation;
        if (present == null) {
            return 0;
        }
        int taken = present.grants;
        present.grants = 0;
        dropStarvation(present);
        return taken;
    }

    private void dropStarvation(Starvation present) {
        if (present.wanted == 0 && present.grants == 0) {
            starvation = null;
        }
    }

    void starvesSince(long now) {
        Objects.requireNonNull(starvation).since = now;
    }

    long starvedSince() {
        return Objects.requireNonNull(starvation).since;
    }
}
