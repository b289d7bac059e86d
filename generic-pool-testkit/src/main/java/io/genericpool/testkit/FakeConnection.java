package io.genericpool.testkit;

import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a {@link FakeServer}. It records how it is used: see {@link #use()}. Any thread may call all methods.
 *
 * <p>A view lent for one lease (see {@link ScriptedManager#lendViews()}) also has this type, and shares everything with
 * its connection. Once the lease has ended, every method of the view throws {@link IllegalStateException}, except
 * {@code id}, {@code endpoint} and {@code generation}.
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
     * The number that identifies this connection.
     *
     * @return 1 for the first of its server
     */
    public long id() {
        return wire.id;
    }

    /**
     * The endpoint of this connection.
     *
     * @return the endpoint
     */
    public E endpoint() {
        return wire.endpoint;
    }

    /**
     * The server's {@link FakeServer#generation()} at the start of the connection's create.
     *
     * @return the generation
     */
    public long generation() {
        return wire.generation;
    }

    /**
     * Tells whether neither side has closed the connection.
     *
     * @return false once it was disposed, or closed by the server
     */
    public boolean isOpen() {
        checkScope();
        return wire.answers && !wire.rules.isDisposed();
    }

    /**
     * Begins to use the connection. Close the result before the lease is released. Two uses at once are a violation. So
     * is a use of a connection that is not leased, or of a leased connection that was disposed. A test that uses its
     * leases thus proves that nothing else uses the same connections.
     *
     * @return ends the use when it is closed
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
     * The signals that the pool gave to this connection.
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

    /** Closes the connection normally from the server's side. The connection signals its death if it was bound. */
    public void breakFromServer() {
        breakFromServer(null);
    }

    /**
     * Closes the connection from the server's side. The connection signals its death if it was bound.
     *
     * @param cause the cause of the death, null for a normal close
     */
    public void breakFromServer(@Nullable Throwable cause) {
        stopAnswering();
        var bound = wire.signals;
        if (bound != null) {
            bound.dead(cause);
        }
    }

    /** Closes the connection from the server's side without a signal. Only {@code checkAliveness} detects this. */
    public void stopAnswering() {
        wire.answers = false;
    }

    /**
     * The last calls for this connection, oldest first.
     *
     * @return a copy of at most 100 entries
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

    /** A use of a connection, started by {@link FakeConnection#use()}. */
    public interface Use extends AutoCloseable {
        /** Ends the use; has no effect when it has already ended. */
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
