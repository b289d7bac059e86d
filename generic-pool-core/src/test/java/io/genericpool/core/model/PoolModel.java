package io.genericpool.core.model;

import static io.genericpool.DisposeReason.*;
import static io.genericpool.core.model.Count.*;
import static io.genericpool.core.model.State.*;

import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.SuspendMode;
import io.genericpool.core.model.ModelState.*;
import io.genericpool.core.model.TraceLog.Entry;
import io.genericpool.core.model.TraceLog.Kind;
import java.util.*;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * What a pool does, as a sequential program: section 4 of the design without threads, locks or speed. What follows from a
 * step waits in {@code work}. Where the specification leaves a choice (equally old connections, which of the usable ones),
 * the log says what was chosen, and the model whether it was among the allowed.
 */
class PoolModel {
    final TraceConfig config;
    final Endpoint[] endpoints;
    final Endpoint sums = new Endpoint(-1, null);
    final Timers timers = new Timers();
    final Set<Endpoint> starving = new LinkedHashSet<>();
    final List<Waiter> decided = new ArrayList<>();
    private final Map<Integer, Conn> calls = new HashMap<>();
    private final Deque<Runnable> work = new ArrayDeque<>();
    TraceLog log;
    boolean rejectsConnects, rejectsCompletions, isClosed, hasClosed;
    long now, tick, revokesAt, closesAt, connectTime, idleOrder;
    int max, used, members, disposing, pressure, ticks, failedByClose, leasedAtClose, revoked;
    private Waiter entering;

    PoolModel(TraceConfig config) {
        this.config = config;
        endpoints = new Endpoint[config.endpoints];
        max = config.totalMaxSize;
        if (config.collector) timers.schedule(config.tickPeriod, this::tick);
    }

    // ---- requests

    void acquire(Waiter w) {
        Endpoint p = endpoints[w.endpoint];
        Conn idle = p == null || w.isNew || !isFast(p) ? null : usable(p);
        if (idle != null) {
            count(p, ACQUIRES, 1);
            lease(idle, w);
        } else if ((w.at = join(w.endpoint)) == null) {
            count(sums, ACQUIRES, 1);
            end(w, isClosed ? Outcome.CLOSED : Outcome.EXHAUSTED);
        } else {
            entering = w;
            run(() -> enter(w.at, w));
            entering = null;
        }
        acquireHooks(w);
        if (w.outcome == Outcome.WAITING && w.timeout == 0) run(() -> leave(w, Outcome.TIMED_OUT));
        if (w.outcome == Outcome.WAITING) w.deadline = schedule(w.timeout, () -> leave(w, Outcome.TIMED_OUT));
        collect(false);
    }

    /** An idle connection that needs no more than an instant check, or nothing. */
    void tryAcquire(Waiter w) {
        Endpoint p = endpoints[w.endpoint];
        if (p == null || p.mode != null || isClosed || !p.queue.isEmpty()) return;
        run(() -> {
            if (!isFast(p) || usable(p) == null) expire(p);
            Conn c = usable(p);
            for (Conn s = stale(p); c == null && config.instantChecks && s != null; s = stale(p)) {
                move(s, CHECKING);
                s.isSuspect = false;
                c = instantCheck(s) ? s : null;
                if (c != null) stampAlive(c);
                else discard(s, DEAD);
            }
            if (c != null) {
                count(p, ACQUIRES, 1);
                lease(c, w);
            }
        });
        acquireHooks(w);
    }

    private void enter(Endpoint p, Waiter w) {
        count(p, ACQUIRES, 1);
        touch(p);
        Outcome refusal = admit(p, w);
        if (refusal != null) end(w, refusal);
        serve(p, w);
    }

    private Outcome admit(Endpoint p, Waiter w) {
        if (p.mode == SuspendMode.FAIL) return Outcome.UNAVAILABLE;
        boolean mayTakeIdle = !w.isNew && p.mode == null && p.queue.isEmpty();
        if (mayTakeIdle && giveIdle(p, w)) return null;
        if (p.mode == null && isHopeless(p, w)) return Outcome.UNAVAILABLE;
        boolean mayCheckAtOnce = mayTakeIdle && config.instantChecks && stale(p) != null;
        if (w.timeout == 0 && !mayCheckAtOnce) return Outcome.TIMED_OUT;
        if (p.queue.size() >= p.limits.maxWaiters() && !mayCheckAtOnce) return Outcome.EXHAUSTED;
        w.sequence = ++p.sequence;
        p.queue.add(w);
        return null;
    }

    /** By its deadline, or by the requester. */
    void leave(Waiter w, Outcome outcome) {
        end(w, outcome);
        serve(w.at, null);
    }

    private void end(Waiter w, Outcome outcome) {
        Endpoint p = w.at == null ? sums : w.at;
        if (w.outcome == Outcome.WAITING) decided.add(w);
        else count(p, w.outcome.count, -1);
        w.outcome = outcome;
        count(p, outcome.count, 1);
        if (w.deadline != null) w.deadline.isCancelled = true;
        Conn freed = w.cover;
        if (p.queue.remove(w) && freed != null) {
            uncover(freed);
            for (Waiter o : p.queue) if (freed.covers == null && o.cover == null && accepts(freed, o)) cover(o, freed);
        }
    }

