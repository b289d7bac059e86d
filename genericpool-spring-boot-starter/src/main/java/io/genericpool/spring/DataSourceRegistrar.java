package io.genericpool.spring;

import io.genericpool.jdbc.JdbcDataSource;
import io.genericpool.jdbc.JdbcPool;
import io.genericpool.spring.GenericPoolProperties.Jdbc;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.core.env.Environment;

/** A {@code DataSource} per database, named after it; the one of the primary is preferred where one is asked for. */
final class DataSourceRegistrar implements BeanRegistrar {
    @Override
    public void register(BeanRegistry registry, Environment environment) {
        Jdbc jdbc = Names.properties(environment).jdbc();
        String primary = JdbcPools.primary(jdbc);
        for (String name : jdbc.endpoints().keySet()) {
            registry.registerBean(name + "DataSource", JdbcDataSource.class, spec -> {
                spec.description("the database " + name + " of genericpool.jdbc");
                spec.supplier(context -> context.bean(JdbcPool.class).dataSource(name));
                if (name.equals(primary)) {
                    spec.primary();
                }
            });
        }
    }
}
