package io.genericpool;

import org.jspecify.annotations.Nullable;

/**
 * The right to use one connection until it is released. Every acquire returns a lease.
 *
 * <p>A lease is one-shot. The first call of {@link #release()}, {@link #close()} or {@code invalidate} takes effect.
 * Every later call on the same lease does nothing except count (see {@link ConnectionStats#staleReleases()}). It can
 * never affect the lease of the next holder.
 *
 * <p><b>Threads.</b> Any thread may call all methods, and may release a lease that another thread acquired. The type of
 * the connection decides which threads may use the connection itself. Actions before a release happen-before actions
 * after the acquire that lends the same connection next.
 *
 * <p><b>Blocking.</b> No method of a lease waits. The pool resets a connection between two leases (a drain, a
 * rollback), and disposes a discarded one, on other threads. Only the manager's {@code onRelease} hook runs on the
 * releasing thread.
 *
 * @param <E> the type of endpoints
 * @param <C> the type of connections
 */
public interface Lease<E, C> extends AutoCloseable {
    /**
     * Returns the leased connection, or the manager's view of it for this lease.
     *
     * @return the connection, never null, the same at each call
     * @throws IllegalStateException when this lease was released or invalidated, or when its pool was closed and
     *     revoked it shortly before the close deadline
     */
    C connection();

    /**
     * Returns the endpoint this connection leads to, as it was first given to the pool.
     *
     * @return the endpoint
     */
    E endpoint();

    /**
     * Returns the connection to the pool. The connection serves the longest waiting request of its endpoint, becomes
     * idle, or is disposed when it has expired. This method never throws. When a hook fails, the pool disposes the
     * connection.
     */
    void release();

    /** Does the same as {@link #release()}, for use in a try-with-resources statement. */
    @Override
    default void close() {
        release();
    }

    /**
     * Discards the connection: the pool disposes it and never lends it again. Does the same as
     * {@code invalidate(null)}.
     */
    default void invalidate() {
        invalidate(null);
    }

    /**
     * Discards the connection because of an error: the pool disposes it and never lends it again.
     *
     * @param cause the error, for events and statistics; may be null
     */
    void invalidate(@Nullable Throwable cause);
}
