package io.genericpool.benchmarks.replay;

import io.genericpool.jdbc.JdbcPool;
import io.genericpool.replay.PoolRecorder;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Threads that query a PostgreSQL over a pool, each with a pause after each query. What they do is the same each time. */
final class PostgresLoad {
    private static final int ROWS = 20_000;

    private final String url;
    private final int threads;
    private final int queries;

    PostgresLoad(String url, int threads, int queries) {
        this.url = url;
        this.threads = threads;
        this.queries = queries;
    }

    /** Makes the table. */
    void prepare() throws SQLException {
        try (var pool = JdbcPool.builder().endpoint("db", url).build();
                var connection = pool.dataSource("db").getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create table if not exists item (id int primary key, price int)");
            statement.execute("insert into item select n, n % 1000 from generate_series(1, " + ROWS
                    + ") as n on conflict do nothing");
        }
    }

    /** Records it, after a part of it that is not recorded. */
    void record(Path folder, int maxSize) throws Exception {
        PoolRecorder<String> recorder = PoolRecorder.builder(folder).build();
        try (recorder;
                var pool = JdbcPool.builder()
                        .name("postgres")
                        .endpoint("db", url)
                        .maxSize(maxSize)
                        .acquireTimeout(Duration.ofSeconds(10))
                        .pool(knobs -> knobs.listener(recorder))
                        .build()) {
            run(pool, queries / 10);
            recorder.start(pool.pool());
            run(pool, queries);
        }
        if (recorder.dropped() > 0) {
            throw new IllegalStateException("the recorder left out " + recorder.dropped() + " events");
        }
    }

    private void run(JdbcPool pool, int count) throws Exception {
        Queue<Exception> failures = new ConcurrentLinkedQueue<>();
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            var random = new SplittableRandom(i);
            var thread = new Thread(
                    () -> {
                        try {
                            query(pool, random, count);
                        } catch (SQLException e) {
                            failures.add(e);
                        }
                    },
                    "caller-" + i);
            thread.start();
            running.add(thread);
        }
        for (Thread thread : running) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw failures.remove();
        }
    }

    /** Each lease is a transaction with one look at a row, or with a sum over many, and some thought in between. */
    private static void query(JdbcPool pool, SplittableRandom random, int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(10_000, 50_000)));
            try (var connection = pool.dataSource("db").getConnection()) {
                connection.setAutoCommit(false);
                int rows = random.nextInt(10) == 0 ? ROWS : 1;
                try (var statement =
                        connection.prepareStatement("select sum(price), pg_sleep(?) from item where id <= ?")) {
                    statement.setDouble(1, random.nextDouble(0.002, 0.012));
                    statement.setInt(2, rows);
                    try (var result = statement.executeQuery()) {
                        if (!result.next()) {
                            throw new SQLException("no row");
                        }
                    }
                }
                connection.commit();
            }
        }
    }
}
