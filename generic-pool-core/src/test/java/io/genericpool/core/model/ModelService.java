package io.genericpool.core.model;

import static io.genericpool.DisposeReason.*;
import static io.genericpool.core.model.State.*;

import io.genericpool.DisposeReason;
import io.genericpool.core.model.ModelState.Ask;
import io.genericpool.core.model.ModelState.Conn;
import io.genericpool.core.model.ModelState.Endpoint;
import io.genericpool.core.model.ModelState.Trouble;
import io.genericpool.core.model.ModelState.Waiter;
import io.genericpool.core.model.ModelState.Warm;
import io.genericpool.core.model.TraceLog.Entry;
import io.genericpool.core.model.TraceLog.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Who gets what: connections that can serve, room, connects. */
abstract class ModelService extends ModelPermits {
    final List<Waiter> decided = new ArrayList<>();
    private long idleOrder;
    /** While waiters are served: whether an idle connection may be left. */
    private boolean mayBeIdle;

    /** Whether a waiter was refused a permit in this step. */
    private boolean isPermitWanted;

    /** The request whose own call this is. */
    Waiter entering;

    ModelService(TraceConfig config) {
        super(config);
    }

    // ---- requests end

    void end(Waiter w, Outcome outcome) {
        Tally figures = w.at == null ? tally : w.at.tally;
        if (w.outcome == Outcome.WAITING) decided.add(w);
        else figures.add(w.outcome.count, -1);
        figures.add(outcome.count, 1);
        w.outcome = outcome;
        if (w.deadline != null) w.deadline.cancel();
        leaveQueue(w);
    }

    /** What was on its way for it is for the oldest that can take it. */
    void leaveQueue(Waiter w) {
        Conn freed = w.cover;
        if (w.at == null || !w.at.queue.remove(w)) return;
        if (freed != null) uncover(freed);
        giveTurnBack(w);
        w.isLinked = false;
        if (freed != null) for (Waiter o : w.at.queue) if (freed.covers == null) passOn(freed, o);
    }

    private void passOn(Conn freed, Waiter w) {
        boolean mayTake = isWaiting(w) && w.cover == null && (!w.isTicket || w.isLinked) && accepts(freed, w);
        if (mayTake && takeTurn(w)) handOver(w, freed);
        else if (mayTake) w.isLinked = false;
    }

    /** Those that wait fail. @return how many */
    int failAll(Endpoint p, Trouble why) {
        int failed = 0;
        for (Waiter w = first(p); w != null; w = first(p), failed++) fail(p, w, why);
        return failed;
    }

    /** A ticket stays where no connect can be opened for it, and its request decides what follows. */
    void fail(Endpoint p, Waiter w, Trouble why) {
        if (!w.isTicket) {
            end(w, why.outcome);
            return;
        }
        goOnLater(w);
        if (why == Trouble.CONNECT_FAILED || why == Trouble.REFUSED) {
            meet(w, why);
            giveTurnBack(w);
        } else if (fail(w, why)) {
            if (why == Trouble.CLOSED) decide(w.ask, Outcome.CLOSED);
            leaveQueue(w);
        }
    }

    /** The request of a group has an outcome. */
    void decide(Ask ask, Outcome outcome) {
        if (ask.request.outcome != Outcome.WAITING) return;
        ask.request.outcome = outcome;
        decided.add(ask.request);
        if (ask.request.deadline != null) ask.request.deadline.cancel();
    }

    void lease(Conn c, Waiter w) {
        if (w.isTicket) leaseTicket(c, w);
        else leaseTo(c, w);
    }

    /** One of the tickets serves its request, which counts there. */
    private void leaseTicket(Conn c, Waiter t) {
        Waiter w = t.ask.request;
        goOnLater(t);
        take(c, w);
        c.at.tally.add(Count.ACQUIRES, 1);
        c.at.tally.add(Count.GRANTED, 1);
        t.ask.served = t;
        decide(t.ask, Outcome.GRANTED);
        leaveQueue(t);
    }

    private void take(Conn c, Waiter w) {
        w.at = c.at;
        w.got = c;
        c.holder = w;
        c.since = coarse();
        c.leases++;
        move(c, LEASED);
    }

