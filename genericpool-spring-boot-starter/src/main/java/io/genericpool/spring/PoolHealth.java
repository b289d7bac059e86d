package io.genericpool.spring;

import io.genericpool.CircuitState;
import io.genericpool.EndpointStats;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * The health of a pool. It takes no lease, so a busy pool is not down. It is down when the circuit of a required endpoint
 * is open, and out of service when a required endpoint is suspended. A required group needs one member that is up. An engine
 * of a fleet that cannot be reached is a detail: the pool goes on with its share, and all processes would be down at once.
 */
final class PoolHealth extends AbstractHealthIndicator {
    private final ObservedPool observed;

    PoolHealth(ObservedPool observed) {
        super("the health of the pool could not be read");
        this.observed = observed;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        if (observed.pool().isClosed()) {
            builder.down().withDetail("closed", true);
            return;
        }
        var endpoints = new TreeMap<String, Object>();
        observed.known().forEach(name -> endpoints.put(name, Map.of("used", false)));
        Status status = Status.UP;
        Map<?, EndpointStats> all = observed.pool().recentEndpointStats();
        for (EndpointStats stats : all.values()) {
            endpoints.put(stats.label(), details(stats));
            if (observed.required().test(stats.label())) {
                status = worse(status, statusOf(stats));
            }
        }
        var groups = new TreeMap<String, Object>();
        for (var group : observed.groups().entrySet()) {
            GroupHealth health = GroupHealth.of(observed.pool(), group.getKey(), all);
            if (health != null) {
                groups.put(group.getKey(), health.details());
                status = group.getValue() ? worse(status, health.status()) : status;
            }
        }
        if (!groups.isEmpty()) {
            builder.withDetail("groups", groups);
        }
        var total = observed.pool().recentStats();
        builder.status(status)
                .withDetail("leased", total.leased())
                .withDetail("waiters", total.waiters())
                .withDetail("exhausted", total.leased() >= total.totalMaxSize())
                .withDetail("endpoints", endpoints);
        Map<String, Object> fleet = observed.fleet();
        if (!fleet.isEmpty()) {
            builder.withDetail("fleet", fleet);
        }
    }

    static Status statusOf(EndpointStats stats) {
        if (stats.circuit().state() == CircuitState.OPEN) {
            return Status.DOWN;
        }
        return stats.isSuspended() ? Status.OUT_OF_SERVICE : Status.UP;
    }

    private static Status worse(Status one, Status other) {
        if (one.equals(Status.DOWN) || other.equals(Status.UP)) {
            return one;
        }
        return other;
    }

    private static Map<String, Object> details(EndpointStats stats) {
        var details = new LinkedHashMap<String, Object>();
        details.put("circuit", stats.circuit().state().name());
        details.put("leased", stats.leased());
        details.put("idle", stats.idle());
        details.put("waiters", stats.waiters());
        details.put("maxSize", stats.effectiveMaxSize());
        ObservedPool.shareOf(stats).ifPresent(share -> details.put("share", share));
        details.put("exhausted", stats.leased() >= stats.effectiveMaxSize());
        details.put("longestHeld", stats.longestHeld().toString());
        if (stats.isSuspended()) {
            details.put("suspended", true);
        }
        return details;
    }
}
