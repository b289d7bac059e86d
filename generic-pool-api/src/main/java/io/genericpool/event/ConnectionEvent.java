package io.genericpool.event;

import io.genericpool.DisposeReason;
import java.util.Optional;

/**
 * Something that happened to a connection.
 *
 * @param <E> the type of endpoints
 */
public interface ConnectionEvent<E> extends PoolEvent<E> {
    /**
     * Why it was disposed.
     *
     * @return the reason, or empty when it was not
     */
    Optional<DisposeReason> reason();

    /**
     * The manager's method that was at work, such as {@code "create"} or {@code "onRelease"}.
     *
     * @return the name
     */
    String operation();

    /**
     * How often the connection has been leased.
     *
     * @return the count
     */
    long leases();
}