    private void lease(Conn c, Waiter w) {
        w.at = c.at;
        w.got = c;
        c.holder = w;
        c.since = coarse();
        c.leases++;
        move(c, LEASED);
        end(w, Outcome.GRANTED);
    }

    private void deliver(Conn c, Waiter w) {
        lease(c, w);
        if (rejectsCompletions && w.isAsync && w != entering)
            work.add(() -> {
                c.leases--;
                end(w, Outcome.UNDELIVERABLE);
                offer(c, false);
            });
    }

    /** A hook that throws at the acquire: by the acquiring thread, or as the log says when. */
    private void acquireHooks(Waiter w) {
        if (w.got != null && log.claim(Kind.ACQUIRE_FAILED, w.got.id, null, w) != null) run(() -> acquireFailed(w.got));
    }

    private void acquireFailed(Conn c) {
        count(c.at, HOOK_FAILURES, 1);
        c.leases--;
        end(c.holder, Outcome.HOOK_FAILED);
        discard(c, DisposeReason.HOOK_FAILED);
    }

    // ---- what comes back

    boolean isHeld(Waiter w) {
        return w.got != null && w.got.state == LEASED && w.got.holder == w;
    }

    void release(Waiter w, boolean isInvalidated) {
        Conn c = w.got;
        if (!isHeld(w)) {
            count(c.at, STALE_RELEASES, 1);
            return;
        }
        boolean isPlain = !c.isSuspect && isFast(c.at) && pressure == 0 && mustGo(c) == null;
        Entry hooks = config.hooks && !isInvalidated ? claimed(Kind.RELEASE, c, null) : null;
        boolean isClean = !isInvalidated && (hooks == null || hooks.ok);
        if (hooks == null || hooks.call == 0) stampIdle(c);
        if (isPlain && isClean && (hooks == null || hooks.call == 0)) {
            move(c, IDLE);
        } else if (isClean && hooks != null && hooks.call != 0) {
            move(c, PENDING);
            begin(c, hooks, config.resetTimeout);
        } else if (isClean) {
            run(() -> offer(c, false));
        } else {
            count(c.at, HOOK_FAILURES, isInvalidated ? 0 : 1);
            run(() -> discard(c, isInvalidated ? INVALIDATED : DisposeReason.HOOK_FAILED));
        }
        collect(true);
    }

    /** A connection that can serve must go, or gives way, or makes room, or is handed to a waiter, or is idle. */
    private void offer(Conn c, boolean isFresh) {
        Endpoint p = c.at;
        Waiter taker = taker(c, isFresh);
        boolean makesRoom = !isFresh && needsRoom(p);
        if (mustGo(c) != null) {
            dispose(c, mustGo(c));
        } else if (used - disposing > max) {
            dispose(c, RESIZED);
        } else if (givesWay(c, taker != null && !makesRoom, isFresh ? Long.MAX_VALUE : window())) {
            dispose(c, PRESSURE);
        } else if (makesRoom) {
            disposeFor(c, p.queue.get(0));
        } else if (taker != null && !c.isSuspect) {
            deliver(c, taker);
        } else {
            c.idleOrder = ++idleOrder;
            p.mayRelieve = true;
            move(c, IDLE);
        }
        serve(p, null);
    }

    private DisposeReason mustGo(Conn c) {
        if (c.isDead || c.isEvicted || c.isRetired) return c.isDead ? DEAD : c.isEvicted ? EVICTED : MAX_LEASES;
        if (isClosed || c.expiresAt <= coarse()) return isClosed ? DisposeReason.CLOSED : MAX_LIFETIME;
        return c.leases >= config.maxLeases ? MAX_LEASES : c.at.held() > c.at.limits.maxSize() ? RESIZED : null;
    }

    private Waiter taker(Conn c, boolean isFresh) {
        if (c.at.mode == null) {
            for (Waiter w : c.at.queue) if (!w.isNew || (isFresh && w.sequence <= c.startSequence)) return w;
        }
        return null;
    }

    private boolean needsRoom(Endpoint p) {
        Waiter w = p.queue.isEmpty() || p.mode != null ? null : p.queue.get(0);
        return w != null && w.isNew && w.cover == null && p.gateUntil <= now && p.conns.size() >= p.limits.maxSize();
    }

    /** The connection's own endpoint goes behind the others when it is first in line, but served by itself. */
    boolean givesWay(Conn c, boolean servesItself, long window) {
        if (pressure == 0 || starving.isEmpty()) return false;
        Iterator<Endpoint> inOrder = starving.iterator();
        Endpoint oldest = inOrder.next();
        if (oldest == c.at && servesItself && inOrder.hasNext()) {
            oldest = inOrder.next();
            starving.remove(c.at);
            starving.add(c.at);
            c.at.starvesSince = now;
        }
        return oldest != c.at && (!servesItself || Math.min(now - c.connectedAt, now - oldest.starvesSince) >= window);
    }

