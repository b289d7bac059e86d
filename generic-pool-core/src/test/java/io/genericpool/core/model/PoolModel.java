package io.genericpool.core.model;

import static io.genericpool.DisposeReason.*;
import static io.genericpool.core.model.Count.*;
import static io.genericpool.core.model.State.*;

import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.SuspendMode;
import io.genericpool.core.model.ModelState.Ask;
import io.genericpool.core.model.ModelState.Conn;
import io.genericpool.core.model.ModelState.Endpoint;
import io.genericpool.core.model.ModelState.Group;
import io.genericpool.core.model.ModelState.Member;
import io.genericpool.core.model.ModelState.Trouble;
import io.genericpool.core.model.ModelState.Waiter;
import io.genericpool.core.model.ModelState.Warm;
import io.genericpool.core.model.TraceLog.Entry;
import io.genericpool.core.model.TraceLog.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a pool does, as a sequential program: the rules of docs/concepts.md without threads, locks or speed. Here is what
 * callers, operators, time and the close ask of it; requests of groups are in {@link ModelGroups}, what comes of calls is in
 * {@link ModelCalls}, who gets what in {@link ModelService}. Where the rules leave a choice (equally old connections, which of the usable ones), the log says what was
 * chosen, and the model whether that was among the allowed.
 */
class PoolModel extends ModelGroups {
    boolean hasClosed;
    int failedByClose, leasedAtClose, revoked;
    private int ticks;
    private long revokesAt, closesAt;

    PoolModel(TraceConfig config) {
        super(config);
        if (config.collector) schedule(config.tickPeriod, this::tick);
    }

    // ---- requests

    void acquire(Waiter w) {
        Endpoint p = endpoints[w.endpoint];
        Conn idle = p == null || w.isNew || !isFast(p) ? null : usable(p);
        entering = w;
        w.startedAt = now;
        w.at = idle != null ? p : join(w.endpoint);
        (w.at == null ? tally : w.at.tally).add(ACQUIRES, 1);
        if (idle != null) lease(idle, w);
        else if (w.at == null) end(w, isClosed ? Outcome.CLOSED : Outcome.EXHAUSTED);
        else run(() -> enter(w.at, w));
        if (w.mayBeTooMany && isTooMany(w)) run(() -> turnAway(w));
        entering = null;
        hooks(w);
        if (w.outcome == Outcome.WAITING && w.timeout == 0) run(() -> leave(w, Outcome.TIMED_OUT));
        if (w.outcome == Outcome.WAITING) w.deadline = schedule(w.timeout, () -> leave(w, Outcome.TIMED_OUT));
        if (idle == null && w.at != null && (w.isAsync || w.got == null)) collect();
    }

    /** A request of a group: an idle connection of its first tier serves at once, else it waits at the members. */
    void acquire(Waiter w, Group g) {
        List<Member> ranked = rank(g);
        entering = w;
        w.startedAt = now;
        for (Member m : ranked) {
            boolean isFirstTier = g.config.tier(m.endpoint) == g.config.tier(ranked.get(0).endpoint);
            if (isFirstTier && w.got == null) leaseFast(m, w);
            if (m == ranked.get(0) && w.got == null) allRanked(g);
        }
        Ask ask = w.got == null ? ask(g, w, ranked) : null;
        if (ask != null) arrive(ask);
        entering = null;
        hooks(w);
        if (w.outcome == Outcome.WAITING && w.timeout == 0) run(() -> leave(ask, Outcome.TIMED_OUT));
        if (w.outcome == Outcome.WAITING) w.deadline = schedule(w.timeout, () -> leave(ask, Outcome.TIMED_OUT));
        if (ask != null && ask.home != null && (w.isAsync || w.got == null)) collect();
    }

    private void leaseFast(Member m, Waiter w) {
        Endpoint p = endpoints[m.endpoint];
        Conn idle = p == null || !isFast(p) ? null : usable(p);
        if (idle == null) return;
        m.leases++;
        p.tally.add(ACQUIRES, 1);
        lease(idle, w);
    }

    private void arrive(Ask ask) {
        run(() -> goOn(ask));
        startTimers(ask);
        ask.isArriving = false;
        ask.isTold = ask.request.outcome != Outcome.WAITING;
    }

