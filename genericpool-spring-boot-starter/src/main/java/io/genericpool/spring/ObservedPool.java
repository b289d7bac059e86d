package io.genericpool.spring;

import io.genericpool.ConnectionPool;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A pool as health, metrics and the actuator see it.
 *
 * @param bean the name of its bean
 * @param name its name
 * @param pool the pool
 * @param known the labels of endpoints that are shown before they are used
 * @param required tells by label whether an endpoint counts for health
 */
record ObservedPool(
        String bean, String name, ConnectionPool<?, ?> pool, Set<String> known, Predicate<String> required) {
    static final String DATABASES = "jdbcPool";

    boolean isOfDatabases() {
        return bean.equals(DATABASES);
    }
}
