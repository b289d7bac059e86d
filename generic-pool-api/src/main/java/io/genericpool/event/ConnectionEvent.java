package io.genericpool.event;

import io.genericpool.DisposeReason;
import java.util.Optional;

/**
 * An event of a connection.
 *
 * @param <E> the type of endpoints
 */
public interface ConnectionEvent<E> extends PoolEvent<E> {
    /**
     * The reason why the connection was disposed.
     *
     * @return the reason, or empty when it was not disposed
     */
    Optional<DisposeReason> reason();

    /**
     * The manager's method that was called, such as {@code "create"} or {@code "onRelease"}.
     *
     * @return the name
     */
    String operation();

    /**
     * The number of times the connection has been leased.
     *
     * @return the count
     */
    long leases();
}