    /** An idle connection of any member, in the order of the ranking; those that can be lent as they are first. */
    void tryAcquire(Waiter w, Group g) {
        List<Member> ranked = rank(g);
        allRanked(g);
        for (Member m : ranked) if (w.got == null) leaseFast(m, w);
        for (Member m : ranked) {
            if (w.got != null) break;
            tryIdle(endpoints[m.endpoint], w);
            m.leases += w.got == null ? 0 : 1;
        }
        hooks(w);
    }

    void members(Group g, List<Integer> endpoints) {
        List<Member> before = g.members;
        g.members = new ArrayList<>();
        for (int e : endpoints) {
            g.members.add(before.stream().filter(m -> m.endpoint == e).findAny().orElseGet(() -> new Member(e)));
        }
    }

    /** Whether acquires and releases may do without the queue: nobody waits, nothing is odd. */
    private boolean isFast(Endpoint p) {
        return !config.fifo && p.queue.isEmpty() && p.mode == null && !isClosed && p.held() <= p.limits.maxSize();
    }

    private void enter(Endpoint p, Waiter w) {
        touch(p);
        Outcome refusal = admit(p, w);
        if (refusal != null) end(w, refusal);
        serve(p, w);
        w.mayBeTooMany = isTooMany(w);
        if (w.mayBeTooMany && p.wanted == 0) turnAway(w);
    }

    /** What is on its way for others does not count, nor those for whom there is room and a permit. */
    @Override
    boolean isTooMany(Waiter w) {
        Endpoint p = w.at;
        int room = p.mode != null || isGated(p) || isClogged(p) ? 0 : Math.max(0, p.limits.maxSize() - p.conns.size());
        int permits = (starving.isEmpty() ? Math.max(0, max - used) : 0) + (missing() <= 0 ? p.wanted : 0);
        long uncovered = p.queue.stream().filter(PoolModel::isUncovered).count();
        boolean mayBe = isWaiting(w) && isUncovered(w) && p.queue.contains(w);
        return mayBe && uncovered - Math.min(room, permits) > p.limits.maxWaiters();
    }

    private static boolean isUncovered(Waiter w) {
        return w.cover == null && (!w.isTicket || w.isLinked);
    }

    private void turnAway(Waiter w) {
        end(w, Outcome.EXHAUSTED);
        serve(w.at, null);
    }

    private Outcome admit(Endpoint p, Waiter w) {
        if (p.mode == SuspendMode.FAIL) return Outcome.UNAVAILABLE;
        boolean mayTakeIdle = !w.isNew && p.mode == null && first(p) == null;
        if (mayTakeIdle && giveIdle(p, w)) return null;
        if (p.mode == null && isHopeless(p, w)) return Outcome.UNAVAILABLE;
        boolean mayCheckAtOnce = mayTakeIdle && config.instantChecks && stale(p) != null;
        if (w.timeout == 0 && !mayCheckAtOnce) return Outcome.TIMED_OUT;
        w.sequence = ++p.sequence;
        p.queue.add(w);
        return null;
    }

    /** A hook of the acquire may throw. */
    private void hooks(Waiter w) {
        if (w.got != null && log.claim(Kind.ACQUIRE_FAILED, w.got.id, null, w) != null) run(() -> acquireFailed(w.got));
    }

    /** An idle connection that needs no more than an instant check, or nothing. */
    void tryAcquire(Waiter w) {
        tryIdle(endpoints[w.endpoint], w);
        hooks(w);
    }

    private void tryIdle(Endpoint p, Waiter w) {
        if (p == null || p.mode != null || isClosed || !p.queue.isEmpty()) return;
        run(() -> {
            if (!isFast(p) || usable(p) == null) expireSeen(p);
            Conn c = usable(p);
            for (Conn s = stale(p); c == null && config.instantChecks && s != null; s = stale(p)) {
                beginCheck(s);
                if (!instantCheck(s)) {
                    discard(s, DEAD);
                } else {
                    stampAlive(s);
                    c = s;
                }
            }
            p.tally.add(ACQUIRES, c == null ? 0 : 1);
            if (c != null) lease(c, w);
        });
    }

    /** By its deadline, or by the requester. */
    void leave(Waiter w, Outcome outcome) {
        if (w.ask != null) {
            leave(w.ask, outcome);
        } else {
            end(w, outcome);
            serve(w.at, null);
        }
    }

    boolean isHeld(Waiter w) {
        return w.got != null && w.got.state == LEASED && w.got.holder == w;
    }

