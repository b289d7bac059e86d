package io.genericpool.core.internal.endpoint;

import io.genericpool.EndpointLimits;
import io.genericpool.PoolConfig;
import io.genericpool.SuspendMode;
import io.genericpool.core.internal.capacity.EndpointShare;
import io.genericpool.core.internal.capacity.Starvation;
import io.genericpool.core.internal.capacity.Tenant;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.queue.AttemptList;
import io.genericpool.core.internal.queue.ConnectAttempt;
import io.genericpool.core.internal.queue.Cover;
import io.genericpool.core.internal.queue.Failure;
import io.genericpool.core.internal.queue.GroupTicket;
import io.genericpool.core.internal.queue.Waiter;
import io.genericpool.core.internal.queue.WaiterQueue;
import io.genericpool.core.internal.queue.WarmUp;
import io.genericpool.core.internal.slot.Slot;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the pool knows of one endpoint, and the smallest steps that keep it consistent. Everything but the attention bits
 * is guarded by the endpoint's lock, or, where it says so, by that of {@code TotalCapacity}.
 */
@SuppressWarnings("serial") // it is never serialized: see EndpointLock
public abstract class EndpointState<E, C> extends EndpointSlots<E, C> {
    private static final long serialVersionUID = 1L;

    /** A request is queued. */
    public static final int WAITERS = 1;
    /** Nothing is handed out until {@code resume}. */
    static final int SUSPENDED = 2;
    /** The order of becoming idle is exact, so that no CAS outside the lock may change it. */
    static final int IN_ORDER = 4;
    /** More connections than maxSize are held: releases must dispose. */
    static final int OVER_SIZE = 8;
    /** The pool is closed. */
    public static final int CLOSED = 16;
    /** The endpoint has left the pool: look it up again. */
    public static final int REMOVED = 32;

    /** The least overtake window that the pool chooses: 10 ms. */
    private static final long LEAST_WINDOW = 10_000_000L;

    /** The longest: an endpoint that is slow to connect to must not keep others waiting for as long. */
    private static final long MOST_WINDOW = 1_000_000_000L;

    public final E endpoint;
    public final Tenant<E, C> tenant;

    // Guarded by the lock.
    public WaiterQueue<E, C> queue = WaiterQueue.none();
    public EndpointLimits limits;
    public int size;
    public int disposing;
    /** Permits this endpoint owns without a slot; none whenever the lock is free. */
    public int credits;

    public long sequence;
    public int generation;
    public long lastTouch;
    private boolean isTouched;
    public boolean isRetained;
    /** The moving average of its connect times, in microseconds; 0 while not known. */
    private int connectMicros;
    /** A look has found that no connection may yet serve a request; only a connect changes that. */
    private boolean noneLive;
    /** Its limits were set by {@code resize}: the endpoint stays in the pool. */
    public boolean isResized;
    /** The last connect for minIdle failed: no other before the next sweep. */
    public boolean isRefillPaused;

    /** Its share of a limit that other processes have shares of; null where there is none. */
    public final @Nullable EndpointShare share;

    /** What few endpoints have; made when one does. */
    private volatile @Nullable RareEndpointState extras;

    public AttemptList<E, C> attempts = AttemptList.none();

    /** What every endpoint counts; the rest is in {@link #counters}, made when there is something to count. */
    public long slowAcquires;

    public long slowGranted;
    public long created;
    public long pastLeases;
    private @Nullable EndpointCounters counters;

    /** Guarded by the lock of TotalCapacity, and read without, to skip that lock when nothing changes. */
    private volatile @Nullable Starvation starvation;

    public EndpointState(EndpointContext<E, C> context, E endpoint, EndpointLimits limits, Tenant<E, C> tenant) {
        super(context, context.fifo);
        this.endpoint = endpoint;
        this.tenant = tenant;
        this.limits = limits;
        this.share = context.settings.sharedLimits == null ? null : new EndpointShare();
        this.attention = context.fifo ? IN_ORDER : 0;
    }

    @Override
    public final E endpoint() {
        return endpoint;
    }

