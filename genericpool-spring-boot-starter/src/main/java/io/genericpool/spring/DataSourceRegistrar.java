package io.genericpool.spring;

import io.genericpool.jdbc.JdbcDataSource;
import io.genericpool.jdbc.JdbcPool;
import io.genericpool.spring.GenericPoolProperties.Jdbc;
import java.util.List;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.core.env.Environment;

/**
 * A {@code DataSource} per database and per group, named after it. The one of the primary is preferred where one is asked
 * for, together with its replicas.
 */
final class DataSourceRegistrar implements BeanRegistrar {
    @Override
    public void register(BeanRegistry registry, Environment environment) {
        Jdbc jdbc = Names.properties(environment).jdbc();
        String primary = JdbcPools.primary(jdbc);
        List<String> replicas = jdbc.replicas();
        replicas.forEach(name -> Knobs.known(GenericPoolProperties.JDBC + ".replicas", name, jdbc));
        JdbcGroups.checkNames(jdbc);
        String readers = JdbcGroups.readers(jdbc);
        if (readers != null) {
            registry.registerBean("routingDataSource", JdbcDataSource.class, spec -> spec.primary()
                    .description("the primary of genericpool.jdbc, and the group " + readers + " for reads")
                    .supplier(context -> {
                        JdbcPool pool = context.bean(JdbcPool.class);
                        return pool.routingDataSource(primary, pool.group(readers));
                    }));
        } else if (!replicas.isEmpty()) {
            registry.registerBean("routingDataSource", JdbcDataSource.class, spec -> spec.primary()
                    .description("the primary of genericpool.jdbc and its replicas")
                    .supplier(context ->
                            context.bean(JdbcPool.class).routingDataSource(primary, replicas.toArray(String[]::new))));
        }
        for (String name : jdbc.endpoints().keySet()) {
            registry.registerBean(name + "DataSource", JdbcDataSource.class, spec -> {
                spec.description("the database " + name + " of genericpool.jdbc");
                spec.supplier(context -> context.bean(JdbcPool.class).dataSource(name));
                if (name.equals(primary) && replicas.isEmpty() && readers == null) {
                    spec.primary();
                }
            });
        }
        for (String name : jdbc.groups().keySet()) {
            registry.registerBean(name + "DataSource", JdbcDataSource.class, spec -> spec.description(
                            "the group " + name + " of genericpool.jdbc")
                    .supplier(context -> context.bean(JdbcPool.class).dataSource(name)));
        }
    }
}
