package io.genericpool.core.model;

import static io.genericpool.core.model.Count.*;

import io.genericpool.SuspendMode;
import io.genericpool.core.model.ModelState.Ask;
import io.genericpool.core.model.ModelState.Endpoint;
import io.genericpool.core.model.ModelState.Group;
import io.genericpool.core.model.ModelState.Member;
import io.genericpool.core.model.ModelState.Trouble;
import io.genericpool.core.model.ModelState.Waiter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Requests of groups: which members they ask, where something is started for them, and how they end. I54 to I56. */
abstract class ModelGroups extends ModelCalls {
    /** For so long a member that was down opens connections for its group one at a time. */
    private static final long PACED = 10_000_000_000L;

    ModelGroups(TraceConfig config) {
        super(config);
    }

    /** The endpoint, which joins if it may; null if not. */
    abstract Endpoint join(int e);

    abstract void touch(Endpoint p);

    abstract boolean isTooMany(Waiter w);

    // ---- who should serve

    /** The members in the order in which they should serve, by tiers. */
    List<Member> rank(Group g) {
        if (g.config.readsLoads()) for (Member m : g.members) seeLoad(m);
        int turn = g.turn < g.config.firstTier(g.members) ? g.turn : 0;
        g.turn = turn + 1;
        return g.config.rank(g.members, turn, g.later);
    }

    /** More than its first choice was wanted of a ranking. */
    void allRanked(Group g) {
        if (g.config.firstTier(g.members) < g.members.size()) g.later++;
    }

    private void seeLoad(Member m) {
        Endpoint p = endpoints[m.endpoint];
        if (p != null && isGated(p)) noteFailing(m);
    }

    private void noteFailing(Member m) {
        m.pausedAt = coarse();
        m.wasPaused = true;
    }

    private boolean isPaced(Member m) {
        if (m.wasPaused && coarse() - m.pausedAt >= PACED) m.wasPaused = false;
        return m.wasPaused;
    }

    // ---- arrival

    Ask ask(Group g, Waiter w, List<Member> ranked) {
        var ask = new Ask(g, w);
        w.ask = ask;
        ask.turnTakenAt = w.startedAt;
        for (Member m : ranked) {
            var ticket = new Waiter();
            ticket.isTicket = true;
            ticket.ask = ask;
            ticket.member = m;
            ticket.id = w.id;
            ticket.endpoint = m.endpoint;
            ticket.isAsync = w.isAsync;
            ticket.timeout = w.timeout;
            ticket.startedAt = w.startedAt;
            ticket.isPaced = isPaced(m);
            ask.tickets.add(ticket);
        }
        return ask;
    }

    /** All members of its next tier are asked. */
    private void enterTier(Ask ask) {
        int tier = tier(ask, ask.entered);
        while (ask.entered < ask.tickets.size() && tier(ask, ask.entered) == tier && isOpen(ask)) {
            enter(ask, ask.tickets.get(ask.entered++));
        }
    }

    private static int tier(Ask ask, int seat) {
        return ask.group.config.tier(ask.tickets.get(seat).endpoint);
    }

    private void enter(Ask ask, Waiter t) {
        Endpoint p = join(t.endpoint);
        if (p == null) {
            fail(t, isClosed ? Trouble.CLOSED : Trouble.TOO_MANY);
            if (isClosed) decide(ask, Outcome.CLOSED);
            return;
        }
        t.at = p;
        if (ask.home == null) ask.home = p;
        touch(p);
        Trouble refusal = admit(p, t);
        if (refusal != null) fail(t, refusal);
        serve(p, t);
        if (isTooMany(t) && p.wanted == 0) turnAway(t);
        else if (isTooMany(t)) work.add(() -> turnAwayIfTooMany(t));
    }

    private void turnAwayIfTooMany(Waiter t) {
        if (isTooMany(t)) turnAway(t);
    }

    private void turnAway(Waiter t) {
        fail(t.at, t, Trouble.TOO_MANY);
        serve(t.at, null);
    }

    private Trouble admit(Endpoint p, Waiter t) {
        if (p.mode == SuspendMode.FAIL) return Trouble.SUSPENDED;
        boolean mayTakeIdle = p.mode == null && first(p) == null;
        if (mayTakeIdle && giveIdle(p, t)) return null;
        if (p.mode == null && isHopeless(p, t)) {
            if (t.timeout == 0) return Trouble.REFUSED;
            meet(t, Trouble.REFUSED);
        }
        boolean mayCheckAtOnce = mayTakeIdle && config.instantChecks && stale(p) != null;
        if (t.timeout == 0 && !mayCheckAtOnce) return Trouble.TIMED_OUT;
        t.sequence = ++p.sequence;
        t.isLinked = t.ask.freeTurns > 0;
        p.queue.add(t);
        return null;
    }

    // ---- rounds

    private boolean isOpen(Ask ask) {
        return ask.request.outcome == Outcome.WAITING;
    }

    @Override
    void goOnLater(Waiter ticket) {
        work.add(() -> {
            goOn(ticket.ask);
            tell(ticket.ask);
        });
    }

    void goOn(Ask ask) {
        if (ask.hasEnded) return;
        if (isOpen(ask) && ask.isHedgeDue) hedge(ask);
        if (isOpen(ask) && ask.isSpillDue) spill(ask);
        if (isOpen(ask) && ask.freeTurns > 0) offerTurn(ask);
        while (isOpen(ask) && ask.entered < ask.tickets.size() && ask.freeTurns > 0) enterTier(ask);
        if (isOpen(ask) && ask.tickets.stream().allMatch(t -> trouble(t) != null)) failIfHopeless(ask);
        if (!isOpen(ask)) end(ask);
    }

