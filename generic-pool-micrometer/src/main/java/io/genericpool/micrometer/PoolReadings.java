package io.genericpool.micrometer;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointStats;
import io.genericpool.PoolStats;
import io.genericpool.group.GroupStats;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The readings of one pool: the snapshot that all its observers share, and the rows made of it. The first reader of a new
 * snapshot makes the rows; others that come meanwhile get the old ones, so a reader never waits for another one.
 * Thread-safe.
 */
final class PoolReadings<E> implements Supplier<PoolReading> {
    private final ConnectionPool<E, ?> pool;
    private final EndpointRows rows;
    private final boolean hasRows;
    private final boolean readsEndpoints;
    private final List<Consumer<PoolReading>> observers = new CopyOnWriteArrayList<>();
    private final ReentrantLock renewal = new ReentrantLock();
    private volatile Latest<E> latest;

    private record Latest<E>(PoolReading reading, Map<E, EndpointStats> endpoints) {}

    /**
     * Takes the first snapshot.
     *
     * @param maxRows zero for no rows
     * @param sumsEndpoints whether what only endpoints tell is wanted as well
     */
    PoolReadings(ConnectionPool<E, ?> pool, int maxRows, boolean sumsEndpoints) {
        this.pool = pool;
        this.rows = new EndpointRows(maxRows);
        this.hasRows = maxRows > 0;
        this.readsEndpoints = hasRows || sumsEndpoints;
        this.latest = taken(endpoints());
    }

    private Map<E, EndpointStats> endpoints() {
        return readsEndpoints ? pool.recentEndpointStats() : Map.of();
    }

    private Latest<E> taken(Map<E, EndpointStats> endpoints) {
        long minIdle = 0;
        for (EndpointStats each : endpoints.values()) {
            minIdle += each.limits().minIdle();
        }
        Map<String, EndpointSums> sums = hasRows ? rows.of(endpoints.values()) : Map.of();
        return new Latest<>(new PoolReading(pool.recentStats(), minIdle, sums, groups()), endpoints);
    }

    private Map<String, GroupStats<?>> groups() {
        var groups = new TreeMap<String, GroupStats<?>>();
        pool.groups().forEach((name, group) -> groups.put(name, group.stats()));
        return Collections.unmodifiableMap(groups);
    }

    @Override
    public PoolReading get() {
        Latest<E> present = latest;
        Map<E, EndpointStats> endpoints = endpoints();
        // tryLock only: a registry may read meters under a lock of its own, which an observer then needs.
        if (isCurrent(present, endpoints) || !renewal.tryLock()) {
            return present.reading;
        }
        try {
            if (!isCurrent(latest, endpoints)) {
                Latest<E> renewed = taken(endpoints);
                latest = renewed; // before the observers, which may read meters
                observers.forEach(observer -> observer.accept(renewed.reading));
            }
            return latest.reading;
        } finally {
            renewal.unlock();
        }
    }

    private boolean isCurrent(Latest<E> reading, Map<E, EndpointStats> endpoints) {
        if (readsEndpoints) {
            return reading.endpoints == endpoints;
        }
        PoolStats stats = pool.recentStats();
        return reading.reading.stats() == stats;
    }

    /** Calls the observer with each new reading, on the thread that reads a meter. */
    void observe(Consumer<PoolReading> observer) {
        observers.add(observer);
    }

    void unobserve(Consumer<PoolReading> observer) {
        observers.remove(observer);
    }
}