    private long window() {
        return config.overtakeWindow >= 0 ? config.overtakeWindow : Math.max(10_000_000, 2 * connectTime);
    }

    void signal(Conn c, boolean isDeath, boolean isOfError) {
        boolean isInUse = c.state == LEASED || c.state == PENDING || c.state == CHECKING;
        boolean isNews = isOfError && !isFlagged(c) && (isInUse || c.state == IDLE);
        if (isDeath) c.isDead = true;
        else c.isRetired = true;
        if (c.state == IDLE) run(() -> discard(c, mustGo(c)));
        if (isNews) run(() -> suspect(c.at));
        if (isInUse && !c.at.queue.isEmpty()) run(() -> serve(c.at, null));
    }

    private static boolean isFlagged(Conn c) {
        return c.isDead || c.isEvicted || c.isRetired || c.isSuspect;
    }

    /** One has died of an error: the others that are there are checked before they are used, or go. */
    private void suspect(Endpoint p) {
        for (Conn c : p.conns) {
            if (c.state == CONNECTING || c.state == DISPOSING) continue;
            if (config.checks) c.isSuspect = true;
            else c.isEvicted = true;
        }
        if (!config.checks) disposeIdle(p, c -> true, EVICTED);
    }

    private void discard(Conn c, DisposeReason reason) {
        dispose(c, reason);
        serve(c.at, null);
    }

    private void dispose(Conn c, DisposeReason reason) {
        disposing++;
        updatePressure();
        disposeCounted(c, reason);
    }

    private void disposeFor(Conn c, Waiter w) {
        c.isOwed = true;
        cover(w, c);
        disposeCounted(c, PRESSURE);
    }

    private void disposeCounted(Conn c, DisposeReason reason) {
        move(c, DISPOSING);
        c.reason = reason;
        boolean isEarlyDeath = reason == DEAD || reason == DisposeReason.HOOK_FAILED || reason == MAX_LEASES;
        c.at.isRefillPaused |= c.leases == 0 && isEarlyDeath;
        begin(c, claimed(Kind.DISPOSE, c, reason), config.disposeTimeout);
    }

    // ---- calls

    private Entry claimed(Kind kind, Conn c, DisposeReason reason) {
        Entry entry = log.claim(kind, c.id, reason, c);
        if (entry == null)
            throw new AssertionError("missing: " + kind + " c" + c.id + (reason == null ? "" : " " + reason));
        return entry;
    }

    private void begin(Conn c, Entry entry, long timeout) {
        c.call = entry.call;
        c.isOverdue = c.isGivenUp = false;
        c.timeout = timeout;
        calls.put(c.call, c);
    }

    private void startTimer(Conn c) {
        c.timer = schedule(c.timeout, () -> {
            c.isOverdue = true;
            c.timer = schedule(c.timeout, () -> abandon(c));
        });
    }

    private void abandon(Conn c) {
        boolean isStray = c.isAbandoned;
        c.isGivenUp = c.isAbandoned = true;
        if (c.state == PENDING || c.state == DISPOSING) count(c.at, HOOK_FAILURES, 1);
        if (isStray) return;
        count(c.at, ABANDONED, 1);
        if (c.state == CHECKING && !c.wasSuspect && !isFlagged(c)) suspect(c.at);
        if (c.state == CONNECTING) connectFailed(c);
        else if (c.state != DISPOSING) c.reason = c.state == CHECKING ? DEAD : DisposeReason.HOOK_FAILED;
        if (c.state == CHECKING || c.state == PENDING) disposing++;
        if (c.state != CONNECTING) disposed(c);
    }

    /** What the surroundings did by themselves, one after the other, with what follows from each. */
    void follow() {
        for (int i = 0; i < log.entries.size(); i++) {
            Entry e = log.entries.get(i);
            Conn c = e.owner instanceof Conn claimer ? claimer : find(e.connection);
            boolean isTold = e.owner == null;
            if (c != null && e.owner == c && e.call != 0 && e.call == c.call) startTimer(c);
            if (e.kind == Kind.ENDED) run(() -> ended(e, calls.remove(e.call)));
            else if (e.kind == Kind.GATED && c != null) run(() -> gated(c, e));
            else if (e.kind == Kind.BOUND && c != null) run(() -> bound(c, e));
            else if (e.kind == Kind.ACQUIRE_FAILED && isTold && c != null) run(() -> acquireFailed(c));
            else if (e.kind == Kind.HOOK_FAILED)
                count(endpoints[e.endpoint] == null ? sums : endpoints[e.endpoint], HOOK_FAILURES, 1);
            else continue;
            e.owner = this;
        }
    }

