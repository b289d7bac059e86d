package io.genericpool.benchmarks.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.genericpool.jdbc.JdbcPool;
import java.time.Duration;
import javax.sql.DataSource;

/** The pools that are compared, each full from the start and otherwise with its defaults: both bypass the check for 500 ms. */
final class Pools {
    static final String OURS = "generic-pool";
    static final String HIKARI = "hikaricp";

    private Pools() {}

    /** A pool and its end. */
    record Pool(DataSource source, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }

    static Pool open(String name, DataSource database, int size) {
        return switch (name) {
            case OURS -> ours(database, size);
            case HIKARI -> hikari(database, size);
            default -> throw new IllegalArgumentException("no pool is called " + name);
        };
    }

    private static Pool ours(DataSource database, int size) {
        JdbcPool pool = JdbcPool.builder()
                .endpoint("database", database)
                .maxSize(size)
                .minIdle(size)
                .acquireTimeout(Duration.ofSeconds(30))
                .warmUp(size, "database")
                .build();
        if (pool.warmedUp().join() != size) {
            throw new IllegalStateException("the pool could not be filled");
        }
        return new Pool(pool.dataSource("database"), pool::close);
    }

    private static Pool hikari(DataSource database, int size) {
        var config = new HikariConfig();
        config.setDataSource(database);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(size);
        config.setConnectionTimeout(30_000);
        var source = new HikariDataSource(config);
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (source.getHikariPoolMXBean().getTotalConnections() < size) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("the pool could not be filled");
            }
            Thread.onSpinWait();
        }
        return new Pool(source, source::close);
    }
}
