package io.genericpool.testkit;

import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a {@link FakeServer}. Watches how it is used: see {@link #use()}. A view lent for one lease (see
 * {@link ScriptedManager#lendViews()}) is of this type, too, and shares everything with the connection behind it, but
 * throws {@link IllegalStateException} from every method once the lease has ended, {@code id}, {@code endpoint} and
 * {@code generation} apart. All methods may be called from any thread.
 *
 * @param <E> the type of endpoints
 */
public final class FakeConnection<E> {
    private final Wire<E> wire;
    private final @Nullable LeaseScope scope;

    FakeConnection(FakeServer<E> server, Violations violations, E endpoint, long id, long generation, boolean hooks) {
        this.wire = new Wire<>(
                server, new ConnectionRules(endpoint + "#" + id, violations, hooks), endpoint, id, generation);
        this.scope = null;
    }

    private FakeConnection(Wire<E> wire, LeaseScope scope) {
        this.wire = wire;
        this.scope = scope;
    }

    /**
     * The number of this connection, by which two of them can be told apart.
     *
     * @return 1 for the first of its server
     */
    public long id() {
        return wire.id;
    }

    /**
     * Where it leads to.
     *
     * @return the endpoint
     */
    public E endpoint() {
        return wire.endpoint;
    }

    /**
     * The server's {@link FakeServer#generation()} when its create began.
     *
     * @return the generation
     */
    public long generation() {
        return wire.generation;
    }

    /**
     * Whether neither side has closed it.
     *
     * @return false once it was disposed, or broken from the server
     */
    public boolean isOpen() {
        checkScope();
        return wire.answers && !wire.rules.isDisposed();
    }

    /**
     * Begins to use the connection; to be closed before its lease is released. Two uses at once, and a use of a
     * connection that is not leased, or was disposed though its lease was held, are violations: so a test that uses what
     * it leases proves that nobody else does.
     *
     * @return what ends the use
     * @throws IllegalStateException when this is a view whose lease has ended
     */
    public Use use() {
        checkScope();
        wire.rules.beginUse();
        var ended = new AtomicBoolean();
        return () -> {
            if (ended.compareAndSet(false, true)) {
                wire.rules.endUse();
            }
        };
    }

    /**
     * What the pool gave it to speak up.
     *
     * @return the signals
     * @throws IllegalStateException when it was never bound
     */
    public ConnectionSignals signals() {
        checkScope();
        var bound = wire.signals;
        if (bound == null) {
            throw new IllegalStateException("connection " + this + " was never bound");
        }
        return bound;
    }

    /** Closes it from the server's side in an orderly way; signals its death if it was bound. */
    public void breakFromServer() {
        breakFromServer(null);
    }

    /**
     * Closes it from the server's side; signals its death if it was bound.
     *
     * @param cause what it died of, null for an orderly close
     */
    public void breakFromServer(@Nullable Throwable cause) {
        stopAnswering();
        var bound = wire.signals;
        if (bound != null) {
            bound.dead(cause);
        }
    }

    /** Closes it from the server's side without a word: only {@code checkAliveness} will tell. */
    public void stopAnswering() {
        wire.answers = false;
    }

    /**
     * The last calls about this connection, oldest first.
     *
     * @return a copy, at most 100 long
     */
    public List<Operation> history() {
        return wire.rules.history();
    }

    @Override
    public String toString() {
        return wire.endpoint + "#" + wire.id;
    }

    FakeServer<E> server() {
        return wire.server;
    }

    ConnectionRules rules() {
        return wire.rules;
    }

    boolean isView() {
        return scope != null;
    }

    void bindTo(ConnectionSignals bound) {
        wire.signals = bound;
    }

    FakeConnection<E> viewFor(LeaseScope lease) {
        wire.rules.viewBegan();
        lease.onEnd(wire.rules::viewEnded);
        return new FakeConnection<>(wire, lease);
    }

    private void checkScope() {
        if (scope != null && !scope.isActive()) {
            throw new IllegalStateException("the lease of this view of " + this + " has ended");
        }
    }

    /** A use of a connection, from {@link FakeConnection#use()} on. */
    public interface Use extends AutoCloseable {
        /** Ends the use; no effect when it has ended. */
        @Override
        void close();
    }

    /** What a connection and its views share. */
    private static final class Wire<E> {
        final FakeServer<E> server;
        final ConnectionRules rules;
        final E endpoint;
        final long id;
        final long generation;
        volatile boolean answers = true;
        volatile @Nullable ConnectionSignals signals;

        Wire(FakeServer<E> server, ConnectionRules rules, E endpoint, long id, long generation) {
            this.server = server;
            this.rules = rules;
            this.endpoint = endpoint;
            this.id = id;
            this.generation = generation;
        }
    }
}