    private void leaseTo(Conn c, Waiter w) {
        take(c, w);
        end(w, Outcome.GRANTED);
        if (rejectsCompletions && w.isAsync && w != entering) work.add(() -> unlease(c, Outcome.UNDELIVERABLE, null));
    }

    /** A lease that its requester never gets: the connection serves others, or goes. */
    void unlease(Conn c, Outcome instead, DisposeReason reason) {
        c.leases--;
        end(c.holder, instead);
        if (reason == null) offer(c, false);
        else discard(c, reason);
    }

    // ---- connections come back

    /** A connection that can serve must go, or gives way, or makes room, or is handed to a waiter, or is idle. */
    void offer(Conn c, boolean isFresh) {
        Endpoint p = c.at;
        Waiter taker = taker(c, isFresh);
        boolean makesRoom = !isFresh && needsRoom(c);
        DisposeReason reason = mustGo(c);
        if (reason != null) dispose(c, reason);
        else if (isOverfull()) dispose(c, RESIZED);
        else if (givesWay(c, taker != null && !makesRoom, isFresh ? TraceConfig.OFF : window(p))) dispose(c, PRESSURE);
        else if (makesRoom) disposeFor(c, first(p));
        else if (taker != null && !c.isSuspect) lease(c, taker);
        else rest(c);
        serve(p, null);
    }

    private void rest(Conn c) {
        c.idleOrder = ++idleOrder;
        move(c, IDLE);
    }

    DisposeReason mustGo(Conn c) {
        if (c.isMarked()) return c.isDead ? DEAD : c.isEvicted ? EVICTED : MAX_LEASES;
        if (isClosed || c.expiresAt <= coarse()) return isClosed ? CLOSED : MAX_LIFETIME;
        return c.leases >= config.maxLeases ? MAX_LEASES : c.at.held() > c.at.limits.maxSize() ? RESIZED : null;
    }

    private Waiter taker(Conn c, boolean isFresh) {
        if (c.at.mode != null) return null;
        for (Waiter w : c.at.queue) {
            if (isWaiting(w) && (!w.isNew || (isFresh && w.sequence <= c.startSequence))) return w;
        }
        return null;
    }

    /** The oldest waiter can have a new one only in the place of this one; where the pool is full, after a window. */
    private boolean needsRoom(Conn c) {
        Endpoint p = c.at;
        Waiter w = p.mode != null ? null : first(p);
        if (w == null || !w.isNew || w.cover != null || isGated(p) || isClogged(p)) return false;
        boolean isDue = p.wanted > 0 && pressure > 0 && now - Math.max(c.connectedAt, w.startedAt) >= window(p);
        return isDue || p.conns.size() >= p.limits.maxSize();
    }

    // ---- connections go

    void disposed(Conn c) {
        Endpoint p = c.at;
        Waiter owedTo = uncover(c);
        remove(c);
        p.tally.addDisposed(c.reason);
        if (!c.isOwed) disposing--;
        boolean isKept = c.isOwed && owedTo != null && !isClosed && p.mode == null && used <= max;
        if (!isKept) release();
        else if (hasRoom(p)) cover(owedTo, start(p, null, false));
        else p.permits++;
        serve(p, null);
    }

    // ---- an endpoint is served

    /** The oldest waiters first, then what operators and minIdle ask for; then what is left over is handed on. */
    void serve(Endpoint p, Waiter arriving) {
        boolean isOpen = !isClosed && p.mode == null;
        isPermitWanted = false;
        if (isOpen) for (Waiter w : List.copyOf(p.queue)) if (isHopelessNow(p, w)) fail(p, w, Trouble.REFUSED);
        if (isOpen) serveWaiters(p, arriving);
        warmUp(p, isOpen);
        if (isOpen) refill(p);
        passTurnsOn(p, isPermitWanted);
        int room = Math.min(p.limits.maxSize() - p.conns.size(), p.limits.maxConnects() - p.tally.of(CONNECTING));
        want(p, isOpen && hasRoom(p) ? Math.min(p.uncovered(), room) : 0);
        for (; p.permits > 0; p.permits--) release();
        if (pressure > 0) work.add(this::relieve);
        if (isEmpty(p) && (isClosed || !isGated(p))) retire(p);
        watchGate(p);
    }