    void invalidate(Waiter w) {
        release(w, () -> {
            stampIdle(w.got);
            discard(w.got, INVALIDATED);
        });
    }

    void release(Waiter w) {
        release(w, () -> {
            Conn c = w.got;
            boolean isPlain = !c.isSuspect && isFast(c.at) && pressure == 0 && mustGo(c) == null;
            Entry hooks = config.hooks ? claim(Kind.RELEASE, c, null) : null;
            if (hooks != null && hooks.ok && hooks.call != 0) {
                move(c, PENDING);
                begin(c, hooks, config.resetTimeout);
            } else if (isPlain && (hooks == null || hooks.ok)) {
                stampIdle(c);
                move(c, IDLE);
            } else {
                wasReset(c, hooks == null || hooks.ok);
            }
        });
    }

    private void release(Waiter w, Runnable step) {
        if (w.got == null) throw new AssertionError("r" + w.id + " was not to be granted");
        if (!isHeld(w)) {
            w.got.at.tally.add(STALE_RELEASES, 1);
        } else {
            run(step);
            collect();
        }
    }

    /** A connection tells of itself. Some may wait for this very one and for nothing else. */
    void signal(Conn c, boolean isDeath, boolean isOfError) {
        boolean isInUse = c.isLive() && c.state != IDLE;
        boolean isNews = isOfError && isNewsOfDeath(c);
        c.isDead |= isDeath;
        c.isRetired |= !isDeath;
        if (c.state == IDLE) run(() -> discard(c, mustGo(c)));
        if (isNews) run(() -> suspectAll(c.at));
        if (isInUse && !c.at.queue.isEmpty()) run(() -> serve(c.at, null));
    }

    // ---- operators

    /** The endpoint, which joins if it may; null if not. */
    @Override
    Endpoint join(int e) {
        if (endpoints[e] != null || isClosed) return isClosed ? null : endpoints[e];
        if (members >= config.maxEndpoints) {
            forEach(p -> {
                if (isEmpty(p)) retire(p);
            });
        }
        if (members >= config.maxEndpoints) return null;
        members++;
        return endpoints[e] = new Endpoint(e, config.limits[e], tally);
    }

