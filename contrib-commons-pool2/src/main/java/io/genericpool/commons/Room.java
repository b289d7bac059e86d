package io.genericpool.commons;

import io.genericpool.ConnectionPool;
import io.genericpool.ConnectionStats;
import io.genericpool.EndpointStats;
import io.genericpool.PoolStats;

/**
 * What the limits leave, for operations of Commons Pool 2 that do without rather than wait. A look, not a promise: others
 * may come between. It walks the pool, so it is for slow paths only.
 */
final class Room<K> {
    private final ConnectionPool<K, ?> pool;

    Room(ConnectionPool<K, ?> pool) {
        this.pool = pool;
    }

    /** Whether another object could be had only in place of one that exists. */
    boolean isFull(K key) {
        EndpointStats stats = pool.stats(key).orElse(null);
        if (stats != null && stats.total() >= stats.limits().maxSize()) {
            return true;
        }
        PoolStats all = pool.stats();
        return all.total() >= all.totalMaxSize();
    }

    /** Whether nothing but the return of an object would help; idle ones of other keys make room. */
    boolean isExhausted(K key) {
        EndpointStats stats = pool.stats(key).orElse(null);
        if (stats != null && taken(stats) >= stats.limits().maxSize()) {
            return true;
        }
        PoolStats all = pool.stats();
        return taken(all) >= all.totalMaxSize();
    }

    private static int taken(ConnectionStats stats) {
        return stats.leased() + stats.connecting() + stats.pending();
    }
}
