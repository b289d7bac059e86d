package io.genericpool.core;

import io.genericpool.spi.ConnectionManager;

/**
 * Creates builders of pools.
 *
 * <pre>{@code
 * var pool = ConnectionPools.builder(manager)
 *         .minIdle(3).maxSize(20).totalMaxSize(100)
 *         .acquireTimeout(Duration.ofSeconds(5))
 *         .build();
 * try (var lease = pool.connection(endpoint)) {
 *     lease.connection().send("hello");
 * }
 * }</pre>
 */
public final class ConnectionPools {
    private ConnectionPools() {}

    /**
     * Returns a new builder of pools.
     *
     * @param manager opens and disposes the connections of the pool
     * @param <E> the type of endpoints
     * @param <C> the type of connections
     * @return a builder with default values
     * @throws NullPointerException when the manager is null
     */
    public static <E, C> ConnectionPoolBuilder<E, C> builder(ConnectionManager<E, C> manager) {
        return new ConnectionPoolBuilder<>(manager);
    }
}
