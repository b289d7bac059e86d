package io.genericpool.core.model;

import static io.genericpool.DisposeReason.*;
import static io.genericpool.core.model.Count.*;
import static io.genericpool.core.model.State.*;

import io.genericpool.core.model.ModelState.Conn;
import io.genericpool.core.model.ModelState.Endpoint;
import io.genericpool.core.model.ModelState.Trouble;
import io.genericpool.core.model.ModelState.Waiter;
import io.genericpool.core.model.TraceLog.Entry;
import io.genericpool.core.model.TraceLog.Kind;

/** What comes of the calls of the manager and its hooks, in time, late, or never. Sections 4.1 to 4.3 and 4.10 of the design. */
abstract class ModelCalls extends ModelService {
    ModelCalls(TraceConfig config) {
        super(config);
    }

    /** What the surroundings did by themselves, one after the other, with what follows from each. */
    void follow() {
        for (int i = 0; i < log.entries.size(); i++) {
            Entry e = log.entries.get(i);
            Conn c = e.owner instanceof Conn claimer ? claimer : find(e.connection);
            boolean isTold = e.owner == null;
            if (c != null && e.owner == c && e.call != 0 && e.call == c.call) limit(c);
            if (e.kind == Kind.ENDED) run(() -> ended(e, calls.remove(e.call)));
            else if (e.kind == Kind.GATED && c != null) run(() -> gated(c, e));
            else if (e.kind == Kind.BOUND && c != null) run(() -> bound(c, e));
            else if (e.kind == Kind.ACQUIRE_FAILED && isTold && c != null) run(() -> acquireFailed(c));
            else if (e.kind == Kind.CALLBACK) e.step.run();
            else if (e.kind == Kind.HOOK_FAILED) tallyOf(e.endpoint).add(HOOK_FAILURES, 1);
            else continue;
            e.owner = this;
        }
    }

    private Tally tallyOf(int e) {
        return endpoints[e] == null ? tally : endpoints[e].tally;
    }

    void acquireFailed(Conn c) {
        c.at.tally.add(HOOK_FAILURES, 1);
        unlease(c, Outcome.HOOK_FAILED, HOOK_FAILED);
    }

    private void ended(Entry e, Conn c) {
        if (c == null) return; // a close waits for it no longer
        if (c.timer != null) c.timer.cancel();
        boolean isWell = e.ok && !c.isOverdue;
        boolean isHookFailure = e.threw && !c.isGivenUp && (c.state == CHECKING || c.state == DISPOSING);
        c.at.tally.add(HOOK_FAILURES, isHookFailure ? 1 : 0);
        if (c.isAbandoned) cameBack(c, e.ok);
        else if (c.state == CONNECTING && !e.ok) connectFailed(c);
        else if (c.state == CONNECTING && !config.hooks) arrived(c, false);
        else if (c.state == CHECKING) checked(c, isWell);
        else if (c.state == PENDING) wasReset(c, isWell);
        else if (c.state == DISPOSING) disposed(c);
    }

    @Override
    void abandon(Conn c) {
        boolean isStray = c.isAbandoned;
        c.isGivenUp = c.isAbandoned = true;
        c.at.tally.add(HOOK_FAILURES, c.state == PENDING || c.state == DISPOSING ? 1 : 0);
        if (isStray) return;
        c.at.tally.add(ABANDONED, 1);
        if (c.state == CHECKING) foundDead(c);
        if (c.state == CONNECTING) {
            c.at.stuckConnects += c.generation == c.at.generation ? 1 : 0;
            connectFailed(c);
        } else {
            if (c.state != DISPOSING) c.reason = c.state == CHECKING ? DEAD : HOOK_FAILED;
            if (c.state != DISPOSING) disposing++;
            disposed(c);
        }
    }

    /** A call about a connection that is in no books any more: what is left of it is disposed. */
    private void cameBack(Conn c, boolean isWell) {
        if (c.state == CONNECTING) {
            c.at.stuckConnects -= c.generation == c.at.generation ? 1 : 0;
            serve(c.at, null);
        }
        if (c.state == DISPOSING || (c.state == CONNECTING && !isWell)) {
            c.at.tally.add(ABANDONED, -1);
            serve(c.at, null);
        } else {
            c.reason = c.state == CHECKING ? DEAD : c.state == PENDING ? HOOK_FAILED : INVALIDATED;
            c.state = DISPOSING;
            begin(c, claim(Kind.DISPOSE, c, c.reason), config.disposeTimeout);
        }
    }