    @Override
    public final Tenant<E, C> tenant() {
        return tenant;
    }

    // ---- attention

    public boolean has(int bits) {
        return (attention & bits) != 0;
    }

    /** The request that was woken without a connection and has not looked yet; see {@link Overtaking}. */
    public @Nullable Waiter<E, C> woken;

    void setAttention(int bit, boolean on) {
        int before = attention;
        int after = on ? before | bit : before & ~bit;
        if (after != before) {
            attention = after;
        }
    }

    // ---- life and limits

    /** Connections made before are void from now on, and what was said or counted of the endpoint. */
    void beginGeneration() {
        generation++;
        openGate();
        if (counters != null) {
            counters.stuckConnects = 0;
        }
    }

    /** Sets the limits, and whether they hold the endpoint in the pool. */
    void setLimits(EndpointLimits newLimits, boolean areItsOwn) {
        isResized = areItsOwn;
        limits = newLimits;
        updateOverSize();
    }

    void updateOverSize() {
        setAttention(OVER_SIZE, held() > mostHeld());
    }

    /** As many connections it may keep. */
    int mostHeld() {
        return Math.min(limits.maxSize(), shareLeft());
    }

    /** What its share leaves it: calls that were abandoned may have a connection open. */
    private int shareLeft() {
        // I60: they count until they come back
        EndpointShare present = share;
        return present == null ? Integer.MAX_VALUE : Math.max(0, present.limit() - abandoned());
    }

    public int abandoned() {
        return counters == null ? 0 : counters.abandoned;
    }

    /** How many connections it would open for requests if its share allowed it. */
    int unmetByShare(long now) {
        boolean mayConnect = !has(CLOSED | REMOVED) && !isSuspended() && !isGated(now) && !isClogged();
        return mayConnect ? Math.max(0, Math.min(queue.uncovered(), ownMaxSize(now) - size)) : 0;
    }

    public int held() {
        return size - disposing;
    }

    public int effectiveMinIdle() {
        return isRetained ? limits.minIdle() : 0;
    }

    void touch(long now) {
        lastTouch = now;
        isTouched = true;
        isRetained = true;
    }

    public boolean isTouched() {
        return isTouched;
    }

    public RareEndpointState extras() {
        RareEndpointState present = extras;
        if (present == null) {
            present = new RareEndpointState();
            extras = present;
        }
        return present;
    }

    /** Without the lock too, for what is volatile in it. */
    public @Nullable RareEndpointState extrasOrNull() {
        return extras;
    }

    /** Suspends, or resumes when the mode is null. */
    public void suspend(@Nullable SuspendMode mode) {
        if (mode != null || extras != null) {
            extras().suspension = mode;
        }
        updateSuspended();
    }

    /** The pool is at rest, or is not when the mode is null; its own suspension stays as it is. */
    void rest(@Nullable SuspendMode mode) {
        if (mode != null || extras != null) {
            extras().rest = mode;
        }
        updateSuspended();
    }

    private void updateSuspended() {
        RareEndpointState present = extras;
        setAttention(SUSPENDED, present != null && (present.suspension != null || present.rest != null));
    }

    public boolean isSuspended() {
        return has(SUSPENDED);
    }

    /** Suspended by its own {@code suspend}, whether the pool is at rest or not. */
    public boolean isSuspendedItself() {
        RareEndpointState present = extras;
        return present != null && present.suspension != null;
    }

    /** Suspended, and requests fail. */
    boolean isSuspendedToFail() {
        RareEndpointState present = extras;
        return present != null && (present.suspension == SuspendMode.FAIL || present.rest == SuspendMode.FAIL);
    }

    /** Null while all is well. */
    public @Nullable ConnectRestrictions restrictionsOrNull() {
        RareEndpointState present = extras;
        return present == null ? null : present.restrictions;
    }

    /** At the end of a step: forgets what is over, and sees to it that what is not is looked at in time. */
    void settleRestrictions(long now, Actions actions) {
        ConnectRestrictions h = restrictionsOrNull();
        if (h == null) {
            return;
        }
        if (h.isOver(now, limits.maxSize()) || has(CLOSED | REMOVED)) {
            h.end(actions);
            extras().restrictions = null;
        } else {
            h.watch(queue.uncovered() > 0, now, actions);
        }
    }

