package io.genericpool.event;

import java.util.Optional;

/**
 * Something that happened to a lease, or to the request for one.
 *
 * @param <E> the type of endpoints
 */
public interface LeaseEvent<E> extends PoolEvent<E> {
    /**
     * Whether the connection was used before.
     *
     * @return true for every lease of a connection but the first
     */
    boolean isReused();

    /**
     * Whether the connection was given up instead of released.
     *
     * @return true after an invalidate
     */
    boolean isInvalidated();

    /**
     * Who holds a leaked lease: the acquiring thread and what it does at the moment, as far as that is known.
     *
     * @return the description, empty except for leaks
     */
    Optional<String> holder();
}