    /** A ticket whose trouble is known may stay. */
    private boolean isHopelessNow(Endpoint p, Waiter w) {
        return isWaiting(w) && isHopeless(p, w) && (!w.isTicket || trouble(w) == null);
    }

    private void serveWaiters(Endpoint p, Waiter arriving) {
        mayBeIdle = true;
        boolean mayConnect = true;
        Waiter oldest = first(p);
        for (Waiter w : List.copyOf(p.queue)) {
            if (!isWaiting(w)) continue;
            if (w.isTicket) {
                mayConnect = serveTicket(p, w, mayConnect);
            } else if (w.isNew && w.cover == null) {
                mayConnect = mayConnect && connect(p, w);
                if (!mayConnect && (w == oldest || w == arriving)) makeRoom(p, w);
            } else if (!w.isNew && !(mayBeIdle && giveIdle(p, w)) && w.cover == null && !(mayBeIdle && check(p, w))) {
                mayBeIdle = false;
                mayConnect = mayConnect && (coverByFree(p, w) || connect(p, w));
            }
        }
    }

    /** It takes what is idle in any case; something is started for it only with the turn of its request. */
    private boolean serveTicket(Endpoint p, Waiter t, boolean mayConnect) {
        if ((mayBeIdle && giveIdle(p, t)) || t.cover != null || !t.isLinked) return mayConnect;
        boolean needsTurn = !t.hasTurn, wasPermitWanted = isPermitWanted;
        boolean mayConnectIt = mayConnect && !isHeldBack(p, t);
        if (needsTurn) {
            mayBeIdle = mayBeIdle && stale(p) != null;
            boolean isFull = mayConnectIt && !mayBeIdle && !mayStart(p, t) && freeFor(p, t) == null;
            if (isFull) return false;
            if (!mayBeIdle && !mayConnectIt) return mayConnect;
            t.isLinked = takeTurn(t);
            if (!t.isLinked) return mayConnect;
        }
        mayBeIdle = mayBeIdle && check(p, t);
        boolean isGoingOn = mayBeIdle || !mayConnectIt ? mayConnect : coverByFree(p, t) || connect(p, t);
        if (needsTurn && (t.cover != null || (isPermitWanted && !wasPermitWanted))) startedLater(t);
        else if (needsTurn && giveTurnBack(t)) goOnLater(t);
        return isGoingOn;
    }

    private boolean mayStart(Endpoint p, Waiter w) {
        return w.timeout > 0 && hasRoom(p);
    }

    /** A connect has failed for it; or its member was down until lately, and opens one at a time. */
    boolean isHeldBack(Endpoint p, Waiter t) {
        return isSpent(t) || (t.isPaced && p.tally.of(CONNECTING) > 0 && freeFor(p, t) == null);
    }

    boolean giveIdle(Endpoint p, Waiter w) {
        Conn c = usable(p);
        if (config.fifo && w.timeout > 0 && !w.isTicket && waitsInOrder(p, w, c)) return false;
        if (w.isTicket) expireSeen(p);
        else expire(p);
        if (c != null) lease(c, w);
        return c != null;
    }

    /** The one idle longest must be checked first, or is being checked for it, and nobody else can use that check. */
    boolean waitsInOrder(Endpoint p, Waiter w, Conn usable) {
        Conn stale = stale(p);
        boolean isStaleFirst = stale != null && (usable == null || stale.idleOrder < usable.idleOrder);
        boolean isForIt = w.cover == null ? isStaleFirst : w.cover.state == CHECKING;
        return isForIt && p.queue.stream().allMatch(o -> o == w || (!o.isTicket && (o.cover != null || o.isNew)));
    }

    void expire(Endpoint p) {
        disposeIdle(p, c -> c.expiresAt <= coarse(), MAX_LIFETIME);
    }

    /** In order, a look for what needs no check does not come across one that is known to need it. */
    void expireSeen(Endpoint p) {
        Predicate<Conn> isSeen = c -> !config.fifo || log.find(Kind.DISPOSE, c.id, MAX_LIFETIME) < log.entries.size();
        disposeIdle(p, isSeen.and(c -> c.expiresAt <= coarse()), MAX_LIFETIME);
    }