    private @Nullable ConnectGate gate() {
        ConnectRestrictions h = restrictionsOrNull();
        return h == null ? null : h.gate;
    }

    /** What the governor has said before does not hold any more. */
    void openGate() {
        ConnectRestrictions h = restrictionsOrNull();
        if (h != null) {
            h.gate = null;
        }
    }

    /** No connect may start yet. */
    boolean isGated(long now) {
        ConnectGate gate = gate();
        return gate != null && gate.isClosed(now);
    }

    /** No connect may start yet, and those that nothing else can serve fail. */
    boolean isRefused(long now) {
        ConnectGate gate = gate();
        return gate != null && gate.isRefusing(now);
    }

    /** Why a request that is not queued must fail rather than wait; null when it may wait. */
    @Nullable
    Failure refusal(Waiter<E, C> waiter, long now) {
        return (isGated(now) || isClogged()) && isHopeless(waiter, hasLive(), now) ? refusal(now) : null;
    }

    /**
     * Whether waiting is in vain: no connection is there that could serve the request, and no connect may start before its
     * deadline, or before the governor wants those who wait to fail.
     */
    private boolean isHopeless(Waiter<E, C> waiter, boolean hasLive, long now) {
        if (waiter.cover != null || (hasLive && !waiter.isNewOnly)) {
            return false;
        }
        ConnectGate gate = gate();
        if (gate != null && gate.isRefusing(now)) {
            return true;
        }
        // One that is in flight may succeed, and open the gate; and a request that does not wait is told so.
        boolean mayHope = attempts.size() > 0 || waiter.timeout == 0;
        return !mayHope && (isClogged() || (gate != null && gate.outlives(waiter.startedAt + waiter.timeout, now)));
    }

    private Failure refusal(long now) {
        ConnectGate gate = gate();
        if (gate == null || !gate.isClosed(now)) {
            return Failure.clogged(counters().stuckConnects, context.settings.connectTimeout);
        }
        Throwable cause = gate.cause();
        return Failure.refused(
                cause == null && counters != null ? counters.lastConnectFailure : cause, gate.closedFor(now));
    }

    /** So many connects were abandoned, and hold a thread and perhaps a socket each, that none may start any more. */
    boolean isClogged() {
        // I25: none starts beside so many that did not come back
        return counters != null && counters.stuckConnects >= Math.max(limits.maxSize(), limits.maxConnects());
    }

    /** How many connections it may have at the moment. */
    public int maxSize(long now) {
        return Math.min(ownMaxSize(now), shareLeft());
    }

    /** As {@link #maxSize}, as far as this process alone is concerned. */
    public int ownMaxSize(long now) {
        ConnectRestrictions h = restrictionsOrNull();
        ReducedLimit reduced = h == null ? null : h.reduced; // once: some read it without the lock
        return reduced == null ? limits.maxSize() : reduced.at(now, limits.maxSize());
    }

    /** Connections that are made, and not on their way out. */
    public int established() {
        return held() - attempts.size();
    }

    /**
     * It has no more connections than are reserved for it: none goes for another endpoint. The search for victims reads this
     * without the lock; a thread that disposes one asks again under it.
     */
    @Override
    public boolean isReserved() {
        int reserved = limits.reserved();
        return reserved > 0 && established() <= reserved;
    }

    /** Whether a connection is there that may yet serve a request. */
    public boolean hasLive() {
        if (noneLive) {
            return false;
        }
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
        noneLive = true;
        return false;
    }

    /** The warm-ups that are under way. */
    public List<WarmUp> warmUps() {
        RareEndpointState present = extras;
        return present == null ? List.of() : present.warmUps;
    }

    @Nullable
    EndpointCounters countersOrNull() {
        return counters;
    }

