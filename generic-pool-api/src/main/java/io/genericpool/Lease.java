package io.genericpool;

import org.jspecify.annotations.Nullable;

/**
 * The right to use one connection until it is released: what every acquire returns.
 *
 * <p>A lease is one-shot. The first of {@link #release()}, {@link #close()} and {@code invalidate} takes effect; every
 * later call on the same lease is a counted no-op (see {@link ConnectionStats#staleReleases()}) and can never touch the
 * lease of the next holder.
 *
 * <p><b>Threads.</b> A lease may be released by another thread than the one that acquired it, and all methods may be
 * called from any thread. What the connection itself allows is up to its type. Actions before a release happen-before
 * actions after the acquire that hands the same connection out next.
 *
 * <p><b>Blocking.</b> No method of a lease waits: what must be done between two leases (a drain, a rollback) and the
 * disposal of a discarded connection are done by the pool, elsewhere. Only the manager's {@code onRelease} hook runs on
 * the releasing thread.
 *
 * @param <E> the type of endpoints
 * @param <C> the type of connections
 */
public interface Lease<E, C> extends AutoCloseable {
    /**
     * Returns the leased connection, or the manager's view of it for this lease.
     *
     * @return the connection, never null, the same at each call
     * @throws IllegalStateException when this lease was released or invalidated, or its pool was closed and the
     *     connection taken back at the end of the close deadline
     */
    C connection();

    /**
     * Returns the endpoint this connection leads to, as it was first given to the pool.
     *
     * @return the endpoint
     */
    E endpoint();

    /**
     * Gives the connection back. It serves the longest waiting request of its endpoint, or becomes idle, or is disposed
     * when its time is up. Never throws: a hook that fails makes the pool dispose the connection.
     */
    void release();

    /** The same as {@link #release()}; lets a lease be used in a try-with-resources statement. */
    @Override
    default void close() {
        release();
    }

    /** Gives the connection up: it is disposed and never handed out again. The same as {@code invalidate(null)}. */
    default void invalidate() {
        invalidate(null);
    }

    /**
     * Gives the connection up because of an error: it is disposed and never handed out again.
     *
     * @param cause what went wrong, for events and statistics; may be null
     */
    void invalidate(@Nullable Throwable cause);
}
