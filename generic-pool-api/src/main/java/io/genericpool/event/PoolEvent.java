package io.genericpool.event;

import java.time.Duration;
import java.util.Optional;

/**
 * Something that happened in a pool. Immutable.
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
     * The endpoint it was about.
     *
     * @return the endpoint; may hold secrets: for output, use the label
     */
    E endpoint();

    /**
     * The endpoint's name for logs and metrics.
     *
     * @return the label
     */
    String endpointLabel();

    /**
     * How long it took; what exactly is said at the listener's method.
     *
     * @return the time, zero where it has no meaning
     */
    Duration duration();

    /**
     * What went wrong.
     *
     * @return the error, or empty
     */
    Optional<Throwable> failure();
}
