package io.genericpool.core.model;

import io.genericpool.CloseReport;
import io.genericpool.EndpointStats;
import io.genericpool.PoolStats;
import io.genericpool.core.model.ModelState.Endpoint;
import io.genericpool.core.model.ModelState.Waiter;
import io.genericpool.core.model.TraceLog.Entry;
import io.genericpool.core.model.TraceLog.Kind;
import java.util.Arrays;
import java.util.Optional;

/** Compares pool and model after each step, and checks what must hold of a pool whatever the model says. */
final class Comparison {
    /** With more endpoints than these, only those a step was about are compared one by one; the sums always are. */
    private static final int ALL_OF = 6;

    private final World world;
    private final PoolModel model;
    private final TraceServer server;
    private final int[] before;
    private final String[] names;
    private int totalBefore;
    private int membersBefore;
    private int turn;

    Comparison(World world) {
        this.world = world;
        this.model = world.model;
        this.server = world.server;
        this.before = new int[world.config.endpoints];
        this.names = new String[before.length];
        Arrays.setAll(names, e -> "e" + e);
    }

    void compare() {
        if (server.violation != null) {
            throw new AssertionError("never: " + server.violation);
        }
        compareLog();
        PoolStats stats = world.pool.stats();
        model.tally.compare("pool", stats);
        Tally.same("starving", stats.starving(), model.starving.size());
        Tally.same("endpoints", stats.endpoints(), model.members);
        Tally.same("listener failures", stats.listenerFailures(), server.listenerFailures);
        Tally.same("the next timer", world.clock.nextDue(), model.timers.next());
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
        Tally.same("outcomes", told, model.decided.size());
    }

    /** Who was granted something has overtaken nobody that would have taken it. */
    private void checkOrder(Waiter granted) {
        Endpoint p = granted.at;
        if (granted.outcome != Outcome.GRANTED || p.queue.isEmpty()) {
            return;
        }
        boolean isOfGroup = granted.ask != null;
        for (Waiter w : p.queue) {
            // A request of a group may be older than its ticket: members of a later tier are asked later.
            boolean isBehind = isOfGroup || w.isTicket
                    ? w.sequence < (isOfGroup ? granted.ask.served.sequence : granted.sequence)
                    : w.id < granted.id;
            if (isBehind && (!w.isNew || granted.isNew)) {
                throw new AssertionError("never: r" + granted.id + " overtakes r" + w.id);
            }
        }
    }

    private void compareEndpoints() {
        turn++;
        for (int e = 0; e < model.endpoints.length; e++) {
            if (model.endpoints.length <= ALL_OF || turn % model.endpoints.length == e || isTold(e)) {
                Optional<EndpointStats> stats = world.pool.stats(world.targets[e]);
                Tally.same(names[e], stats.isPresent() ? 1 : 0, model.endpoints[e] == null ? 0 : 1);
                if (stats.isPresent()) {
                    model.endpoints[e].tally.compare(names[e], stats.get());
                    Tally.same(names[e] + " waiters", stats.get().waiters(), model.endpoints[e].queue.size());
                    Tally.same(
                            "suspension", stats.get().isSuspended() ? 1 : 0, model.endpoints[e].mode == null ? 0 : 1);
                }
            }
        }
        if (membersBefore != model.members) {
            membersBefore = model.members;
            Tally.same("members", world.pool.endpoints().size(), model.members);
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

    /** Nothing is lost: of the pool's own figures, and of the endpoints'. */
    private void checkBooks(PoolStats stats) {
        long ended = stats.granted() + stats.timedOut() + stats.cancelled() + stats.failed() + stats.rejected();
        Tally.same("never: acquires lost", stats.acquires(), ended + stats.waiters() - GroupSteps.tickets(model));
        Tally.same("never: connections lost", stats.created(), stats.disposed() + stats.total() - stats.connecting());
        Tally.same("never: calls lost", server.totalOpen, stats.total() + stats.abandoned());
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
        int total = model.conns.size();
        if (total > totalBefore && total > model.max) {
            throw new AssertionError("never: " + total + " connections of " + model.max);
        }
        totalBefore = total;
    }

    void compare(CloseReport report, int before) {
        int leased = model.tally.of(State.LEASED);
        Tally.same("returned", report.returned(), Math.max(0, model.leasedAtClose - model.revoked - leased));
        Tally.same("revoked", report.revoked(), model.revoked);
        Tally.same("failed waiters", report.failedWaiters(), model.failedByClose);
        if (report.abandoned() > before || report.abandoned() < server.totalOpen) {
            throw new AssertionError(
                    "abandoned " + report.abandoned() + ", open " + before + " to " + server.totalOpen);
        }
    }

    void compareTheEnd() {
        Tally.same("endpoints left", model.members + world.pool.endpoints().size(), 0);
        Tally.same("calls left", server.calls.size(), 0);
        Tally.same("connections left", server.totalOpen, 0);
        Tally.same("timers left", world.clock.nextDue(), Timers.NEVER);
    }
}
