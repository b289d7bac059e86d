package io.genericpool.benchmarks.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.genericpool.jdbc.JdbcPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** The pools that are compared, each full from the start and otherwise with its defaults: both bypass the check for 500 ms. */
final class Pools {
    static final String OURS = "generic-pool";
    static final String HIKARI = "hikaricp";
    static final String DBCP_VIEWS = "dbcp-views";

    private static final Duration FILLING = Duration.ofSeconds(30);

    private Pools() {}

    /** How a pool hands out. */
    interface Source {
        Connection getConnection() throws SQLException;
    }

    /** A pool and its end. */
    record Pool(Source source, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }

    static Pool open(String name, DataSource database, int size) {
        return switch (name) {
            case OURS -> ours(database, size);
            case HIKARI -> hikari(database, size);
            case DBCP_VIEWS -> DbcpViews.open(database, size);
            default -> throw new IllegalArgumentException("no pool is called " + name);
        };
    }

    private static Pool ours(DataSource database, int size) {
        JdbcPool pool = JdbcPool.builder()
                .endpoint("database", database)
                .maxSize(size)
                .minIdle(size)
                .warmUp(size, "database")
                .build();
        if (pool.warmedUp().join() != size) {
            throw new IllegalStateException("the pool could not be filled");
        }
        return new Pool(pool.dataSource("database")::getConnection, pool::close);
    }

    private static Pool hikari(DataSource database, int size) {
        var config = new HikariConfig();
        config.setDataSource(database);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(size);
        var source = new HikariDataSource(config);
        long start = System.nanoTime();
        while (source.getHikariPoolMXBean().getTotalConnections() < size) {
            if (System.nanoTime() - start > FILLING.toNanos()) {
                throw new IllegalStateException("the pool could not be filled");
            }
            Thread.onSpinWait();
        }
        return new Pool(source::getConnection, source::close);
    }
}