    @Override
    void touch(Endpoint p) {
        p.lastTouch = now;
        p.isRetained = true;
    }

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
        p.gateUntil = now;
        p.stuckConnects = 0;
        for (int i = p.conns.size() - 1; i >= 0; i--) {
            if (p.conns.get(i).state == CONNECTING) uncover(p.conns.get(i));
            p.conns.get(i).isEvicted |= p.conns.get(i).state != DISPOSING;
        }
        disposeIdle(p, c -> true, EVICTED);
        serve(p, null);
    }

    void suspend(Endpoint p, SuspendMode mode) {
        p.mode = mode;
        if (mode == null) p.gateUntil = now;
        if (mode == SuspendMode.FAIL) failAll(p, Trouble.SUSPENDED);
        serve(p, null);
    }

    void resize(Endpoint p, EndpointLimits limits) {
        p.isResized = true;
        limit(p, limits);
    }

    void resetLimits(Endpoint p) {
        if (!p.isResized) return;
        p.isResized = false;
        limit(p, config.limits[p.index]);
    }

    private void limit(Endpoint p, EndpointLimits limits) {
        p.limits = limits;
        for (Conn c = longestIdle(p.conns, x -> true, RESIZED); c != null && p.held() > limits.maxSize(); ) {
            dispose(c, RESIZED);
            c = longestIdle(p.conns, x -> true, RESIZED);
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
            forEach(p -> {
                run(() -> lookAgain(p));
                run(() -> sweep(p));
            });
        }
        relieve();
        schedule(config.tickPeriod, this::tick);
    }

    /** Requests of groups with a turn to give look for a member again. */
    private void lookAgain(Endpoint p) {
        for (Waiter w : p.queue) {
            if (w.isTicket && w.cover == null && isWaiting(w)) {
                w.isLinked |= w.hasTurn || w.ask.freeTurns > 0;
                if (w.ask.freeTurns > 0) goOnLater(w);
            }
        }
        if (!p.queue.isEmpty()) serve(p, null);
    }

    /** What would expire before the next sweep goes now. */
    private void sweep(Endpoint p) {
        long due = tick + config.sweepPeriod;
        long lastUse = p.lastTouch;
        for (Conn c : p.conns) if (c.leases > 0) lastUse = Math.max(lastUse, c.state == LEASED ? tick : c.since);
        p.isRetained = tick - lastUse < config.endpointRetention;
        disposeIdle(p, c -> c.expiresAt <= due, MAX_LIFETIME);
        for (int extras = p.held() - p.minIdle(); extras > 0; extras--) {
            Conn c = longestIdle(p.conns, x -> true, IDLE_TIMEOUT);
            if (c != null && c.since + config.idleTimeout <= due) dispose(c, IDLE_TIMEOUT);
        }
        if (p.mode == null && config.checks && config.keepalive < TraceConfig.OFF) probe(p);
        p.conns.forEach(this::watch);
        p.isRefillPaused = false;
        serve(p, null);
    }

    /** As few as will do if each sweep to come probes as many, but of those that could serve only half at once. */
    private void probe(Endpoint p) {
        long lead = Math.max(config.keepalive / 2, 2 * config.sweepPeriod);
        Predicate<Conn> isNear = c -> c.state == IDLE && left(c) <= lead;
        long[] left =
                p.conns.stream().filter(isNear).mapToLong(this::left).sorted().toArray();
        long needed = 0;
        for (int i = 0; i < left.length; i++) {
            long sweeps = 1 + Math.max(0, left[i] - 1) / config.sweepPeriod;
            needed = Math.max(needed, (i + 1) / sweeps);
        }
        int checking = p.tally.of(CHECKING);
        for (long n = Math.min(needed, (p.tally.of(IDLE) + checking + 1) / 2 - checking); n > 0; n--) {
            check(pick(p.conns, isNear, this::left, checked(), null), null);
        }
    }

    /** Until it must have been used or probed again. */
    private long left(Conn c) {
        return Math.max(c.checkedAt, c.since) + config.keepalive - tick;
    }

    private void watch(Conn c) {
        if (c.state != LEASED) return;
        if (c.seenHolder != c.holder) c.seenAt = tick;
        c.seenHolder = c.holder;
        if (tick - c.seenAt < config.leakThreshold || c.toldHolder == c.holder) return;
        c.toldHolder = c.holder;
        c.at.tally.add(LEAKS, 1);
    }

    /** Without a collector, each release takes out a few that have expired, and each acquire that was not plain. */
    private void collect() {
        if (config.collector) return;
        int left = config.disposeBatchSize > 0 ? config.disposeBatchSize : 32 - Integer.numberOfLeadingZeros(used + 1);
        for (int i = 0; i < log.entries.size() && left > 0; i++) {
            Entry e = log.entries.get(i);
            Conn c = e.kind == Kind.DISPOSE && e.owner == null ? find(e.connection) : null;
            if (c == null || c.state != IDLE || expiry(c) != e.reason) continue;
            run(() -> discard(c, e.reason));
            left--;
        }
        for (Conn c : conns) if (left > 0 && c.state == IDLE && expiry(c) != null) claim(Kind.DISPOSE, c, expiry(c));
    }

    private DisposeReason expiry(Conn c) {
        boolean isForgotten = c.since + config.endpointRetention <= now;
        boolean isExtra = c.since + config.idleTimeout <= now && c.at.held() > c.at.minIdle();
        return c.expiresAt <= now ? MAX_LIFETIME : isForgotten || isExtra ? IDLE_TIMEOUT : null;
    }

    // ---- the end

    void close(long timeout) {
        isClosed = true;
        revokesAt = now + timeout - Math.min(timeout / 10, config.disposeTimeout);
        closesAt = now + timeout;
        forEach(p -> run(() -> {
            failedByClose += failAll(p, Trouble.CLOSED);
            leasedAtClose += p.tally.of(LEASED);
            disposeIdle(p, c -> true, CLOSED);
            serve(p, null);
        }));
    }

    /** The closer looks whether it is over, or time to go on by force. */
    void closerLooks() {
        if (used > 0 && now >= revokesAt) {
            revokesAt = Timers.NEVER;
            revoked = tally.of(LEASED);
            List<Conn> all = List.copyOf(conns);
            for (Conn c : all) if (c.state == LEASED) dispose(c, CLOSED);
            for (Conn c : all) if (c.state == PENDING) giveUp(c);
        }
        hasClosed = used == 0 || now >= closesAt;
        if (hasClosed) calls.values().forEach(c -> c.isOverdue = true);
    }

    private void giveUp(Conn c) {
        calls.remove(c.call).timer.cancel();
        wasReset(c, false);
    }
}