    private boolean check(Endpoint p, Waiter w) {
        Conn stale = stale(p);
        if (stale != null) check(stale, w);
        return stale != null;
    }

    /** Checks a connection, for a waiter or for nobody. */
    abstract void check(Conn c, Waiter w);

    private boolean coverByFree(Endpoint p, Waiter w) {
        Conn free = freeFor(p, w);
        if (free != null) cover(w, free);
        return free != null;
    }

    /** A connect in flight that is meant for nobody, and has been for longest. */
    Conn freeFor(Endpoint p, Waiter w) {
        Conn longest = null;
        for (Conn c : p.conns) {
            boolean isFree = c.state == CONNECTING && c.covers == null && c.generation == p.generation;
            if (isFree && accepts(c, w) && (longest == null || c.freeSince < longest.freeSince)) longest = c;
        }
        return longest;
    }

    private boolean accepts(Conn c, Waiter w) {
        return c.isOwed ? w.isNew : !w.isNew || (c.state == CONNECTING && w.sequence <= c.startSequence);
    }

    /** Whether the next in line may try, too. */
    private boolean connect(Endpoint p, Waiter w) {
        if (w.timeout == 0 || !hasRoom(p)) return w.timeout == 0;
        if (p.permits == 0 && !isPermitFree()) {
            isPermitWanted = true;
            return false;
        }
        if (p.permits > 0) p.permits--;
        else used++;
        cover(w, start(p, null, false));
        return true;
    }

    private void makeRoom(Endpoint p, Waiter w) {
        boolean isFullPool = p.permits == 0 && !isPermitFree() && w.timeout > 0;
        boolean isFull = p.conns.size() >= p.limits.maxSize() || (isFullPool && p.isReserved());
        boolean mayConnect = p.tally.of(CONNECTING) < p.limits.maxConnects() && !isGated(p) && !isClogged(p);
        Conn longest = isFull && mayConnect ? longestIdle(p.conns, c -> true, PRESSURE) : null;
        if (longest != null) disposeFor(longest, w);
    }

    private void warmUp(Endpoint p, boolean isOpen) {
        for (Warm w : List.copyOf(p.warmUps)) {
            if (!isOpen || w.generation != p.generation || w.isCancelled) w.budget = 0;
            for (; w.budget > 0 && p.held() < w.target && startFreely(p, w, false); w.budget--) w.inFlight++;
            boolean mayGoOn = p.tally.of(CONNECTING) > 0 || (isGated(p) && !p.isGateRefusing);
            if (w.inFlight == 0 && !(mayGoOn && w.budget > 0 && p.held() < w.target)) w.isDone = p.warmUps.remove(w);
        }
    }

    private void refill(Endpoint p) {
        boolean isDue = config.collector && !p.isRefillPaused && p.warmUps.isEmpty() && p.held() < p.minIdle();
        if (isDue && p.conns.stream().noneMatch(c -> c.state == CONNECTING && c.isRefill)) startFreely(p, null, true);
    }

    /** With a permit that nobody else needs. */
    private boolean startFreely(Endpoint p, Warm warm, boolean isRefill) {
        boolean may = p.uncovered() == 0 && hasRoom(p) && isPermitFree();
        if (may) used++;
        if (may) start(p, warm, isRefill);
        return may;
    }

    private boolean hasRoom(Endpoint p) {
        boolean isFull = p.conns.size() >= p.limits.maxSize() || p.tally.of(CONNECTING) >= p.limits.maxConnects();
        return !isFull && !isGated(p) && !isClogged(p);
    }

