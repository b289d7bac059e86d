package io.genericpool.core;

import io.genericpool.spi.ConnectionManager;

/**
 * The way to a pool.
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
     * Begins to build a pool.
     *
     * @param manager makes and disposes its connections
     * @param <E> the type of endpoints
     * @param <C> the type of connections
     * @return a builder with the default of every knob
     * @throws NullPointerException when the manager is null
     */
    public static <E, C> ConnectionPoolBuilder<E, C> builder(ConnectionManager<E, C> manager) {
        return new ConnectionPoolBuilder<>(manager);
    }
}