    private void ended(Entry e, Conn c) {
        if (c == null) return; // a close waits for it no longer
        if (c.timer != null) c.timer.isCancelled = true;
        boolean isWell = e.ok && !c.isOverdue;
        if (e.threw && !c.isGivenUp && (c.state == CHECKING || c.state == DISPOSING)) count(c.at, HOOK_FAILURES, 1);
        if (c.isAbandoned) {
            cameBack(c, e.ok);
        } else if (c.state == CONNECTING && (!e.ok || !config.hooks)) {
            if (e.ok) arrived(c, false);
            else connectFailed(c);
        } else if (c.state == CHECKING) {
            checked(c, isWell);
        } else if (c.state == PENDING) {
            stampIdle(c);
            count(c.at, HOOK_FAILURES, isWell ? 0 : 1);
            if (isWell) offer(c, false);
            else discard(c, DisposeReason.HOOK_FAILED);
        } else if (c.state == DISPOSING) {
            disposed(c);
        }
    }

    /** The call about a connection that is in no books any more: what is left of it is disposed. */
    private void cameBack(Conn c, boolean isWell) {
        c.reason = c.state == CHECKING ? DEAD : c.state == PENDING ? DisposeReason.HOOK_FAILED : INVALIDATED;
        if (c.state == DISPOSING || (c.state == CONNECTING && !isWell)) {
            count(c.at, ABANDONED, -1);
            serve(c.at, null);
        } else {
            c.state = DISPOSING;
            begin(c, claimed(Kind.DISPOSE, c, c.reason), config.disposeTimeout);
        }
    }

    private void bound(Conn c, Entry e) {
        c.isDead |= e.died;
        c.isRetired |= e.retired;
        count(c.at, HOOK_FAILURES, e.ok ? 0 : 1);
        arrived(c, !e.ok);
    }

    private void arrived(Conn c, boolean isBroken) {
        Endpoint p = c.at;
        long took = now - c.connectedAt;
        connectTime = connectTime == 0 ? took : connectTime + (took - connectTime) / 8;
        c.connectedAt = now;
        c.expiresAt = now + config.lifetime;
        stampIdle(c);
        c.checkedAt = c.since;
        Waiter meantFor = endConnect(c);
        boolean isNews = c.createdBefore == p.counts[CREATED.ordinal()];
        count(p, CREATED, 1);
        boolean isCurrent = c.generation == p.generation;
        c.isEvicted |= !isCurrent;
        if (isBroken || c.isDead) {
            dispose(c, isBroken ? DisposeReason.HOOK_FAILED : DEAD);
            blame(c, meantFor);
            serve(p, null);
        } else {
            p.gateUntil = now;
            if (c.warm != null && isCurrent) c.warm.opened++;
            offer(c, true);
        }
    }

    private void connectFailed(Conn c) {
        Waiter meantFor = endConnect(c);
        remove(c);
        blame(c, meantFor);
        release();
        serve(c.at, null);
    }

    private Waiter endConnect(Conn c) {
        Waiter meantFor = c.covers;
        uncover(c);
        if (c.warm != null) c.warm.inFlight--;
        return meantFor;
    }

    /** A failed connect fails the waiter it was started for, or for whose like. */
    void blame(Conn c, Waiter w) {
        count(c.at, CONNECT_FAILURES, 1);
        c.at.isRefillPaused |= c.isRefill;
        if (w != null && c.generation == c.at.generation && w.sequence <= c.startSequence)
            end(w, Outcome.CONNECT_FAILED);
    }

    private void gated(Conn c, Entry e) {
        Endpoint p = c.at;
        endConnect(c);
        remove(c);
        if (c.createdBefore == p.counts[CREATED.ordinal()]) { // what is older may be refuted by a connect since
            p.gateUntil = now + e.nanos;
            p.isGateRefusing = e.ok;
        }
        p.isRefillPaused |= c.isRefill;
        if (c.warm != null) c.warm.budget++; // it was not tried
        release();
        serve(p, null);
    }

    private boolean isRefusing(Endpoint p) {
        return p.isGateRefusing && p.gateUntil > now;
    }

    /** Behind a gate that refuses, and no live connection could serve it. */
    private boolean isHopeless(Endpoint p, Waiter w) {
        return isRefusing(p)
                && w.cover == null
                && (w.isNew
                        || p.conns.stream()
                                .noneMatch(c -> c.state != CONNECTING
                                        && c.state != DISPOSING
                                        && !(c.isDead || c.isEvicted || c.isRetired)));
    }

    private void watchGate(Endpoint p) {
        boolean isNeeded = p.gateUntil > now && !isClosed && endpoints[p.index] == p;
        if (p.gateTimer != null && isNeeded && p.gateTimerDue <= p.gateUntil) return;
        if (p.gateTimer != null) p.gateTimer.isCancelled = true;
        p.gateTimerDue = p.gateUntil;
        p.gateTimer = !isNeeded
                ? null
                : schedule(p.gateUntil - now, () -> {
                    p.gateTimer = null;
                    serve(p, null);
                });
    }

