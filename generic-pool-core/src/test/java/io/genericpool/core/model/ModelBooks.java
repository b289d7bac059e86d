package io.genericpool.core.model;

import static io.genericpool.core.model.State.*;

import io.genericpool.DisposeReason;
import io.genericpool.core.model.ModelState.Conn;
import io.genericpool.core.model.ModelState.Endpoint;
import io.genericpool.core.model.TraceLog.Entry;
import io.genericpool.core.model.TraceLog.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** What the model is written in: its books, its time, what it has still to do, and the choices it reads from the log. */
abstract class ModelBooks {
    final TraceConfig config;
    final Endpoint[] endpoints;
    final Tally tally = new Tally(null);
    final Timers timers = new Timers();
    final List<Conn> conns = new ArrayList<>();
    final Map<Integer, Conn> calls = new HashMap<>();
    /** What follows from a step, in order. */
    final Deque<Runnable> work = new ArrayDeque<>();
    /** What groups hear when all that is done. */
    final Deque<Runnable> news = new ArrayDeque<>();

    TraceLog log;
    /** Whether executors reject what they are given in this step. */
    boolean rejectsConnects, rejectsCompletions;

    boolean isClosed;
    long now, tick;
    int members;

    ModelBooks(TraceConfig config) {
        this.config = config;
        this.endpoints = new Endpoint[config.endpoints];
    }

    /** Does a step, and what follows from it. */
    void run(Runnable step) {
        step.run();
        for (Runnable next = next(); next != null; next = next()) next.run();
    }

    private Runnable next() {
        Runnable next = work.poll();
        return next == null ? news.poll() : next;
    }

    Timers.Timer schedule(long delay, Runnable task) {
        return timers.schedule(now + delay, () -> run(task));
    }

    /** The present as the fast path knows it. */
    long coarse() {
        return config.collector ? tick : now;
    }

    void forEach(Consumer<Endpoint> step) {
        for (int e = 0; e < endpoints.length; e++) if (endpoints[e] != null) step.accept(endpoints[e]);
    }

    void move(Conn c, State state) {
        c.at.tally.move(c.state, state);
        c.state = state;
    }

    void remove(Conn c) {
        c.at.tally.move(c.state, null);
        c.at.conns.remove(c);
        conns.remove(c);
        if (c.leases > 0) c.at.lastTouch = Math.max(c.at.lastTouch, c.since);
    }

    Conn find(int connection) {
        for (Conn c : conns) if (c.id == connection && c.id != 0) return c;
        return null;
    }

    /** What the model expects about a connection, as the log tells it. */
    Entry claim(Kind kind, Conn c, DisposeReason reason) {
        Entry entry = log.claim(kind, c.id, reason, c);
        if (entry != null) return entry;
        throw new AssertionError("missing: " + kind + " c" + c.id + (reason == null ? "" : " " + reason));
    }

    /** The first of the idle connections that fit, in some order; among equals, that of which the log tells first. */
    Conn pick(List<Conn> among, Predicate<Conn> fits, ToLongFunction<Conn> order, Kind kind, DisposeReason why) {
        Conn best = null;
        for (Conn c : among) {
            if (c.state != IDLE || !fits.test(c)) continue;
            long behind = best == null ? -1 : order.applyAsLong(c) - order.applyAsLong(best);
            if (behind < 0 || (behind == 0 && log.find(kind, c.id, why) < log.find(kind, best.id, why))) best = c;
        }
        return best;
    }

    // ---- calls of the manager, each bounded in time

    /** A call has begun. */
    void begin(Conn c, Entry entry, long timeout) {
        c.call = entry.call;
        c.callTimeout = timeout;
        c.isOverdue = c.isGivenUp = false;
        calls.put(c.call, c);
    }

    /** Its time runs, from the moment at which the log tells of it. */
    void limit(Conn c) {
        c.timer = schedule(c.callTimeout, () -> {
            c.isOverdue = true;
            c.timer = schedule(c.callTimeout, () -> abandon(c));
        });
    }

    /** It has not come back within twice its time. */
    abstract void abandon(Conn c);
}