    private void offerTurn(Ask ask) {
        for (Waiter t : ask.asked()) adopt(t);
        for (Waiter t : ask.asked()) if (!t.isSlow) offerTurn(t);
        for (Waiter t : ask.asked()) if (t.isSlow) offerTurn(t);
    }

    private boolean isQueued(Waiter t) {
        return t.at != null && t.at.queue.contains(t);
    }

    /** What is on its way for nobody comes first. */
    void adopt(Waiter t) {
        if (t.ask.freeTurns == 0 || !isQueued(t) || !isWaiting(t) || t.cover != null) return;
        var free = freeFor(t.at, t);
        if (free == null || !takeTurn(t)) return;
        cover(t, free);
        handedOverLater(t);
    }

    private void offerTurn(Waiter t) {
        if (t.ask.freeTurns == 0 || !isOpen(t.ask) || t.at == null) return;
        t.isLinked = isQueued(t) && t.cover == null;
        serve(t.at, null);
    }

    void hedge(Ask ask) {
        ask.isHedgeDue = false;
        ask.isHedging = true;
        ask.freeTurns++;
        ask.turns++;
    }

    /** What takes too long keeps the turn no longer, where another member may have it. */
    void spill(Ask ask) {
        ask.isSpillDue = false;
        long early = ask.turnTakenAt + ask.group.config.spillAfter() - now;
        if (early > 0) {
            startSpill(ask, early);
            return;
        }
        boolean hasOthers = ask.entered < ask.tickets.size();
        for (Waiter t : ask.asked()) hasOthers |= !t.isSlow && t.failed == null && !isSpent(t) && !t.hasTurn;
        if (!hasOthers) return;
        for (Waiter t : ask.asked()) takeTurnFrom(t);
        startSpill(ask, ask.group.config.spillAfter());
    }

    private void takeTurnFrom(Waiter t) {
        if (!isQueued(t) || (t.isSlow && t.cover == null) || !giveTurnBack(t)) return;
        t.isLinked = false;
        t.isSlow = true;
        serve(t.at, null);
    }

    private void startSpill(Ask ask, long delay) {
        ask.spill = schedule(Math.max(0, delay), () -> {
            ask.isSpillDue = true;
            goOn(ask);
        });
        if (!isOpen(ask)) cancelTimers(ask);
    }

    /** After the arrival. */
    void startTimers(Ask ask) {
        if (ask.tickets.size() < 2 || !isOpen(ask)) return;
        if (ask.group.config.spillAfter() > 0) startSpill(ask, ask.group.config.spillAfter());
        if (ask.group.config.hedgeAfter() > 0) {
            ask.hedge = schedule(ask.group.config.hedgeAfter(), () -> {
                ask.isHedgeDue = true;
                goOn(ask);
            });
        }
    }

    // ---- the end

    private void failIfHopeless(Ask ask) {
        boolean isHopeful = false;
        for (Waiter t : ask.asked()) isHopeful |= isHopeful(t);
        if (!isHopeful) decide(ask, outcome(ask));
    }

    /** Something is on its way for it, or its member may connect again. */
    boolean isHopeful(Waiter t) {
        if (!isQueued(t)) return false;
        boolean mayConnect = !isSpent(t) && (t.at.mode != null || !isHopeless(t.at, t));
        if (mayConnect) t.isInTrouble = false;
        return mayConnect || t.cover != null;
    }

    /** A failure of a connect says more than a deadline, and that more than a refusal. */
    private static Outcome outcome(Ask ask) {
        Set<Trouble> troubles = EnumSet.noneOf(Trouble.class);
        for (Waiter t : ask.asked()) troubles.add(trouble(t));
        return troubles.iterator().next().outcome;
    }

    /** All of its tickets leave. I55 */
    private void end(Ask ask) {
        work.add(() -> tell(ask));
        for (Waiter t : ask.asked()) if (t != ask.served && t.sequence > 0) withdraw(t);
        ask.hasEnded = true;
        cancelTimers(ask);
        for (Waiter t : ask.asked()) {
            if (trouble(t) == Trouble.CONNECT_FAILED || trouble(t) == Trouble.REFUSED) noteFailing(t.member);
        }
        if (ask.served != null) ask.served.member.leases++;
        else countFailure(ask);
    }

    void withdraw(Waiter t) {
        leaveQueue(t);
        serve(t.at, null);
    }

    private static void cancelTimers(Ask ask) {
        if (ask.spill != null) ask.spill.cancel();
        if (ask.hedge != null) ask.hedge.cancel();
    }

    private void countFailure(Ask ask) {
        Tally figures = ask.home == null ? tally : ask.home.tally;
        figures.add(ACQUIRES, 1);
        figures.add(ask.request.outcome.count, 1);
    }

    /** Its requester learns of it; where that cannot be told, the connection serves others. */
    private void tell(Ask ask) {
        Waiter w = ask.request;
        if (ask.isArriving || ask.isTold || isOpen(ask)) return;
        ask.isTold = true;
        boolean isLost = rejectsCompletions && w.isAsync && w.outcome == Outcome.GRANTED;
        if (isLost) unlease(w.got, Outcome.UNDELIVERABLE, null);
    }

    /** By its deadline, or by the requester. */
    void leave(Ask ask, Outcome outcome) {
        decide(ask, outcome);
        ask.isTold = true;
        goOn(ask);
    }
}
