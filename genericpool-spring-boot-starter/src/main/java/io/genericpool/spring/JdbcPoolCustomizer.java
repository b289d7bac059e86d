package io.genericpool.spring;

import io.genericpool.jdbc.JdbcPoolBuilder;

/**
 * A bean that changes the JDBC pool beyond its properties. Customizers run in the order of their beans, after the
 * properties and before the pool is built. An exception fails the start of the application.
 */
@FunctionalInterface
public interface JdbcPoolCustomizer {
    /**
     * Changes the pool. It is called once, by the thread that creates the bean of the pool.
     *
     * @param builder the builder of the pool, with all properties applied
     */
    void customize(JdbcPoolBuilder builder);
}
