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
