package io.genericpool.core.model;

import io.genericpool.core.model.ModelState.Ask;
import io.genericpool.core.model.ModelState.Conn;
import io.genericpool.core.model.ModelState.Endpoint;
import io.genericpool.core.model.ModelState.Trouble;
import io.genericpool.core.model.ModelState.Waiter;

/** The places of requests in queues, and what is on its way for them; the turns and troubles of tickets. I54 and I56. */
abstract class ModelTickets extends ModelBooks {
    private long freed;

    ModelTickets(TraceConfig config) {
        super(config);
    }

    /** One that its request has no more use for passes nothing on, and is passed over. */
    boolean isWaiting(Waiter w) {
        return w.isTicket ? w.failed == null && w.ask.request.outcome == Outcome.WAITING : w.outcome == Outcome.WAITING;
    }

    /** The oldest that waits; null when there is none. */
    Waiter first(Endpoint p) {
        for (Waiter w : p.queue) if (isWaiting(w)) return w;
        return null;
    }

    // ---- covers

    void cover(Waiter w, Conn c) {
        w.cover = c;
        w.isLinked = false;
        c.covers = w;
    }

    /** What was on its way for another one is meant for this waiter from now on; the request of a ticket hears of it. */
    void handOver(Waiter w, Conn c) {
        cover(w, c);
        if (!w.isTicket) return;
        w.isHandedOver = true;
        if (!c.at.freed.contains(w)) c.at.freed.push(w);
    }

    /** What was meant for a waiter is meant for nobody; a ticket gives its turn back. @return whom it was meant for */
    Waiter uncover(Conn c) {
        Waiter meantFor = c.covers;
        if (meantFor == null) return null;
        c.covers = null;
        c.freeSince = ++freed;
        meantFor.cover = null;
        giveTurnBack(meantFor);
        if (meantFor.isTicket && !c.at.freed.contains(meantFor)) c.at.freed.push(meantFor);
        return meantFor;
    }

    /** From now on a connect is meant for nobody in particular. */
    void setFree(Conn c) {
        c.freeSince = ++freed;
    }

    // ---- turns

    /** Whether something may be started for it: for a ticket, only with a turn of its request. */
    boolean takeTurn(Waiter w) {
        if (!w.isTicket || w.hasTurn) return true;
        if (w.ask.freeTurns == 0) return false;
        w.ask.freeTurns--;
        w.ask.turnTakenAt = now;
        return w.hasTurn = true;
    }

    /** @return whether it had one */
    boolean giveTurnBack(Waiter w) {
        if (!w.hasTurn) return false;
        w.hasTurn = false;
        w.ask.freeTurns++;
        return true;
    }

    /** Tickets whose cover has ended, or that have a turn and no use for it, leave it to their requests what comes next. */
    void passTurnsOn(Endpoint p, boolean isPermitWanted) {
        while (!p.freed.isEmpty()) {
            Waiter t = p.freed.pop();
            boolean wasHandedOver = t.isHandedOver;
            t.isHandedOver = false;
            if (wasHandedOver && t.cover != null) handedOverLater(t);
            else goOnLater(t);
        }
        if (isPermitWanted) return;
        for (Waiter w : p.queue) if (w.isLinked && isWaiting(w) && giveTurnBack(w)) goOnLater(w);
    }

    /** The request of a ticket goes on when this step is over. */
    abstract void goOnLater(Waiter ticket);

    /** What was started for a ticket, or that a permit is wanted for it, is told when all is done. */
    void startedLater(Waiter ticket) {
        news.add(() -> turnUsed(ticket, false));
    }

    /** That a ticket has what was started for another request is told when all is done. */
    void handedOverLater(Waiter ticket) {
        news.add(() -> turnUsed(ticket, true));
    }

    /** Where nothing is wrong with the member before, two requests have changed places: that is no spill-over. */
    private void turnUsed(Waiter t, boolean isHandedOver) {
        Ask ask = t.ask;
        boolean hasMoved = ask.last == null
                ? t != ask.tickets.get(0)
                : t != ask.last && !(isHandedOver && !ask.last.isSlow && trouble(ask.last) == null);
        ask.group.hedges += ask.isHedging ? 1 : 0;
        ask.group.spillOvers += !ask.isHedging && hasMoved ? 1 : 0;
        ask.isHedging = false;
        ask.last = t;
    }

    // ---- troubles

    static Trouble trouble(Waiter t) {
        return t.failed != null ? t.failed : t.isInTrouble ? t.met : null;
    }

    /** A connect for it has failed: no other is started for it. */
    static boolean isSpent(Waiter t) {
        return t.met == Trouble.CONNECT_FAILED;
    }

    /** It stays in its queue: its request may wait at other members. */
    void meet(Waiter t, Trouble why) {
        if (!t.isInTrouble) t.ask.trouble = why;
        if (!isSpent(t)) t.met = why;
        t.isInTrouble = true;
    }

    /** It leaves, as far as it is in a queue. */
    boolean fail(Waiter t, Trouble why) {
        if (!isWaiting(t)) return false;
        if (!t.isInTrouble) t.ask.trouble = why;
        t.failed = why;
        return true;
    }
}