    private void startCheck(Conn c, Waiter w) {
        move(c, CHECKING);
        c.wasSuspect = c.isSuspect;
        c.isSuspect = false;
        if (w != null) cover(w, c);
        if (config.instantChecks) work.add(() -> checked(c, instantCheck(c)));
        else if (!rejectsConnects) begin(c, claimed(Kind.CHECK, c, null), config.checkTimeout);
        else
            work.add(() -> {
                count(c.at, HOOK_FAILURES, 1);
                checked(c, false);
            });
    }

    private boolean instantCheck(Conn c) {
        Entry check = claimed(Kind.INSTANT_CHECK, c, null);
        count(c.at, HOOK_FAILURES, check.threw ? 1 : 0);
        return check.ok;
    }

    private void checked(Conn c, boolean isAlive) {
        uncover(c);
        if (isAlive) stampAlive(c);
        if (!isAlive && !c.wasSuspect && !isFlagged(c)) suspect(c.at);
        if (isAlive) offer(c, false);
        else discard(c, DEAD);
    }

    private void disposed(Conn c) {
        Endpoint p = c.at;
        Waiter owedTo = c.isOwed ? c.covers : null;
        uncover(c);
        remove(c);
        p.disposed[c.reason.ordinal()]++;
        sums.disposed[c.reason.ordinal()]++;
        if (owedTo != null && !isClosed && p.mode == null && used <= max) {
            if (hasRoom(p)) cover(owedTo, start(p, null, false));
            else p.credits++;
        } else {
            if (!c.isOwed) disposing--;
            release();
        }
        serve(p, null);
    }

    // ---- serving an endpoint

    /** The oldest waiters first, then what operators and minIdle ask for; then what is left over is handed on. */
    private void serve(Endpoint p, Waiter arriving) {
        p.credits += p.grants;
        p.grants = 0;
        p.wasRefused = false;
        boolean isOpen = !isClosed && p.mode == null;
        if (isOpen) failHopeless(p);
        if (isOpen) serveWaiters(p, arriving);
        warmUp(p, isOpen);
        if (isOpen) refill(p);
        int room = Math.min(p.limits.maxSize() - p.conns.size(), p.limits.maxConnects() - connecting(p));
        long wanted = !isClosed && p.wasRefused ? Math.max(0, Math.min(p.uncovered(), room)) : 0;
        if (wanted != p.wanted) {
            if (p.wanted == 0) p.starvesSince = now;
            p.wanted = (int) wanted;
            if (wanted == 0) starving.remove(p);
            else starving.add(p);
            grant();
        }
        for (; p.credits > 0; p.credits--) release();
        if (p.mayRelieve && pressure > 0) work.add(this::relieve);
        p.mayRelieve = false;
        if (isEmpty(p) && (isClosed || p.gateUntil <= now)) retire(p);
        watchGate(p);
    }

    private void failHopeless(Endpoint p) {
        for (Waiter w : List.copyOf(p.queue)) if (isHopeless(p, w)) end(w, Outcome.UNAVAILABLE);
    }

    private void serveWaiters(Endpoint p, Waiter arriving) {
        boolean mayBeIdle = true;
        boolean mayConnect = true;
        Waiter oldest = p.queue.isEmpty() ? null : p.queue.get(0);
        for (Waiter w : List.copyOf(p.queue)) {
            if (w.isNew) {
                mayConnect = w.cover != null ? mayConnect : mayConnect && connect(p, w);
                if (w.cover == null && (w == oldest || w == arriving)) makeRoom(p, w);
            } else if (!(mayBeIdle && giveIdle(p, w)) && w.cover == null && !(mayBeIdle && check(p, w))) {
                mayBeIdle = false;
                mayConnect = mayConnect && (coverByFree(p, w) || connect(p, w));
            }
        }
    }

    private boolean giveIdle(Endpoint p, Waiter w) {
        Conn stale = stale(p);
        Conn c = usable(p);
        boolean isStaleFirst = config.fifo && stale != null && (c == null || stale.idleOrder < c.idleOrder);
        if (isStaleFirst && w.cover == null && w.timeout > 0) return false;
        expire(p);
        if (c != null) deliver(c, w);
        return c != null;
    }

    private boolean check(Endpoint p, Waiter w) {
        Conn stale = stale(p);
        if (stale != null) startCheck(stale, w);
        return stale != null;
    }

    private boolean coverByFree(Endpoint p, Waiter w) {
        for (Conn c : p.conns) {
            if (c.state == CONNECTING && c.covers == null && c.generation == p.generation && accepts(c, w)) {
                cover(w, c);
                return true;
            }
        }
        return false;
    }

    private boolean connect(Endpoint p, Waiter w) {
        if (w.timeout == 0 || !hasRoom(p)) return w.timeout == 0;
        p.wasRefused = p.credits == 0 && !isFree();
        if (p.wasRefused) return false;
        if (p.credits > 0) p.credits--;
        else used++;
        cover(w, start(p, null, false));
        return true;
    }

    private void makeRoom(Endpoint p, Waiter w) {
        boolean isFull = p.conns.size() >= p.limits.maxSize();
        if (!isFull || connecting(p) >= p.limits.maxConnects() || p.gateUntil > now) return;
        Conn longest = longestIdle(p.conns, PRESSURE);
        if (longest != null) disposeFor(longest, w);
    }

