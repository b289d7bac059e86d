package io.genericpool.event;

/**
 * The end of a lease, with its exact times. Its duration is the time that the connection was held. Times are in nanoseconds.
 *
 * @param <E> the type of endpoints
 */
public interface LeaseEndEvent<E> extends PoolEvent<E> {
    /**
     * The time from the request until the pool gave the connection away to it.
     *
     * @return the time in nanoseconds, zero or nearly so when an idle connection was lent at once
     */
    long waitedNanos();

    /**
     * The time from then until the requester ran with the lease: what it takes to wake a thread or to complete a future.
     *
     * @return the time in nanoseconds, zero when the requester did not have to wait
     */
    long handOverNanos();

    /**
     * The time from the moment at which the pool gave the connection away until the lease ended. It includes the hand-over.
     *
     * @return the time in nanoseconds
     */
    long heldNanos();

    /**
     * When the lease ended.
     *
     * @return a reading of the pool's clock in nanoseconds, of {@link System#nanoTime()} unless the pool has a clock of its own
     */
    long endedAtNanos();

    /**
     * The thread that made the request.
     *
     * @return its {@linkplain Thread#getId() number}
     */
    long requester();

    /**
     * Tells whether the lease was invalidated instead of released.
     *
     * @return true after an invalidate
     */
    boolean isInvalidated();
}
