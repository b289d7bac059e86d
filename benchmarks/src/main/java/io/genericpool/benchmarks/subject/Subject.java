package io.genericpool.benchmarks.subject;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

/**
 * A pool under measurement. One fork loads one subclass only, so that the calls below are inlined.
 *
 * @param <L> what an acquire gives: a lease, an entry, or the connection itself
 */
public abstract class Subject<L> implements AutoCloseable {
    /** Leases a connection; waits when all are taken. */
    public abstract L acquire(String endpoint) throws Exception;

    /** Leases a connection without holding a thread meanwhile, where the pool can do that. */
    public CompletionStage<L> acquireAsync(String endpoint) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " only blocks");
    }

    /** As {@link #acquireAsync}, as the pool's own future: to cancel it takes the request back. */
    public Future<L> request(String endpoint) {
        return acquireAsync(endpoint).toCompletableFuture();
    }

    /** How many connections are idle, by the pool's statistics. */
    public int idle() {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " has no statistics");
    }

    public abstract BenchConnection connection(L lease);

    public abstract void release(String endpoint, L lease) throws Exception;

    /** All connections that will be needed are open: called once, by the thread that filled it. */
    public void filled() {}

    @Override
    public void close() throws Exception {}

    /** The work that is measured: acquire, look at the connection, release. */
    public final BenchConnection cycle(String endpoint) throws Exception {
        L lease = acquire(endpoint);
        BenchConnection connection = connection(lease);
        release(endpoint, lease);
        return connection;
    }

    /** One cycle that notices when another caller holds the same connection. */
    public final void checkedCycle(String endpoint) throws Exception {
        L lease = acquire(endpoint);
        taken(endpoint, lease);
        given(lease);
        release(endpoint, lease);
    }

    /** Marks the connection as held, and fails when it is marked already. */
    public final void taken(String endpoint, L lease) {
        BenchConnection connection = connection(lease);
        if (!connection.isHeld.compareAndSet(false, true)) {
            throw new IllegalStateException("a connection of " + endpoint + " is in two hands");
        }
        if (!connection.isOpen) {
            throw new IllegalStateException("a connection of " + endpoint + " was handed out closed");
        }
    }

    /** To be called before the release. */
    public final void given(L lease) {
        connection(lease).isHeld.set(false);
    }

    /** Opens the given number of connections to an endpoint and leaves them idle. */
    public final void fill(String endpoint, int connections) throws Exception {
        if (connections == 1) {
            release(endpoint, acquire(endpoint));
            return;
        }
        L lease = acquire(endpoint);
        fill(endpoint, connections - 1);
        release(endpoint, lease);
    }
}