    // ---- connects

    private void bound(Conn c, Entry e) {
        c.isDead |= e.died;
        c.isRetired |= e.retired;
        c.at.tally.add(HOOK_FAILURES, e.ok ? 0 : 1);
        arrived(c, !e.ok);
    }

    private void arrived(Conn c, boolean isBroken) {
        long took = now - c.connectedAt;
        int micros = (int) Math.min(took / 1_000, Integer.MAX_VALUE);
        c.at.connectMicros = c.at.connectMicros == 0 ? micros : c.at.connectMicros + (micros - c.at.connectMicros) / 8;
        c.connectedAt = now;
        c.expiresAt = now + config.lifetime;
        c.checkedAt = coarse();
        stampIdle(c);
        c.at.tally.add(CREATED, 1);
        boolean isCurrent = c.generation == c.at.generation;
        c.isEvicted |= !isCurrent;
        Waiter meantFor = connectOver(c);
        if (isBroken || c.isDead) {
            dispose(c, isBroken ? HOOK_FAILED : DEAD);
            blame(c, meantFor);
            serve(c.at, null);
        } else {
            c.at.gateUntil = now;
            if (c.warm != null && isCurrent) c.warm.opened++;
            offer(c, true);
        }
    }

    private Waiter connectOver(Conn c) {
        if (c.warm != null) c.warm.inFlight--;
        return uncover(c);
    }

    @Override
    void connectFailed(Conn c) {
        Waiter meantFor = connectOver(c);
        remove(c);
        blame(c, meantFor);
        release();
        serve(c.at, null);
    }

    /** A failed connect fails the waiter it was started for, or for whose like. */
    void blame(Conn c, Waiter w) {
        c.at.tally.add(CONNECT_FAILURES, 1);
        c.at.isRefillPaused |= c.isRefill;
        boolean isItsOwn = w != null && c.generation == c.at.generation && w.sequence <= c.startSequence;
        if (isItsOwn) fail(c.at, w, Trouble.CONNECT_FAILED);
    }

    /** The governor has not allowed a connect, and perhaps refuses; unless one has succeeded since, that holds. */
    private void gated(Conn c, Entry e) {
        Endpoint p = c.at;
        connectOver(c);
        remove(c);
        if (c.createdBefore == p.tally.of(CREATED) && c.generation == p.generation) {
            p.gateUntil = now + e.nanos;
            p.isGateRefusing = e.ok;
        }
        p.isRefillPaused |= c.isRefill;
        if (c.warm != null) c.warm.budget++; // it was not tried
        release();
        serve(p, null);
    }

    // ---- checks and resets

    @Override
    void check(Conn c, Waiter w) {
        beginCheck(c);
        if (w != null) cover(w, c);
        if (config.instantChecks) work.add(() -> checked(c, instantCheck(c)));
        else if (rejectsConnects) work.add(() -> checkRejected(c));
        else begin(c, claim(Kind.CHECK, c, null), config.checkTimeout);
    }

    /** What it is suspected of from now on, the check does not refute. */
    void beginCheck(Conn c) {
        move(c, CHECKING);
        c.wasSuspect = c.isSuspect;
        c.isSuspect = false;
    }

    private void checkRejected(Conn c) {
        c.at.tally.add(HOOK_FAILURES, 1);
        checked(c, false);
    }

    boolean instantCheck(Conn c) {
        Entry check = claim(Kind.INSTANT_CHECK, c, null);
        c.at.tally.add(HOOK_FAILURES, check.threw ? 1 : 0);
        return check.ok;
    }

    private void checked(Conn c, boolean isAlive) {
        uncover(c);
        if (isAlive) stampAlive(c);
        else foundDead(c);
        if (isAlive) offer(c, false);
        else discard(c, DEAD);
    }

    /** Nobody knows of what. */
    private void foundDead(Conn c) {
        if (isNewsOfDeath(c)) suspectAll(c.at);
    }

    void wasReset(Conn c, boolean isWell) {
        stampIdle(c);
        c.at.tally.add(HOOK_FAILURES, isWell ? 0 : 1);
        if (isWell) offer(c, false);
        else discard(c, HOOK_FAILED);
    }

    void stampIdle(Conn c) {
        c.since = coarse();
        c.usableUntil = Math.min(c.expiresAt, coarse() + config.bypass);
    }

    void stampAlive(Conn c) {
        c.checkedAt = coarse();
        c.usableUntil = Math.min(c.expiresAt, coarse() + config.bypass);
    }
}