    private void warmUp(Endpoint p, boolean isOpen) {
        for (Iterator<Warm> all = p.warmUps.iterator(); all.hasNext(); ) {
            Warm w = all.next();
            if (!isOpen || w.generation != p.generation || w.isCancelled) w.budget = 0;
            while (w.budget > 0 && p.held() < w.target && mayConnectFreely(p)) {
                used++;
                start(p, w, false);
                w.budget--;
                w.inFlight++;
            }
            boolean waits = connecting(p) > 0 || (p.gateUntil > now && !p.isGateRefusing);
            if (w.inFlight == 0 && (w.budget == 0 || p.held() >= w.target || !waits)) {
                w.isDone = true;
                all.remove();
            }
        }
    }

    private void refill(Endpoint p) {
        boolean isDue = config.collector && !p.isRefillPaused && p.warmUps.isEmpty() && p.held() < p.minIdle();
        if (isDue && p.conns.stream().noneMatch(c -> c.state == CONNECTING && c.isRefill) && mayConnectFreely(p)) {
            used++;
            start(p, null, true);
        }
    }

    private boolean mayConnectFreely(Endpoint p) {
        return p.uncovered() == 0 && hasRoom(p) && isFree();
    }

    private boolean hasRoom(Endpoint p) {
        boolean isFull = p.conns.size() >= p.limits.maxSize() || connecting(p) >= p.limits.maxConnects();
        return !isFull && p.gateUntil <= now;
    }

    private boolean isFree() {
        return used < max && starving.isEmpty();
    }

    private Conn start(Endpoint p, Warm warm, boolean isRefill) {
        var c = new Conn();
        c.at = p;
        c.warm = warm;
        c.isRefill = isRefill;
        c.generation = p.generation;
        c.startSequence = p.sequence;
        c.createdBefore = p.counts[CREATED.ordinal()];
        c.connectedAt = now;
        p.conns.add(c);
        sums.conns.add(c);
        move(c, CONNECTING);
        if (rejectsConnects) {
            work.add(() -> connectFailed(c));
            return c;
        }
        Entry entry = log.claimConnect(p.index, c);
        if (entry == null) throw new AssertionError("missing: a connect to e" + p.index);
        c.id = entry.call;
        if (entry.kind == Kind.CREATE) begin(c, entry, config.connectTimeout);
        return c;
    }

    // ---- permits

    private void release() {
        used--;
        grant();
    }

    private void grant() {
        while (used < max && !starving.isEmpty()) {
            Endpoint oldest = starving.iterator().next();
            starving.remove(oldest);
            used++;
            oldest.grants++;
            oldest.wanted--;
            oldest.starvesSince = now;
            if (oldest.wanted > 0) starving.add(oldest);
            work.add(() -> serve(oldest, null));
        }
        int before = pressure;
        updatePressure();
        if (pressure > before) work.add(this::relieve);
    }

    private void updatePressure() {
        int wanted = starving.stream().mapToInt(p -> p.wanted).sum();
        pressure = Math.max(0, wanted + Math.max(0, used - max) - disposing);
    }

    private void relieve() {
        for (Conn c = null; pressure > 0; discard(c, used - disposing > max ? RESIZED : PRESSURE)) {
            c = longestIdle(sums.conns, used - disposing > max ? RESIZED : PRESSURE);
            if (c == null) return;
        }
    }

    // ---- operators

    void warmUp(Endpoint p, Warm w) {
        touch(p);
        w.target = Math.min(w.target, p.limits.maxSize());
        w.budget = Math.max(0, w.target - p.held());
        w.generation = p.generation;
        p.warmUps.add(w);
        serve(p, null);
    }

    void evict(Endpoint p) {
        p.generation++;
        for (Conn c : p.conns) {
            if (c.state == CONNECTING) uncover(c);
            c.isEvicted |= c.state != DISPOSING;
        }
        disposeIdle(p, c -> true, EVICTED);
        serve(p, null);
    }

    void suspend(Endpoint p, SuspendMode mode) {
        p.mode = mode;
        while (mode == SuspendMode.FAIL && !p.queue.isEmpty()) end(p.queue.get(0), Outcome.UNAVAILABLE);
        serve(p, null);
    }

    void resize(Endpoint p, EndpointLimits limits) {
        p.limits = limits;
        p.isResized = true;
        while (p.held() > limits.maxSize()) {
            Conn c = longestIdle(p.conns, RESIZED);
            if (c == null) break;
            dispose(c, RESIZED);
        }
        serve(p, null);
    }

    void resizeTotal(int total) {
        max = total;
        grant();
        work.add(this::relieve);
    }

    // ---- time

    private void tick() {
        if (isClosed) return;
        tick = now;
        if (++ticks % (config.sweepPeriod / config.tickPeriod) == 0) {
            forEach(p -> run(() -> sweep(p, tick + config.sweepPeriod)));
        }
        relieve();
        schedule(config.tickPeriod, this::tick);
    }

