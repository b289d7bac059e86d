package io.genericpool.benchmarks.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;

/** Sixteen threads that each want one of four connections, for a query of a millisecond, again and again. */
final class Contention {
    private static final int THREADS = 16;
    private static final int SIZE = 4;

    private final String database;
    private final String sql;
    private final Duration time;

    Contention(String database, String sql, Duration time) {
        this.database = database;
        this.sql = sql;
        this.time = time;
    }

    /** What one pool did in one run. */
    record Outcome(double perSecond, Waits waits) {}

    /** Runs one pool. */
    Outcome run(String name) throws Exception {
        DataSource source = Databases.open(database);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (Pools.Pool pool = Pools.open(name, source, SIZE)) {
            var start = new CyclicBarrier(THREADS);
            List<Future<Waits>> running = new ArrayList<>();
            long began = System.nanoTime();
            for (int i = 0; i < THREADS; i++) {
                running.add(threads.submit(() -> {
                    start.await();
                    return work(pool.source());
                }));
            }
            var all = new Waits();
            for (Future<Waits> each : running) {
                all.add(each.get());
            }
            return new Outcome(all.total() / ((System.nanoTime() - began) / 1e9), all);
        } catch (ExecutionException e) {
            throw new IllegalStateException(name + " failed on " + database, e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private Waits work(Pools.Source source) throws SQLException {
        var waits = new Waits();
        long end = System.nanoTime() + time.toNanos();
        for (long now = System.nanoTime(); now - end < 0; now = System.nanoTime()) {
            try (Connection connection = source.getConnection()) {
                waits.add(System.nanoTime() - now);
                try (Statement statement = connection.createStatement()) {
                    statement.executeQuery(sql).close();
                }
            }
        }
        return waits;
    }
}
