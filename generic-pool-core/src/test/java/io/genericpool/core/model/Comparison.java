package io.genericpool.core.model;

import io.genericpool.CloseReport;
import io.genericpool.ConnectionStats;
import io.genericpool.DisposeReason;
import io.genericpool.EndpointStats;
import io.genericpool.PoolStats;
import io.genericpool.core.model.ModelState.Endpoint;
import io.genericpool.core.model.ModelState.Waiter;
import io.genericpool.core.model.TraceLog.Entry;
import io.genericpool.core.model.TraceLog.Kind;
import java.util.Optional;

/** Compares pool and model after each step, and checks what must hold of a pool whatever the model says. */
final class Comparison {
    /** With more endpoints than these, only those a step was about are compared one by one; the sums always are. */
    private static final int ALL_OF = 6;

    private static final DisposeReason[] REASONS = DisposeReason.values();

    private final World world;
    private final PoolModel model;
    private final TraceServer server;
    private final int[] before;
    private int totalBefore;
    private int membersBefore;
    private int turn;

    Comparison(World world) {
        this.world = world;
        this.model = world.model;
        this.server = world.server;
        this.before = new int[world.config.endpoints];
    }

    void compare() {
        if (server.violation != null) {
            throw new AssertionError("never: " + server.violation);
        }
        compareLog();
        PoolStats stats = world.pool.stats();
        compare("pool", stats, model.sums);
        same("starving", stats.starving(), model.starving.size());
        same("endpoints", stats.endpoints(), model.members);
        same("listener failures", stats.listenerFailures(), server.listenerFailures);
        same("the next timer", world.clock.nextDue(), model.timers.next());
        compareEndpoints();
        checkBooks(stats);
        checkLimits();
    }

    private void compareLog() {
        int told = 0;
        for (Entry entry : world.log.entries) {
            if (entry.kind == Kind.OUTCOME) {
                told++;
            } else if (entry.owner == null) {
                throw new AssertionError("not expected: " + entry);
            }
        }
        for (Waiter w : model.decided) {
            Entry entry = world.log.outcome(w.id);
            boolean isRight = entry != null
                    && entry.outcome == w.outcome
                    && (w.outcome != Outcome.GRANTED || entry.connection == w.got.id);
            if (!isRight) {
                throw new AssertionError("outcome of r" + w.id + ": pool " + entry + ", model " + w.outcome
                        + (w.got == null ? "" : " c" + w.got.id));
            }
            checkOrder(w);
        }
        same("outcomes", told, model.decided.size());
    }

    /** Who was granted something has overtaken nobody that would have taken it. */
    private void checkOrder(Waiter granted) {
        Endpoint p = granted.at;
        if (granted.outcome != Outcome.GRANTED || p.queue.isEmpty()) {
            return;
        }
        for (Waiter w : p.queue) {
            if (w.id < granted.id && (!w.isNew || granted.isNew)) {
                throw new AssertionError("never: r" + granted.id + " overtakes r" + w.id);
            }
        }
    }

    private void compareEndpoints() {
        turn++;
        for (int e = 0; e < model.endpoints.length; e++) {
            if (model.endpoints.length <= ALL_OF || turn % model.endpoints.length == e || isTold(e)) {
                Optional<EndpointStats> stats = world.pool.stats(world.targets[e]);
                same("presence of e" + e, stats.isPresent() ? 1 : 0, model.endpoints[e] == null ? 0 : 1);
                if (stats.isPresent()) {
                    compare("e" + e, stats.get(), model.endpoints[e]);
                    same("suspension", stats.get().isSuspended() ? 1 : 0, model.endpoints[e].mode == null ? 0 : 1);
                }
            }
        }
        if (membersBefore != model.members) {
            membersBefore = model.members;
            same("members", world.pool.endpoints().size(), model.members);
        }
    }

    private boolean isTold(int e) {
        for (Entry entry : world.log.entries) {
            if (entry.endpoint == e) {
                return true;
            }
        }
        return false;
    }

    private static void compare(String where, ConnectionStats stats, Endpoint p) {
        boolean isSame = stats.connecting() == p.states[0]
                && stats.idle() == p.states[1]
                && stats.leased() == p.states[2]
                && stats.pending() == p.states[3]
                && stats.checking() == p.states[4]
                && stats.disposing() == p.states[5]
                && (p.limits == null || stats.waiters() == p.queue.size());
        if (!isSame) {
            throw new AssertionError("states of " + where + ": pool " + stats + "; model " + p);
        }
        for (Count count : Count.ALL) {
            if (count.reading.applyAsLong(stats) != p.counts[count.ordinal()]) {
                throw new AssertionError(where + " " + count + ": pool " + count.reading.applyAsLong(stats) + ", model "
                        + p.counts[count.ordinal()]);
            }
        }
        for (DisposeReason reason : REASONS) {
            same("disposed " + reason, stats.disposed(reason), p.disposed[reason.ordinal()]);
        }
    }

    /** Nothing is lost: of the pool's own figures, and of the endpoints'. */
    private void checkBooks(PoolStats stats) {
        long ended = stats.granted() + stats.timedOut() + stats.cancelled() + stats.failed() + stats.rejected();
        same("never: acquires lost", stats.acquires(), ended + stats.waiters());
        same("never: connections lost", stats.created(), stats.disposed() + stats.total() - stats.connecting());
        same("never: calls lost", server.totalOpen, stats.total() + stats.abandoned());
    }

    /** No limit is passed; one that was lowered is approached. */
    private void checkLimits() {
        for (int e = 0; e < before.length; e++) {
            Endpoint p = model.endpoints[e];
            int size = p == null ? 0 : p.conns.size();
            if (size > before[e] && size > p.limits.maxSize()) {
                throw new AssertionError("never: e" + e + " has " + size + " connections of " + p.limits);
            }
            before[e] = size;
        }
        int total = model.sums.conns.size();
        if (total > totalBefore && total > model.max) {
            throw new AssertionError("never: " + total + " connections of " + model.max);
        }
        totalBefore = total;
    }

    void compare(CloseReport report, int before) {
        int leased = model.sums.states[State.LEASED.ordinal()];
        same("returned", report.returned(), Math.max(0, model.leasedAtClose - model.revoked - leased));
        same("revoked", report.revoked(), model.revoked);
        same("failed waiters", report.failedWaiters(), model.failedByClose);
        if (report.abandoned() > before || report.abandoned() < server.totalOpen) {
            throw new AssertionError(
                    "abandoned " + report.abandoned() + ", open " + before + " to " + server.totalOpen);
        }
    }

    void compareTheEnd() {
        same("endpoints left", model.members + world.pool.endpoints().size(), 0);
        same("calls left", server.calls.size(), 0);
        same("connections left", server.totalOpen, 0);
        same("timers left", world.clock.nextDue(), Timers.NEVER);
    }

    private static void same(String what, long pool, long model) {
        if (pool != model) {
            throw new AssertionError(what + ": pool " + pool + ", model " + model);
        }
    }
}