    private void sweep(Endpoint p, long due) {
        long lastUse = p.lastTouch;
        for (Conn c : p.conns) {
            if (c.state == LEASED || c.leases > 0) lastUse = Math.max(lastUse, c.state == LEASED ? tick : c.since);
        }
        p.isRetained = tick - lastUse < config.endpointRetention;
        disposeIdle(p, c -> c.expiresAt <= due, MAX_LIFETIME);
        for (int extras = p.held() - p.minIdle(); extras > 0; extras--) {
            Conn c = longestIdle(p.conns, IDLE_TIMEOUT);
            if (c == null || c.since + config.idleTimeout > due) break;
            dispose(c, IDLE_TIMEOUT);
        }
        for (int left = p.limits.maxConnects(); left > 0 && config.checks && p.mode == null; left--) {
            Conn c = pick(
                    p.conns,
                    x -> Math.max(x.checkedAt, x.since) + config.keepalive <= due,
                    x -> x.since,
                    checkKind(),
                    null);
            if (c == null) break;
            startCheck(c, null);
        }
        for (Conn c : p.conns) if (c.state == LEASED) watch(c);
        p.isRefillPaused = false;
        serve(p, null);
    }

    private void watch(Conn c) {
        if (c.seenHolder != c.holder) c.seenAt = tick;
        c.seenHolder = c.holder;
        if (tick - c.seenAt < config.leakThreshold || c.toldHolder == c.holder) return;
        c.toldHolder = c.holder;
        count(c.at, LEAKS, 1);
    }

    /** Without a collector, each release takes out a few that have expired. */
    private void collect(boolean mustCollect) {
        if (config.collector) return;
        int left = config.disposeBatchSize > 0 ? config.disposeBatchSize : 32 - Integer.numberOfLeadingZeros(used + 1);
        for (Entry e : List.copyOf(log.entries)) {
            Conn c = e.kind == Kind.DISPOSE && e.owner == null ? find(e.connection) : null;
            if (c == null || c.state != IDLE || expiry(c) != e.reason || left-- == 0) continue;
            run(() -> discard(c, e.reason));
        }
        for (Conn c : sums.conns) {
            if (mustCollect && left > 0 && c.state == IDLE && expiry(c) != null) claimed(Kind.DISPOSE, c, expiry(c));
        }
    }

    private DisposeReason expiry(Conn c) {
        if (c.expiresAt <= now) return MAX_LIFETIME;
        boolean isForgotten = c.since + config.endpointRetention <= now;
        boolean isExtra = c.since + config.idleTimeout <= now && c.at.held() > c.at.minIdle();
        return isForgotten || isExtra ? IDLE_TIMEOUT : null;
    }

    // ---- the end

    void close(long timeout) {
        isClosed = true;
        revokesAt = now + timeout - Math.min(timeout / 10, config.disposeTimeout);
        closesAt = now + timeout;
        forEach(this::shut);
    }

    private void shut(Endpoint p) {
        failedByClose += p.queue.size();
        leasedAtClose += p.states[LEASED.ordinal()];
        while (!p.queue.isEmpty()) end(p.queue.get(0), Outcome.CLOSED);
        disposeIdle(p, c -> true, DisposeReason.CLOSED);
        serve(p, null);
    }

    /** The closer looks whether it is over, or time to go on by force. */
    void closerLooks() {
        if (used > 0 && now >= revokesAt && revokesAt >= 0) {
            revokesAt = -1;
            for (Conn c : List.copyOf(sums.conns)) {
                if (c.state == LEASED) revoked++;
                if (c.state == LEASED) dispose(c, DisposeReason.CLOSED);
            }
            for (Conn c : List.copyOf(sums.conns)) if (c.state == PENDING) giveUp(c);
        }
        hasClosed = used == 0 || now >= closesAt;
        if (used > 0 && hasClosed) calls.values().forEach(c -> c.isOverdue = true);
    }

    private void giveUp(Conn c) {
        calls.remove(c.call).timer.isCancelled = true;
        count(c.at, HOOK_FAILURES, 1);
        stampIdle(c);
        discard(c, DisposeReason.HOOK_FAILED);
    }

    // ---- the smallest steps

    void forEach(Consumer<Endpoint> step) {
        for (int e = 0; e < endpoints.length; e++) if (endpoints[e] != null) step.accept(endpoints[e]);
    }

    void run(Runnable step) {
        step.run();
        for (Runnable next = work.poll(); next != null; next = work.poll()) next.run();
    }

    private Timers.Timer schedule(long delay, Runnable task) {
        return timers.schedule(now + delay, () -> run(task));
    }

    private void count(Endpoint p, Count what, long by) {
        sums.counts[what.ordinal()] += by;
        if (p != sums) p.counts[what.ordinal()] += by;
    }

    private void move(Conn c, State state) {
        for (Endpoint p : List.of(c.at, sums)) {
            if (c.state != null) p.states[c.state.ordinal()]--;
            p.states[state.ordinal()]++;
        }
        c.state = state;
    }