    /** Starts a connect: the governor may not allow it, the executor not take it. */
    private Conn start(Endpoint p, Warm warm, boolean isRefill) {
        var c = new Conn();
        c.at = p;
        c.warm = warm;
        c.isRefill = isRefill;
        c.generation = p.generation;
        c.startSequence = p.sequence;
        c.createdBefore = p.tally.of(Count.CREATED);
        c.connectedAt = now;
        p.conns.add(c);
        setFree(c);
        conns.add(c);
        move(c, CONNECTING);
        Entry entry = rejectsConnects ? null : log.claimConnect(p.index, c);
        if (rejectsConnects) work.add(() -> connectFailed(c));
        else if (entry == null) throw new AssertionError("missing: a connect to e" + p.index);
        c.id = entry == null ? 0 : entry.call;
        if (entry != null && entry.kind == Kind.CREATE) begin(c, entry, config.connectTimeout);
        return c;
    }

    abstract void connectFailed(Conn c);

    // ---- idle connections

    Conn usable(Endpoint p) {
        return pick(
                p.conns,
                c -> !c.isSuspect && c.usableUntil > coarse(),
                c -> config.fifo ? c.idleOrder : 0,
                Kind.OUTCOME,
                null);
    }

    /** One that must be checked before it is handed out. */
    Conn stale(Endpoint p) {
        Predicate<Conn> isStale = c -> (c.isSuspect || c.usableUntil <= coarse()) && c.expiresAt > coarse();
        return pick(p.conns, isStale, c -> config.fifo ? c.idleOrder : 0, checked(), null);
    }

    /** How the log tells of a connection that is checked: one whose check is rejected goes at once. */
    Kind checked() {
        return config.instantChecks ? Kind.INSTANT_CHECK : rejectsConnects ? Kind.DISPOSE : Kind.CHECK;
    }

    // ---- an endpoint is ill

    /** Connects wait, for the governor has said so. */
    boolean isGated(Endpoint p) {
        return p.gateUntil > now;
    }

    /** So many connects were abandoned and have not ended that no other starts. */
    boolean isClogged(Endpoint p) {
        return p.stuckConnects >= Math.max(p.limits.maxSize(), p.limits.maxConnects());
    }

    /** Connects are refused, or start too late for it, and no connection could serve it. */
    boolean isHopeless(Endpoint p, Waiter w) {
        boolean isLate = isGated(p) && p.gateUntil > w.startedAt + w.timeout;
        boolean isInVain = p.tally.of(CONNECTING) == 0 && w.timeout > 0 && (isLate || isClogged(p));
        boolean isRefused = w.cover == null && ((isGated(p) && p.isGateRefusing) || isInVain);
        return isRefused && (w.isNew || p.conns.stream().noneMatch(c -> c.isLive() && !c.isMarked()));
    }

    /** The endpoint is served when its gate opens. */
    private void watchGate(Endpoint p) {
        boolean isNeeded = isGated(p) && !isClosed && endpoints[p.index] == p;
        if (p.opening != null && isNeeded && p.opening.due <= p.gateUntil) return;
        if (p.opening != null) p.opening.cancel();
        p.opening = isNeeded ? schedule(p.gateUntil - now, () -> gateOpens(p)) : null;
    }

    private void gateOpens(Endpoint p) {
        p.opening = null;
        serve(p, null);
    }

    /** Whether the death of a connection says something of the others: not when it was to go, or was a suspect. */
    boolean isNewsOfDeath(Conn c) {
        return c.isLive() && !c.isMarked() && !c.isSuspect && !(c.state == CHECKING && c.wasSuspect);
    }

    /** One has died of an error: those that are there are checked before their next lease, or go. */
    void suspectAll(Endpoint p) {
        for (Conn c : p.conns) {
            c.isSuspect |= config.checks && c.isLive();
            c.isEvicted |= !config.checks && c.isLive();
        }
        if (!config.checks) disposeIdle(p, c -> true, EVICTED);
    }

    // ---- endpoints leave

    boolean isEmpty(Endpoint p) {
        boolean isKept = !isClosed && (p.isResized || p.mode != null || (config.collector && p.minIdle() > 0));
        boolean isUsed = !p.conns.isEmpty() || !p.queue.isEmpty() || !p.warmUps.isEmpty() || p.wanted + p.permits > 0;
        return !isKept && !isUsed && p.tally.of(Count.ABANDONED) == 0 && endpoints[p.index] == p;
    }

    void retire(Endpoint p) {
        endpoints[p.index] = null;
        members--;
        watchGate(p);
    }
}
