package io.genericpool.core.model;

import static io.genericpool.DisposeReason.*;
import static io.genericpool.core.model.State.*;

import io.genericpool.DisposeReason;
import io.genericpool.core.model.ModelState.Conn;
import io.genericpool.core.model.ModelState.Endpoint;
import io.genericpool.core.model.ModelState.Waiter;
import io.genericpool.core.model.TraceLog.Kind;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The permits of the pool: who gets the next one, and which connection goes for it. Sections 4.4 and 4.5 of the design. */
abstract class ModelPermits extends ModelTickets {
    /** Endpoints that want permits and get none, oldest first. */
    final Set<Endpoint> starving = new LinkedHashSet<>();

    int max, used, disposing, pressure;

    ModelPermits(TraceConfig config) {
        super(config);
        max = config.totalMaxSize;
    }

    abstract void serve(Endpoint p, Waiter arriving);

    // ---- permits are wanted, come back, and are handed on

    boolean isPermitFree() {
        return used < max && starving.isEmpty();
    }

    void want(Endpoint p, int wanted) {
        if (wanted == p.wanted) return;
        if (p.wanted == 0) p.starvesSince = now;
        p.wanted = wanted;
        if (wanted == 0) starving.remove(p);
        else starving.add(p);
        grant();
    }

    void release() {
        used--;
        grant();
    }

    /** Free permits go to those that starve; who wants more goes behind the others. */
    void grant() {
        while (used < max && !starving.isEmpty()) {
            Endpoint oldest = starving.iterator().next();
            starving.remove(oldest);
            used++;
            oldest.permits++;
            oldest.wanted--;
            oldest.starvesSince = now;
            if (oldest.wanted > 0) starving.add(oldest);
            work.add(() -> serve(oldest, null));
        }
        updatePressure();
    }

    /** How many permits are wanted, or used beyond the limit, and not on their way back. */
    private void updatePressure() {
        pressure = Math.max(0, missing());
    }

    int missing() {
        return starving.stream().mapToInt(p -> p.wanted).sum() + Math.max(0, used - max) - disposing;
    }

    boolean isOverfull() {
        return used - disposing > max;
    }

    /** Idle connections go, the longest idle first, as long as there is pressure; those reserved for lack of others only. */
    void relieve() {
        while (pressure > 0) {
            DisposeReason why = isOverfull() ? RESIZED : PRESSURE;
            Conn c = longestIdle(conns, x -> !x.at.isReserved(), why);
            if (c == null && why == RESIZED) c = longestIdle(conns, x -> true, why);
            if (c == null) return;
            discard(c, why);
        }
    }

    /** To the endpoint that starves longest. One first in line that serves itself goes behind the others. */
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
        if (c.at.isReservedWith(c)) return false;
        return oldest != c.at && (!servesItself || Math.min(now - c.connectedAt, now - oldest.starvesSince) >= window);
    }

    long window(Endpoint p) {
        long chosen = Math.min(1_000_000_000, Math.max(10_000_000, 2_000L * p.connectMicros));
        return config.overtakeWindow >= 0 ? config.overtakeWindow : chosen;
    }

    // ---- connections go

    void discard(Conn c, DisposeReason reason) {
        dispose(c, reason);
        serve(c.at, null);
    }

    void dispose(Conn c, DisposeReason reason) {
        disposing++;
        updatePressure();
        disposeCounted(c, reason);
    }

    /** Its permit is kept for a waiter that wants a new one. */
    void disposeFor(Conn c, Waiter w) {
        c.isOwed = true;
        cover(w, c);
        disposeCounted(c, PRESSURE);
    }

    private void disposeCounted(Conn c, DisposeReason reason) {
        boolean isEarlyDeath = reason == DEAD || reason == HOOK_FAILED || reason == MAX_LEASES;
        c.at.isRefillPaused |= c.leases == 0 && isEarlyDeath;
        c.reason = reason;
        move(c, DISPOSING);
        begin(c, claim(Kind.DISPOSE, c, reason), config.disposeTimeout);
    }

    void disposeIdle(Endpoint p, Predicate<Conn> which, DisposeReason reason) {
        Conn c = pick(p.conns, which, x -> 0, Kind.DISPOSE, reason);
        for (; c != null; c = pick(p.conns, which, x -> 0, Kind.DISPOSE, reason)) dispose(c, reason);
    }

    /** Of very many, one idle for long. In order, a probe puts a connection behind those that are idle for less. */
    Conn longestIdle(List<Conn> among, Predicate<Conn> fits, DisposeReason why) {
        boolean isInOrder = config.fifo && among != conns;
        Predicate<Conn> isLongest = c -> !isInOrder || among.stream().noneMatch(o -> isIdleLonger(o, c));
        return pick(
                among,
                fits.and(isLongest),
                c -> isInOrder || among.size() > config.probes ? 0 : c.since,
                Kind.DISPOSE,
                why);
    }

    private static boolean isIdleLonger(Conn o, Conn than) {
        return o.state == IDLE && o.since < than.since && o.idleOrder < than.idleOrder;
    }
}