    private void remove(Conn c) {
        c.at.conns.remove(c);
        sums.conns.remove(c);
        c.at.states[c.state.ordinal()]--;
        sums.states[c.state.ordinal()]--;
        if (c.leases > 0) c.at.lastTouch = Math.max(c.at.lastTouch, c.since);
    }

    private void stampIdle(Conn c) {
        c.since = coarse();
        c.usableUntil = Math.min(c.expiresAt, coarse() + config.bypass);
    }

    private void stampAlive(Conn c) {
        c.checkedAt = coarse();
        c.usableUntil = Math.min(c.expiresAt, coarse() + config.bypass);
    }

    /** The present as the fast path knows it. */
    private long coarse() {
        return config.collector ? tick : now;
    }

    private void touch(Endpoint p) {
        p.lastTouch = now;
        p.isRetained = true;
    }

    private static int connecting(Endpoint p) {
        return p.states[CONNECTING.ordinal()];
    }

    Conn find(int connection) {
        for (Conn c : sums.conns) if (c.id == connection && c.id != 0) return c;
        return null;
    }

    /** Whether what is on its way may serve this waiter. */
    private static boolean accepts(Conn c, Waiter w) {
        return c.isOwed ? w.isNew : !w.isNew || (c.state == CONNECTING && w.sequence <= c.startSequence);
    }

    private static void cover(Waiter w, Conn c) {
        w.cover = c;
        c.covers = w;
    }

    private static void uncover(Conn c) {
        if (c.covers != null) c.covers.cover = null;
        c.covers = null;
    }

    /** Whether acquires and releases may do without the queue: nobody waits, nothing is odd. */
    private boolean isFast(Endpoint p) {
        return !config.fifo && p.queue.isEmpty() && p.mode == null && !isClosed && p.held() <= p.limits.maxSize();
    }

    private void expire(Endpoint p) {
        disposeIdle(p, c -> c.expiresAt <= coarse(), MAX_LIFETIME);
    }

    private void disposeIdle(Endpoint p, Predicate<Conn> which, DisposeReason reason) {
        Conn c = pick(p.conns, which, x -> 0, Kind.DISPOSE, reason);
        for (; c != null; c = pick(p.conns, which, x -> 0, Kind.DISPOSE, reason)) dispose(c, reason);
    }

    private Conn usable(Endpoint p) {
        return pick(
                p.conns,
                c -> !c.isSuspect && c.usableUntil > coarse(),
                c -> config.fifo ? c.idleOrder : 0,
                Kind.OUTCOME,
                null);
    }

    /** One that must be checked before it is handed out. */
    private Conn stale(Endpoint p) {
        Predicate<Conn> isStale = c -> (c.isSuspect || c.usableUntil <= coarse()) && c.expiresAt > coarse();
        return pick(p.conns, isStale, c -> config.fifo ? c.idleOrder : 0, checkKind(), null);
    }

    private Kind checkKind() {
        return config.instantChecks ? Kind.INSTANT_CHECK : Kind.CHECK;
    }

    private Conn longestIdle(List<Conn> among, DisposeReason reason) {
        boolean isExact = among.size() <= config.probes;
        return pick(among, c -> true, c -> isExact ? c.since : 0, Kind.DISPOSE, reason);
    }

    /** The first of the idle connections that fit, in some order; among equals, that of which the log tells first. */
    private Conn pick(
            List<Conn> among, Predicate<Conn> fits, ToLongFunction<Conn> order, Kind kind, DisposeReason why) {
        Conn best = null;
        for (Conn c : among) {
            if (c.state != IDLE || !fits.test(c)) continue;
            long earlier = best == null ? -1 : order.applyAsLong(c) - order.applyAsLong(best);
            if (earlier < 0 || (earlier == 0 && log.find(kind, c.id, why) < log.find(kind, best.id, why))) best = c;
        }
        return best;
    }

    // ---- endpoints come and go

    /** The endpoint, which joins if it may; null if not. */
    Endpoint join(int e) {
        if (endpoints[e] != null || isClosed) return isClosed ? null : endpoints[e];
        if (members >= config.maxEndpoints) {
            for (Endpoint p : endpoints) if (p != null && isEmpty(p)) retire(p);
        }
        if (members >= config.maxEndpoints) return null;
        members++;
        return endpoints[e] = new Endpoint(e, config.limits[e]);
    }

    private boolean isEmpty(Endpoint p) {
        boolean isKept = !isClosed && (p.isResized || p.mode != null || (config.collector && p.minIdle() > 0));
        boolean isUsed = !p.conns.isEmpty() || !p.queue.isEmpty() || !p.warmUps.isEmpty() || p.wanted + p.grants > 0;
        return !isKept && !isUsed && p.counts[ABANDONED.ordinal()] == 0 && endpoints[p.index] == p;
    }

    private void retire(Endpoint p) {
        endpoints[p.index] = null;
        members--;
        watchGate(p);
    }
}
