package io.genericpool.event;

import java.util.Optional;

/**
 * An event of a lease, or of a request for one.
 *
 * @param <E> the type of endpoints
 */
public interface LeaseEvent<E> extends PoolEvent<E> {
    /**
     * Tells whether the connection was used before.
     *
     * @return false for the first lease of a connection, true for every later one
     */
    boolean isReused();

    /**
     * Tells whether the acquire had to wait: its request was queued, because no idle connection could be lent at once.
     * The event's duration is then the length of the wait, connection attempt and check included.
     *
     * @return true after a wait, whether it ended with a lease or a failure; false for other events
     */
    default boolean hasWaited() {
        return false;
    }

    /**
     * Tells whether the lease was invalidated instead of released.
     *
     * @return true after an invalidate
     */
    boolean isInvalidated();

    /**
     * The description of a leaked lease's holder: the acquiring thread and its current stack, as far as known.
     *
     * @return the description, empty except for leaks
     */
    Optional<String> holder();
}