    public void addCountersTo(EndpointCounters total) {
        total.slowAcquires += slowAcquires;
        total.slowGranted += slowGranted;
        total.created += created;
        total.pastLeases += pastLeases;
        if (counters != null) {
            total.add(counters);
        }
    }

    public EndpointCounters counters() {
        EndpointCounters c = counters;
        if (c == null) {
            c = new EndpointCounters();
            counters = c;
        }
        return c;
    }

    /** A connect has taken so many nanoseconds. */
    public void sampleConnectTime(long nanos) {
        int sample = (int) Math.min(Integer.MAX_VALUE, nanos / 1_000);
        connectMicros = connectMicros == 0 ? sample : connectMicros + (sample - connectMicros) / 8;
    }

    /** How long a connection of this endpoint serves it while another one starves. */
    public long overtakeWindow() {
        long set = context.settings.overtakeWindow;
        return set >= 0 ? set : Math.min(MOST_WINDOW, Math.max(LEAST_WINDOW, 2_000L * connectMicros));
    }

    /** The exact time. */
    public long now() {
        return context.ticker.exact();
    }

    @Override
    public String label() {
        return context.settings.labels.of(endpoint);
    }

    // ---- waiters

    /** A waiter's request fails, if it still waits. */
    public void fail(Waiter<E, C> waiter, Failure why, Actions actions) {
        EndpointCounters counted = counters();
        if (!waiter.isEntering()) {
            actions.add(waiter); // before it is decided: afterwards nothing needs memory
        }
        if (waiter instanceof GroupTicket<E, C> ticket && ticket.tryMeet(why)) {
            queue.giveTurnBack(ticket);
            return;
        }
        if (!waiter.tryFail(why)) {
            return;
        }
        if (!waiter.isTicket()) { // a request of a group counts once, at its end
            counted.failed += why.kind == Failure.Kind.CREATE ? 1 : 0;
            counted.rejected += why.kind == Failure.Kind.CREATE ? 0 : 1;
        }
        leaveQueue(waiter);
    }

    /** All waiters fail. @return how many */
    int failAll(Failure why, Actions actions) {
        int failed = 0;
        for (Waiter<E, C> w = queue.first(); w != null; w = queue.first()) {
            fail(w, why, actions);
            failed++;
        }
        return failed;
    }

    void joinQueue(Waiter<E, C> waiter) {
        if (queue.isEmpty()) {
            queue = new WaiterQueue<>(); // dropped when the last one leaves: an endpoint at rest has none
        }
        waiter.sequence = ++sequence;
        queue.add(waiter);
    }

    /** Where no connect may start, no request waits in vain. */
    void failHopeless(long now, Actions actions) {
        if (queue.isEmpty() || !(isGated(now) || isClogged())) {
            return;
        }
        ConnectRestrictions restrictions = restrictionsOrNull();
        boolean hasLive = hasLive();
        if (restrictions != null) {
            // Once a walk has found that all the others may wait, it need not be repeated: who comes later is looked at
            // then.
            boolean isSettled = !hasLive && attempts.size() == 0 && queue.covered() == 0 && !isClogged();
            if (isSettled && restrictions.settledGate == restrictions.gate) {
                return;
            }
            restrictions.settledGate = isSettled ? restrictions.gate : null;
        }
        Failure refusal = null;
        for (Waiter<E, C> w = queue.firstOfKinds(); w != null; ) {
            Waiter<E, C> next = queue.afterOfKinds(w);
            if (isHopeless(w, hasLive, now) && !isKnownHopeless(w)) {
                refusal = refusal == null ? refusal(now) : refusal;
                fail(w, refusal, actions);
            }
            w = next;
        }
    }

    /** A ticket that was told stays: its request may be served elsewhere. */
    private static boolean isKnownHopeless(Waiter<?, ?> waiter) {
        return waiter instanceof GroupTicket<?, ?> ticket && ticket.trouble() != null;
    }

