package io.genericpool.spring;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointStats;
import io.genericpool.PoolConfig;
import io.genericpool.PoolStats;
import io.genericpool.event.PoolListener;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A pool as health, metrics and the actuator see it.
 *
 * @param bean the name of its bean
 * @param name its name
 * @param pool the pool
 * @param known the labels of endpoints that are shown before they are used
 * @param required tells by label whether an endpoint counts for health
 * @param groups the groups that are shown, and whether each counts for health
 */
record ObservedPool(
        String bean,
        String name,
        ConnectionPool<?, ?> pool,
        Set<String> known,
        Predicate<String> required,
        Map<String, Boolean> groups) {
    static final String DATABASES = "jdbcPool";

    /** What the pool shares with other processes; empty where it shares nothing. */
    Map<String, Object> fleet() {
        PoolStats stats = pool.recentStats();
        var fleet = new LinkedHashMap<String, Object>();
        if (stats.hasSharedLimits()) {
            fleet.put("reachable", stats.sharedLimitsReachable());
            stats.sharedLimitsFailure().ifPresent(failure -> fleet.put("failure", failure));
            stats.share().ifPresent(share -> fleet.put("share", share));
        }
        return fleet;
    }

    /** An endpoint's share of a limit; empty where the limit is not shared. */
    static OptionalInt shareOf(EndpointStats stats) {
        OptionalInt share = stats.share();
        return share.isPresent() && share.getAsInt() == PoolConfig.UNLIMITED ? OptionalInt.empty() : share;
    }

    boolean isOfDatabases() {
        return bean.equals(DATABASES);
    }

    /** A listener that a pool gets beside those of the application. It names no type of Micrometer, which may be absent. */
    @FunctionalInterface
    interface Observer {
        /** Called once per pool, with the name of its bean, before the pool is built. Null for no such listener. */
        @Nullable
        PoolListener<Object> listenerOf(String bean);
    }
}
