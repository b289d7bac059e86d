package io.genericpool.core.model;

import io.genericpool.DisposeReason;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The far end of a trace, with the managers that lead to it: calls begin when the pool makes them and end when a step
 * says so. It logs what the pool did, for the model, and notes what no pool may ever do.
 */
final class TraceServer {
    /** What happened, as the model is told it. */
    record Event(String text, Consumer<PoolModel> change) {}

    static final class HookFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HookFailure() {
            super("a hook throws", null, false, false);
        }
    }

    static final class Connection {
        final int id;
        final int endpoint;
        boolean open = true;
        boolean leased;
        boolean disposing;
        boolean deathTold;
        boolean diedEarly;
        /** The call the pool has under way for it. */
        Call<?> call;

        ConnectionSignals signals;

        Connection(int id, int endpoint) {
            this.id = id;
            this.endpoint = endpoint;
        }

        @Override
        public String toString() {
            return "c" + id;
        }
    }

    final class Call<T> extends CompletableFuture<T> {
        final int id;
        final ModelState.State during;
        final int endpoint;
        final Connection connection;
        final boolean stubborn;

        Call(ModelState.State during, int endpoint, Connection connection, boolean stubborn) {
            this.id = ++lastId;
            this.during = during;
            this.endpoint = endpoint;
            this.connection = connection;
            this.stubborn = stubborn;
            calls.put(id, this);
            if (connection != null) {
                note(
                        connection.call == null || connection.call.during != ModelState.State.DISPOSING,
                        connection + " is called while it is disposed");
                connection.call = this;
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return !stubborn && calls.remove(id) != null && close() && super.cancel(mayInterruptIfRunning);
        }

        private boolean close() {
            if (connection != null) {
                connection.call = null;
                connection.open &= during != ModelState.State.DISPOSING;
            }
            return true;
        }

        @Override
        public String toString() {
            return during + " e" + endpoint + (connection == null ? "" : " " + connection) + " op" + id;
        }
    }

    final TraceConfig config;
    final List<Event> log = new ArrayList<>();
    final Set<String> violations = new LinkedHashSet<>();
    final TreeMap<Integer, Call<?>> calls = new TreeMap<>();
    final TreeMap<Integer, Connection> connections = new TreeMap<>();
    final TreeSet<Integer> checkedAtOnce = new TreeSet<>();
    /** The highest limits there have been, and what may be open beyond them. */
    final int[] limits;

    int limit;
    int abandoned;
    Fault fault = Fault.NONE;
    /** Whether calls that begin in this step end at once. */
    boolean instant;
    /** What the hooks of a release did. */
    boolean released;

    boolean releaseThrew;
    Call<Object> reset;
    private int lastId;

    TraceServer(TraceConfig config) {
        this.config = config;
        this.limit = config.total;
        this.limits = new int[config.endpoints];
        for (int e = 0; e < limits.length; e++) {
            limits[e] = config.limitsOf(e).maxSize();
        }
    }

    ConnectionManager<String, Connection> manager() {
        switch (config.style) {
            case ASYNC:
                return new Async();
            case BLOCKING:
                return new Blocking();
            default:
                return new Unchecked();
        }
    }

    static int index(String endpoint) {
        return Integer.parseInt(endpoint.substring(1));
    }

    int open(int endpoint) {
        return (int) connections.values().stream()
                .filter(c -> c.open && (endpoint < 0 || c.endpoint == endpoint))
                .count();
    }

    int connecting(int endpoint) {
        return (int) calls.values().stream()
                .filter(c -> c.during == ModelState.State.CONNECTING && (endpoint < 0 || c.endpoint == endpoint))
                .count();
    }

    void note(boolean condition, String violation) {
        if (!condition) {
            violations.add(violation);
        }
    }

    /** Ends a call, well or by the fault of this step. */
    @SuppressWarnings("unchecked")
    <T> void end(Call<T> call) {
        if (calls.remove(call.id) == null) {
            return;
        }
        boolean isNo = call.during == ModelState.State.CHECKING && fault == Fault.THROWS;
        boolean isNull = fault == Fault.NULL
                && (call.during == ModelState.State.CONNECTING || call.during == ModelState.State.CHECKING);
        boolean fails = fault == Fault.FAIL || fault == Fault.ERROR;
        boolean success = !isNo && !isNull && !fails;
        log.add(new Event((success ? "ends " : "fails ") + call, m -> m.ended(call.id, success)));
        call.close();
        if (fails) {
            call.completeExceptionally(
                    fault == Fault.ERROR ? new LinkageError("by trace") : new IOException("by trace"));
        } else if (call.during == ModelState.State.CONNECTING && !isNull) {
            var connection = new Connection(call.id, call.endpoint);
            connections.put(connection.id, connection);
            call.complete((T) connection);
        } else if (call.during == ModelState.State.CHECKING && !isNull) {
            call.complete((T) (Boolean) !isNo);
        } else {
            call.complete(null);
        }
    }

    private <T> Call<T> begin(ModelState.State during, int endpoint, Connection connection, DisposeReason reason) {
        var call = new Call<T>(
                during, endpoint, connection, fault == Fault.STUBBORN && config.style == TraceConfig.Style.ASYNC);
        int id = connection == null ? 0 : connection.id;
        if (during != ModelState.State.PENDING) {
            log.add(new Event(
                    "begins " + call + (reason == null ? "" : " for " + reason),
                    m -> m.begun(call.id, during, endpoint, id, reason, call.stubborn)));
        }
        if (during == ModelState.State.CONNECTING) {
            note(
                    open(endpoint) + connecting(endpoint) <= limits[endpoint] + abandoned,
                    "server e" + endpoint + " sees too many");
            note(open(-1) + connecting(-1) <= limit + abandoned, "servers see too many");
        } else if (during == ModelState.State.DISPOSING) {
            note(!connection.disposing, connection + " is disposed twice");
            note(
                    connection.deathTold == (reason == DisposeReason.DEAD) || connection.diedEarly,
                    connection + ": onConnectionDead is called before a disposal as DEAD, and only then");
            connection.disposing = true;
        }
        if (during != ModelState.State.CONNECTING) {
            note(connection.open, connection + " is used when it is closed");
        }
        if (fault == Fault.THROWS || fault == Fault.NULL_STAGE) {
            calls.remove(call.id);
            call.close();
            if (during != ModelState.State.PENDING) {
                log.add(new Event("fails " + call, m -> m.ended(call.id, false)));
            }
            if (fault == Fault.THROWS) {
                throw new IllegalStateException("by trace");
            }
            return null;
        }
        if (instant || config.style != TraceConfig.Style.ASYNC && during != ModelState.State.PENDING) {
            end(call);
        }
        return call;
    }

    private boolean checkAtOnce(Connection connection) {
        checkedAtOnce.add(connection.id);
        return fault != Fault.CHECK_DEAD;
    }

    private void hook(Fault at) {
        if (fault == at) {
            throw new HookFailure();
        }
    }

    private static <T> T result(Call<T> call) throws Exception {
        if (call == null) {
            return null;
        }
        try {
            return call.get();
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof Error) {
                throw (Error) e.getCause();
            }
            throw (Exception) e.getCause();
        }
    }

    /** The hooks, the same in each style. */
    private abstract class Hooks implements ConnectionManager<String, Connection> {
        @Override
        public void onAcquire(String endpoint, Connection connection) {
            note(!connection.leased, connection + " is leased twice");
            note(connection.open && connection.call == null, connection + " is leased while it is closed or called");
            hook(Fault.ACQUIRE_HOOK_THROWS);
        }

        @Override
        public Connection lend(String endpoint, Connection connection, LeaseScope scope) {
            hook(Fault.LEND_THROWS);
            connection.leased = true;
            return connection;
        }

        @Override
        public void onRelease(String endpoint, Connection connection) {
            note(connection.leased && !released, connection + " is released once");
            released = true;
            releaseThrew = fault == Fault.RELEASE_HOOK_THROWS;
            hook(Fault.RELEASE_HOOK_THROWS);
        }

        @Override
        public CompletionStage<?> resetAsync(String endpoint, Connection connection) {
            if (!config.resets) {
                return NO_RESET;
            }
            releaseThrew = fault == Fault.RESET_THROWS || fault == Fault.RESET_NULL;
            hook(Fault.RESET_THROWS);
            if (releaseThrew) {
                return null;
            }
            releaseThrew = fault == Fault.THROWS || fault == Fault.NULL_STAGE;
            reset = begin(ModelState.State.PENDING, connection.endpoint, connection, null);
            return reset;
        }

        @Override
        public void onConnectionDead(String endpoint, Connection connection) {
            note(
                    !connection.deathTold && !connection.disposing,
                    connection + "'s death is told once, before its disposal");
            connection.deathTold = true;
            hook(Fault.DEATH_HOOK_THROWS);
        }

        @Override
        public void bind(String endpoint, Connection connection, ConnectionSignals signals) {
            note(connection.signals == null, connection + " is bound twice");
            connection.signals = signals;
            if (fault == Fault.BIND_DEAD) {
                connection.diedEarly = true;
                signals.dead(new IOException("by trace"));
            }
            if (fault == Fault.BIND_THROWS) {
                throw new IllegalStateException("bind throws, by trace");
            }
        }

        @Override
        public boolean isAlivenessCheckInstant() {
            return config.instantCheck;
        }
    }

    private final class Async extends Hooks implements AsyncConnectionManager<String, Connection> {
        @Override
        public CompletionStage<Connection> createAsync(String endpoint, Duration timeout) {
            return begin(ModelState.State.CONNECTING, index(endpoint), null, null);
        }

        @Override
        public CompletionStage<Boolean> checkAlivenessAsync(String endpoint, Connection connection, Duration timeout) {
            return config.instantCheck
                    ? CompletableFuture.completedFuture(checkAtOnce(connection))
                    : begin(ModelState.State.CHECKING, connection.endpoint, connection, null);
        }

        @Override
        public CompletionStage<?> disposeAsync(
                String endpoint, Connection connection, DisposeReason reason, Duration timeout) {
            return begin(ModelState.State.DISPOSING, connection.endpoint, connection, reason);
        }
    }

    private class Unchecked extends Hooks {
        @Override
        public Connection create(String endpoint, Duration timeout) throws Exception {
            return result(begin(ModelState.State.CONNECTING, index(endpoint), null, null));
        }

        @Override
        public void dispose(String endpoint, Connection connection, Duration timeout) {
            throw new AssertionError("the pool calls the other method");
        }

        @Override
        public void dispose(String endpoint, Connection connection, DisposeReason reason, Duration timeout)
                throws Exception {
            result(begin(ModelState.State.DISPOSING, connection.endpoint, connection, reason));
        }
    }

    private final class Blocking extends Unchecked {
        @Override
        public boolean checkAliveness(String endpoint, Connection connection, Duration timeout) throws Exception {
            if (config.instantCheck) {
                return checkAtOnce(connection);
            }
            return Boolean.TRUE.equals(result(begin(ModelState.State.CHECKING, connection.endpoint, connection, null)));
        }
    }
}
