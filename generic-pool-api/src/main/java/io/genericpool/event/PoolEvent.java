package io.genericpool.event;

import java.time.Duration;
import java.util.Optional;

/**
 * An event of a pool. Immutable.
 *
 * @param <E> the type of endpoints
 */
public interface PoolEvent<E> {
    /**
     * The name of the pool.
     *
     * @return the name
     */
    String poolName();

    /**
     * The endpoint of the event.
     *
     * @return the endpoint, which may hold secrets; use the label for output
     */
    E endpoint();

    /**
     * The endpoint's name for logs and metrics.
     *
     * @return the label
     */
    String endpointLabel();

    /**
     * The duration of what happened. The listener's method states what it measures.
     *
     * @return the time, zero where it has no meaning
     */
    Duration duration();

    /**
     * The failure, if any.
     *
     * @return the error, or empty
     */
    Optional<Throwable> failure();
}
