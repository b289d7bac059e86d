package io.genericpool.core.model;

import io.genericpool.DisposeReason;
import io.genericpool.core.model.TraceLog.Entry;
import io.genericpool.core.model.TraceLog.Kind;
import io.genericpool.spi.ConnectionSignals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The far end of a trace, behind the managers that {@link TraceManagers} makes. It logs what the pool does for the model, and notes what no pool
 * may ever do to a connection.
 */
final class TraceServer {
    /** An endpoint. Its hash is its number, so that a hash map as large as {@link World} makes it walks them in that order. */
    record Target(int index) {
        @Override
        public int hashCode() {
            return index;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Target that && index == that.index;
        }

        @Override
        public String toString() {
            return "e" + index;
        }
    }

    /** A hook of an acquire threw. */
    static final class HookFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final int connection;

        HookFailure(int connection) {
            super("by trace", null, false, false);
            this.connection = connection;
        }
    }

    static final class Connection {
        final int id;
        final Target target;
        ConnectionSignals signals;
        boolean isLeased;
        boolean isDeathTold;
        boolean isDisposing;
        int views;
        /** It is older than the last evict of its endpoint. */
        boolean isOld;

        private Call call;
        private int place;

        private Connection(int id, Target target) {
            this.id = id;
            this.target = target;
        }
    }

    /** A call that the pool has made and waits for. */
    final class Call extends CompletableFuture<Object> {
        final int id = ++lastCall;
        final Kind kind;
        final Target target;
        private final Connection connection;
        private boolean isStubborn;
        private boolean isOld;
        private int place;

        private Call(Kind kind, Target target, Connection connection) {
            this.kind = kind;
            this.target = target;
            this.connection = connection;
            place = calls.size();
            calls.add(this);
            if (connection != null) {
                note(connection.call == null || isClosing, "a call about a connection begins during another");
                connection.call = this;
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            if (!isStubborn && !isDone()) {
                over(this, false, true);
                super.cancel(mayInterruptIfRunning);
            }
            return isCancelled();
        }
    }

    final TraceConfig config;
    final TraceLog log;
    final TraceClock clock;
    final List<Call> calls = new ArrayList<>();
    final List<Connection> connections = new ArrayList<>();
    /** Connections and connects, as the endpoints count them. */
    final int[] open;

    int totalOpen;
    long listenerFailures;
    /** From now on a reset may be left alone while its connection is disposed. */
    boolean isClosing;

    Fault armed = Fault.NONE;
    long struck;
    String violation;
    private int lastCall;
    private Entry releasing;

    TraceServer(TraceConfig config, TraceLog log, TraceClock clock) {
        this.config = config;
        this.log = log;
        this.clock = clock;
        this.open = new int[config.endpoints];
    }

    void note(boolean isRight, String what) {
        if (!isRight && violation == null) {
            violation = what;
        }
    }

    /** Whether a fault that waits strikes here. */
    boolean strikes(Fault fault) {
        boolean strikes = armed == fault;
        if (strikes) {
            armed = Fault.NONE;
            struck++;
        }
        return strikes;
    }

    void evicted(int endpoint) {
        connections.stream().filter(c -> c.target.index == endpoint).forEach(c -> c.isOld = true);
        calls.stream().filter(c -> c.target.index == endpoint).forEach(c -> c.isOld = true);
    }

    // ---- calls

    Call begin(Kind kind, Target target, Connection connection, DisposeReason reason) {
        var call = new Call(kind, target, connection);
        if (kind != Kind.RELEASE) {
            int id = connection == null ? 0 : connection.id;
            log.add(kind, target.index, id, call.id, true).reason = reason;
        }
        if (kind == Kind.CREATE) {
            open[target.index]++;
            totalOpen++;
        }
        if (kind == Kind.DISPOSE) {
            note(!connection.isDisposing, "a connection is disposed twice");
            note(connection.views == 0, "a connection is disposed while a view of it lives");
            note(!connection.isDeathTold || reason == DisposeReason.DEAD, "onConnectionDead, and not disposed as dead");
            connection.isDisposing = true;
            connection.isLeased = false;
        }
        return call;
    }

    CompletionStage<?> stage(Call call) {
        if (config.async || call.kind == Kind.RELEASE) {
            if (strikes(Fault.CALL_THROWS)) {
                over(call, false, true);
                throw new IllegalStateException("by trace");
            }
            if (strikes(Fault.CALL_GIVES_NULL)) {
                over(call, false, true);
                return null;
            }
            if (strikes(Fault.CALL_FAILS_AT_ONCE)) {
                over(call, false, true);
                call.completeExceptionally(new IOException("by trace"));
            } else if (strikes(Fault.CALL_ENDS_AT_ONCE)) {
                end(call);
            }
            call.isStubborn = strikes(Fault.STUBBORN);
        } else {
            end(call);
        }
        return call;
    }

    /** Ends a call, well if no fault strikes. */
    void end(Call call) {
        boolean fails = strikes(Fault.FAILS);
        boolean failsBadly = !fails && strikes(Fault.FAILS_BADLY);
        boolean isNull = call.kind == Kind.CREATE || call.kind == Kind.CHECK ? strikes(Fault.ENDS_WITH_NULL) : false;
        boolean isDead = call.kind == Kind.CHECK && strikes(Fault.FOUND_DEAD);
        if (fails || failsBadly) {
            over(call, false, true);
            call.completeExceptionally(failsBadly ? new LinkageError("by trace") : new IOException("by trace"));
        } else if (isNull) {
            over(call, false, false);
            call.complete(null);
        } else if (call.kind == Kind.CREATE) {
            var connection = new Connection(call.id, call.target);
            connection.isOld = call.isOld;
            connection.place = connections.size();
            connections.add(connection);
            over(call, true, false);
            call.complete(connection);
        } else {
            over(call, !isDead, false);
            call.complete(!isDead);
        }
    }

    private void over(Call call, boolean isWell, boolean threw) {
        Call last = calls.remove(calls.size() - 1);
        if (last != call) {
            calls.set(call.place, last);
            last.place = call.place;
        }
        if (call.connection != null && call.connection.call == call) {
            call.connection.call = null;
        }
        if (call.kind == Kind.DISPOSE || (call.kind == Kind.CREATE && !isWell)) {
            open[call.target.index]--;
            totalOpen--;
        }
        if (call.kind == Kind.DISPOSE) {
            Connection gone = call.connection;
            Connection moved = connections.remove(connections.size() - 1);
            if (moved != gone) {
                connections.set(gone.place, moved);
                moved.place = gone.place;
            }
        }
        log.add(Kind.ENDED, call.target.index, 0, call.id, isWell).threw = threw;
    }

    boolean checkAtOnce(Connection connection) {
        boolean threw = strikes(Fault.FAILS);
        boolean isAlive = !threw && !strikes(Fault.FOUND_DEAD);
        log.add(Kind.INSTANT_CHECK, connection.target.index, connection.id, 0, isAlive).threw = threw;
        if (threw) {
            throw new IllegalStateException("by trace");
        }
        return isAlive;
    }

    // ---- hooks

    void acquired(Connection connection, Fault fault) {
        note(!connection.isLeased && connection.call == null, "a connection is lent that is leased, or has a call");
        note(!connection.isOld, "a connection of an old generation is lent");
        if (strikes(fault)) {
            log.add(Kind.ACQUIRE_FAILED, connection.target.index, connection.id, 0, false);
            throw new HookFailure(connection.id);
        }
    }

    void released(Connection connection) {
        note(connection.isLeased, "a connection is released that is not leased");
        connection.isLeased = false;
        releasing = log.add(Kind.RELEASE, connection.target.index, connection.id, 0, true);
        if (strikes(Fault.ON_RELEASE_THROWS)) {
            releasing.ok = false;
            throw new IllegalStateException("by trace");
        }
    }

    CompletionStage<?> reset(Connection connection) {
        boolean isNull = strikes(Fault.RESET_GIVES_NULL);
        if (isNull || strikes(Fault.RESET_THROWS)) {
            releasing.ok = false;
            if (isNull) {
                return null;
            }
            throw new IllegalStateException("by trace");
        }
        var call = begin(Kind.RELEASE, connection.target, connection, null);
        releasing.call = call.id;
        call.isStubborn = strikes(Fault.STUBBORN);
        return call;
    }

    void died(Connection connection) {
        note(!connection.isDeathTold && !connection.isDisposing, "a death is told twice, or late");
        connection.isDeathTold = true;
        hookFails(Fault.ON_DEAD_THROWS, connection.target);
    }

    void bound(Connection connection, ConnectionSignals signals) {
        note(connection.signals == null, "a connection is bound twice");
        connection.signals = signals;
        var entry = log.add(Kind.BOUND, connection.target.index, connection.id, 0, true);
        entry.died = strikes(Fault.DIES_IN_BIND);
        entry.retired = strikes(Fault.RETIRES_IN_BIND);
        if (entry.died) {
            signals.dead(new IOException("by trace"));
        }
        if (entry.retired) {
            signals.retire();
        }
        if (strikes(Fault.BIND_THROWS)) {
            entry.ok = false;
            throw new IllegalStateException("by trace");
        }
    }

    private void hookFails(Fault fault, Target target) {
        if (strikes(fault)) {
            log.add(Kind.HOOK_FAILED, target.index, 0, 0, false);
            throw new IllegalStateException("by trace");
        }
    }
}
