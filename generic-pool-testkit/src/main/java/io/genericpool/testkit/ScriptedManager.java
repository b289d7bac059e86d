package io.genericpool.testkit;

import io.genericpool.DisposeReason;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.HostResolver;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A manager that plays a server ({@link #server()}). Each call does what a test has scripted
 * ({@link #script(Operation)}).
 *
 * <p>The manager also checks that the pool keeps the rules ({@link #assertNoViolations()}). Calls for a connection must
 * follow each other in the documented order, and none may come after the disposal. A holder that calls
 * {@link FakeConnection#use()} must have the connection to itself.
 *
 * <p>Pools look up which hooks a manager overrides, so there are two kinds. {@link #plain()} overrides only
 * {@code create} and {@code dispose}. {@link #full()} overrides every hook. {@link ScriptedAsyncManager} is full and
 * asynchronous.
 *
 * <p>Without a script, every call succeeds at once. {@code checkAliveness} tells whether the connection is open, and
 * {@code isFatal} returns true. {@code resetAsync} returns {@code NO_RESET}, and {@code lend} returns the connection
 * itself. Any thread may call all methods.
 *
 * @param <E> the type of endpoints
 */
public class ScriptedManager<E> implements ConnectionManager<E, FakeConnection<E>> {

    private final FakeServer<E> server = new FakeServer<>();
    private final Violations violations = new Violations();
    private final Map<ScriptKey, Script> scripts = new ConcurrentHashMap<>();
    private final Map<Operation, LongAdder> calls = new EnumMap<>(Operation.class);
    private final boolean hooks;
    private volatile @Nullable Runnable probe;

    /** How long a probe may take; shorter only in the testkit's own tests. */
    volatile long probeMillis = 5_000;

    volatile Predicate<? super Throwable> fatal = failure -> true;
    volatile Predicate<? super Throwable> tooMany = failure -> false;
    volatile HostResolver resolver = host -> List.of();
    volatile boolean lendsViews;
    volatile boolean checksInstantly;

    ScriptedManager(boolean hooks) {
        this.hooks = hooks;
        for (var operation : Operation.values()) {
            calls.put(operation, new LongAdder());
        }
    }

    /**
     * Sets what {@code addresses} returns, for pools with {@code addressWatch}.
     *
     * @param value finds the addresses of an endpoint, which is given as text; none by default
     * @return this
     */
    public final ScriptedManager<E> resolver(HostResolver value) {
        resolver = Objects.requireNonNull(value, "resolver");
        return this;
    }

    /**
     * Creates a manager that overrides only {@code create} and {@code dispose}.
     *
     * @param <E> the type of endpoints
     * @return the manager
     */
    public static <E> ScriptedManager<E> plain() {
        return new ScriptedManager<>(false);
    }

    /**
     * Creates a manager that overrides every hook.
     *
     * @param <E> the type of endpoints
     * @return the manager
     */
    public static <E> ScriptedManager<E> full() {
        return new FullScriptedManager<>();
    }

    /**
     * The server this manager connects to.
     *
     * @return the server, always the same
     */
    public final FakeServer<E> server() {
        return server;
    }

    /**
     * The script for calls of one kind, to all endpoints without a script of their own.
     *
     * @param operation the kind of calls
     * @return the script, which may be changed at any time
     */
    public final Script script(Operation operation) {
        return scripts.computeIfAbsent(new ScriptKey(operation, null), key -> new Script());
    }

    /**
     * The script for calls of one kind, to one endpoint. It takes precedence over the script for all endpoints.
     *
     * @param operation the kind of calls
     * @param endpoint the endpoint
     * @return the script, which may be changed at any time
     */
    public final Script script(Operation operation, E endpoint) {
        return scripts.computeIfAbsent(new ScriptKey(operation, Objects.requireNonNull(endpoint)), key -> new Script());
    }

    /**
     * Sets which failures of a user's work break a connection.
     *
     * @param test the answer of {@code isFatal}, unless scripted
     * @return this
     */
    public final ScriptedManager<E> fatalIf(Predicate<? super Throwable> test) {
        fatal = Objects.requireNonNull(test, "test");
        return this;
    }

    /**
     * Sets which failures mean that an endpoint has too many connections. By default, no failure does.
     *
     * @param test the answer of {@code isTooMany} of a full manager
     * @return this
     */
    public final ScriptedManager<E> tooManyIf(Predicate<? super Throwable> test) {
        tooMany = Objects.requireNonNull(test, "test");
        return this;
    }

    /**
     * Makes {@code lend} return a view that ends with its lease, instead of the connection itself.
     *
     * @return this
     */
    public final ScriptedManager<E> lendViews() {
        lendsViews = true;
        return this;
    }

    /**
     * Makes {@code isAlivenessCheckInstant} return true. Call this before a pool is built.
     *
     * @return this
     */
    public final ScriptedManager<E> checkInstantly() {
        checksInstantly = true;
        return this;
    }

    /**
     * Runs a callback on another thread at the start of each call of the pool. A callback that does not return within 5
     * s is a violation. A call back into the pool, such as {@code () -> pool.stats(endpoint)}, thus proves that the
     * pool holds no lock meanwhile.
     *
     * @param callback the callback, null for none
     * @return this
     */
    public final ScriptedManager<E> probe(@Nullable Runnable callback) {
        probe = callback;
        return this;
    }

    /**
     * The number of calls of one kind that have started.
     *
     * @param operation the kind
     * @return the number
     */
    public final long calls(Operation operation) {
        return callsOf(operation).sum();
    }

    /**
     * The violations of the rules so far.
     *
     * @return one message per violation
     */
    public final List<String> violations() {
        return violations.messages();
    }

    /**
     * Checks that the rules were kept.
     *
     * @throws AssertionError that lists all violations, with the stack of each as a suppressed error
     */
    public final void assertNoViolations() {
        violations.assertNone();
    }

    @Override
    public FakeConnection<E> create(E endpoint, Duration timeout) throws Exception {
        var behaviour = next(Operation.CREATE, endpoint);
        long generation = server.connecting(endpoint);
        boolean connected = false;
        try {
            runProbe(Operation.CREATE);
            behaviour.play();
            if (behaviour.end() == Behaviour.End.NULL) {
                return nothing();
            }
            connected = true;
            return connect(endpoint, generation);
        } finally {
            if (!connected) {
                server.connectFailed(endpoint);
            }
        }
    }

    @Override
    public void dispose(E endpoint, FakeConnection<E> connection, Duration timeout) {
        violations.add("connection " + connection + ": disposed without a reason");
    }

    @Override
    public void dispose(E endpoint, FakeConnection<E> connection, DisposeReason reason, Duration timeout)
            throws Exception {
        var behaviour = next(Operation.DISPOSE, endpoint);
        if (beginDispose(endpoint, connection, reason)) {
            try {
                runProbe(Operation.DISPOSE);
                behaviour.play();
            } finally {
                endDispose(connection, reason);
            }
        }
    }

    final FakeConnection<E> connect(E endpoint, long generation) {
        var connection = new FakeConnection<>(server, violations, endpoint, server.nextId(), generation, hooks);
        server.connected(connection);
        return connection;
    }

    final boolean beginDispose(E endpoint, FakeConnection<E> connection, DisposeReason reason) {
        Objects.requireNonNull(reason, "reason");
        if (!isOurs(endpoint, connection, Operation.DISPOSE)) {
            server.disposedUnknown();
            return false;
        }
        if (!connection.rules().beginDispose(reason)) {
            server.disposedTwice();
            return false;
        }
        return true;
    }

    final void endDispose(FakeConnection<E> connection, DisposeReason reason) {
        connection.rules().endDispose();
        server.disconnected(connection, reason);
    }

    /** Whether a connection was made here, for this endpoint, and is not a view. */
    final boolean isOurs(E endpoint, @Nullable FakeConnection<E> connection, Operation operation) {
        boolean ours = connection != null
                && connection.server() == server
                && connection.endpoint().equals(endpoint)
                && !connection.isView();
        if (!ours) {
            violations.add(operation + " at " + endpoint + " of something this manager never made: " + connection);
        }
        return ours;
    }

    final Behaviour next(Operation operation, E endpoint) {
        callsOf(operation).increment();
        var own = scripts.get(new ScriptKey(operation, endpoint));
        var behaviour = own == null ? null : own.take();
        if (behaviour == null) {
            var general = scripts.get(new ScriptKey(operation, null));
            behaviour = general == null ? null : general.take();
        }
        return behaviour == null ? Behaviour.succeed() : behaviour;
    }

    private LongAdder callsOf(Operation operation) {
        return Objects.requireNonNull(calls.get(operation));
    }

    final void runProbe(Operation operation) {
        var callback = probe;
        if (callback == null) {
            return;
        }
        var task = new FutureTask<@Nullable Void>(callback, null);
        var thread = new Thread(task, "testkit-probe");
        thread.setDaemon(true);
        thread.start();
        try {
            task.get(probeMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            violations.add(operation + " is called under a lock: a call into the pool from another thread hangs");
        } catch (ExecutionException e) {
            violations.add("a call into the pool during " + operation + " failed: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A null where none is allowed: what a script may ask for. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    static <T> T nothing() {
        return null;
    }

    /** Which script: of what calls, to which endpoint; null for all. */
    private static final class ScriptKey {
        private final Operation operation;
        private final @Nullable Object endpoint;

        ScriptKey(Operation operation, @Nullable Object endpoint) {
            this.operation = operation;
            this.endpoint = endpoint;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof ScriptKey that
                    && operation == that.operation
                    && Objects.equals(endpoint, that.endpoint);
        }

        @Override
        public int hashCode() {
            return 31 * operation.hashCode() + Objects.hashCode(endpoint);
        }
    }
}