    /**
     * How many wait for a connection of others. Those do not count for whom something is on its way, or for whom there is
     * room: a place of the endpoint and a permit that is free, or on its way.
     */
    private int waiting(long now) {
        boolean hasRoom = !isSuspended() && !isGated(now) && !isClogged();
        boolean isShareInSight = share == null || share.isInSight();
        int room = hasRoom ? Math.max(0, (isShareInSight ? ownMaxSize(now) : maxSize(now)) - size) : 0;
        return room == 0 ? queue.uncovered() : queue.uncovered() - Math.min(room, context.capacity.inSight(this));
    }

    /** Whether a request that has just been queued is one too many. */
    public boolean isTooMany(Waiter<E, C> waiter, long now) {
        int most = limits.maxWaiters();
        return most != PoolConfig.UNLIMITED && queue.isUnserved(waiter) && waiting(now) > most;
    }

    public void leaveQueue(Waiter<E, C> waiter) {
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
        // I10: to the oldest that has none and can take it
        Waiter<E, C> next = queue.oldestUncoveredFor(freed);
        while (next != null && !queue.tryTakeTurn(next)) {
            queue.setAside(next);
            next = queue.oldestUncoveredFor(freed);
        }
        if (next != null) {
            queue.handOver(next, freed);
        }
    }

    /** A request has entered that the fast path could not serve. */
    void countSlowAcquire(long now) {
        slowAcquires++;
        touch(now);
    }

    /** A waiter was handed a lease: it leaves the queue. */
    void delivered(Waiter<E, C> waiter) {
        slowGranted++;
        slowAcquires += waiter.isTicket() ? 1 : 0; // which did not count when it came
        leaveQueue(waiter);
    }

    /** A lease that was delivered is taken back before its requester has seen it. */
    void uncountDelivery() {
        slowGranted--;
        counters().rejected++;
    }

    public void countCreated() {
        created++;
        noneLive = false;
    }

    /** A connect for minIdle has failed: no other before the next sweep. */
    public void pauseRefill() {
        isRefillPaused = true;
    }

    public void resumeRefill() {
        isRefillPaused = false;
    }

    /** Whether it was used lately, so that its {@code minIdle} counts. */
    public void retain(boolean usedLately) {
        isRetained = usedLately;
    }

    /** The next place in the order of requests and of becoming idle. */
    long nextSequence() {
        return ++sequence;
    }

    // ---- connects in flight

    void addAttempt(ConnectAttempt<E, C> attempt) {
        if (attempts.size() == 0) {
            attempts = new AttemptList<>();
        }
        attempts.add(attempt);
    }

    public void removeAttempt(ConnectAttempt<E, C> attempt) {
        if (attempts.size() > 0) {
            attempts.remove(attempt);
        }
        if (attempts.size() == 0) {
            attempts = AttemptList.none();
        }
    }

    // ---- under the lock of TotalCapacity

    @Override
    public int wanted() {
        Starvation present = starvation;
        return present == null ? 0 : present.wanted;
    }

    @Override
    public void setWanted(int count, long now) {
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

    @Override
    public void credit(int permits) {
        credits += permits;
    }

    @Override
    public int abandonedCounted() {
        return share == null ? 0 : share.abandonedCounted;
    }

    @Override
    public void countAbandoned(int calls) {
        if (share != null) {
            share.abandonedCounted += calls;
        }
    }

    @Override
    public boolean grantOne() {
        Starvation present = Objects.requireNonNull(starvation);
        long now = now();
        present.grantOne(now);
        return present.wanted > 0;
    }

    @Override
    public int grants() {
        Starvation present = starvation;
        return present == null ? 0 : present.grants;
    }

    @Override
    public int takeGrants() {
        Starvation present = starvation;
        if (present == null) {
            return 0;
        }
        int taken = present.grants;
        present.grants = 0;
        credits += taken; // nothing may come in between
        dropStarvation(present);
        return taken;
    }

    private void dropStarvation(Starvation present) {
        if (present.wanted == 0 && present.grants == 0) {
            starvation = null;
        }
    }

    @Override
    public void starvesSince(long now) {
        Objects.requireNonNull(starvation).since = now;
    }

    @Override
    public long starvedSince() {
        return Objects.requireNonNull(starvation).since;
    }
}
