package io.genericpool.spring;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointLimits;
import io.genericpool.EndpointStats;
import io.genericpool.PoolStats;
import io.genericpool.SuspendMode;
import io.genericpool.group.GroupStats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * The actuator endpoint {@code genericpool}: reads pools and endpoints, and evicts, suspends, resumes or resizes an
 * endpoint. An operation returns null for what does not exist, which the web answers with 404. It takes no lease.
 */
@Endpoint(id = "genericpool")
final class GenericPoolEndpoint {
    private final List<ObservedPool> pools;

    GenericPoolEndpoint(List<ObservedPool> pools) {
        this.pools = List.copyOf(pools);
    }

    @ReadOperation
    Map<String, Object> pools() {
        var all = new TreeMap<String, Object>();
        pools.forEach(observed -> all.put(observed.name(), describe(observed)));
        return Map.of("pools", all);
    }

    @ReadOperation
    @Nullable
    Map<String, Object> pool(@Selector String pool) {
        ObservedPool observed = find(pool);
        return observed == null ? null : describe(observed);
    }

    @ReadOperation
    @Nullable
    Map<String, Object> endpoint(@Selector String pool, @Selector String endpoint) {
        ObservedPool observed = find(pool);
        if (observed == null) {
            return null;
        }
        EndpointStats stats = statsOf(observed.pool(), endpoint);
        if (stats != null) {
            return describe(stats);
        }
        return observed.known().contains(endpoint) ? Map.of("used", false) : null;
    }

    /** Changes an endpoint, and returns what it then is. */
    @WriteOperation
    @Nullable
    Map<String, Object> change(
            @Selector String pool,
            @Selector String endpoint,
            Action action,
            @Nullable Integer maxSize,
            @Nullable Integer minIdle) {
        ObservedPool observed = find(pool);
        if (observed == null || !changed(observed, observed.pool(), endpoint, action, maxSize, minIdle)) {
            return null;
        }
        return endpoint(pool, endpoint);
    }

    /** What can be done to an endpoint. */
    enum Action {
        EVICT,
        SUSPEND,
        RESUME,
        RESIZE
    }

    @SuppressWarnings("unchecked") // a database is its name, also before it is used
    private static <E> boolean changed(
            ObservedPool observed,
            ConnectionPool<E, ?> pool,
            String label,
            Action action,
            @Nullable Integer maxSize,
            @Nullable Integer minIdle) {
        E endpoint = pool.recentEndpointStats().entrySet().stream()
                .filter(entry -> entry.getValue().label().equals(label))
                .map(Map.Entry::getKey)
                .findAny()
                .orElse(observed.known().contains(label) ? (E) label : null);
        if (endpoint == null) {
            return false;
        }
        switch (action) {
            case EVICT -> pool.evict(endpoint);
            case SUSPEND -> pool.suspend(endpoint, SuspendMode.WAIT);
            case RESUME -> pool.resume(endpoint);
            case RESIZE -> resize(pool, endpoint, maxSize, minIdle);
        }
        return true;
    }

    private static <E> void resize(
            ConnectionPool<E, ?> pool, E endpoint, @Nullable Integer maxSize, @Nullable Integer minIdle) {
        if (maxSize == null && minIdle == null) {
            throw refused("resize needs maxSize, minIdle or both");
        }
        EndpointLimits limits = pool.stats(endpoint).map(EndpointStats::limits).orElseGet(() -> pool.config()
                .defaultLimits());
        try {
            limits = maxSize == null ? limits : limits.withMaxSize(maxSize);
            limits = minIdle == null ? limits : limits.withMinIdle(minIdle);
            pool.resize(endpoint, limits.validated());
        } catch (IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    /** The web answers with 400. */
    private static InvalidEndpointRequestException refused(String reason) {
        return new InvalidEndpointRequestException(reason, reason);
    }

    private @Nullable ObservedPool find(String name) {
        return pools.stream()
                .filter(observed -> observed.name().equals(name))
                .findAny()
                .orElse(null);
    }

    private static @Nullable EndpointStats statsOf(ConnectionPool<?, ?> pool, String label) {
        return pool.recentEndpointStats().values().stream()
                .filter(stats -> stats.label().equals(label))
                .findAny()
                .orElse(null);
    }

    private static Map<String, Object> describe(ObservedPool observed) {
        PoolStats stats = observed.pool().recentStats();
        var endpoints = new TreeMap<String, Object>();
        observed.known().forEach(name -> endpoints.put(name, Map.of("used", false)));
        observed.pool()
                .recentEndpointStats()
                .values()
                .forEach(endpoint -> endpoints.put(endpoint.label(), describe(endpoint)));
        var description = new LinkedHashMap<String, Object>();
        description.put("totalMaxSize", stats.totalMaxSize());
        description.put("total", stats.total());
        description.put("idle", stats.idle());
        description.put("leased", stats.leased());
        description.put("connecting", stats.connecting());
        description.put("waiters", stats.waiters());
        description.put("starving", stats.starving());
        Map<String, Object> fleet = observed.fleet();
        if (!fleet.isEmpty()) {
            description.put("fleet", fleet);
        }
        description.put("endpoints", endpoints);
        var groups = new TreeMap<String, Object>();
        observed.pool().groups().forEach((name, group) -> groups.put(name, describe(group.stats())));
        if (!groups.isEmpty()) {
            description.put("groups", groups);
        }
        return description;
    }

    private static Map<String, Object> describe(GroupStats<?> stats) {
        var description = new LinkedHashMap<String, Object>();
        description.put("leases", stats.leasesByLabel());
        description.put("spillOvers", stats.spillOvers());
        description.put("hedges", stats.hedges());
        description.put("rankingFailures", stats.rankingFailures());
        return description;
    }

    private static Map<String, Object> describe(EndpointStats stats) {
        var description = new LinkedHashMap<String, Object>();
        description.put("maxSize", stats.limits().maxSize());
        description.put("effectiveMaxSize", stats.effectiveMaxSize());
        ObservedPool.shareOf(stats).ifPresent(share -> description.put("share", share));
        description.put("minIdle", stats.limits().minIdle());
        description.put("total", stats.total());
        description.put("idle", stats.idle());
        description.put("leased", stats.leased());
        description.put("connecting", stats.connecting());
        description.put("waiters", stats.waiters());
        description.put("suspended", stats.isSuspended());
        description.put("circuit", stats.circuit().state().name());
        description.put("circuitRemaining", stats.circuit().remaining().toString());
        description.put("connectFailures", stats.connectFailures());
        description.put("longestHeld", stats.longestHeld().toString());
        return description;
    }
}
