package io.genericpool.benchmarks.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A connection out of a pool of eight and back, alone and with one query. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class CycleBenchmark {
    private static final int SIZE = 8;

    /** Which pool. */
    @Param({Pools.OURS, Pools.HIKARI, Pools.DBCP_VIEWS})
    public String pool;

    /** On which database; PostgreSQL needs its URL in a system property, as {@link JdbcFigures} gives it. */
    @Param(Databases.STUB)
    public String database;

    private Pools.Pool opened;

    /** Fills the pool. */
    @Setup(Level.Trial)
    public void open() {
        opened = Pools.open(pool, Databases.open(database), SIZE);
    }

    /** Closes the pool. */
    @TearDown(Level.Trial)
    public void close() {
        opened.close();
    }

    /** Out and back. */
    @Benchmark
    public Connection cycle() throws SQLException {
        try (Connection connection = opened.source().getConnection()) {
            return connection;
        }
    }

    /** Out, one query, and back. */
    @Benchmark
    public int query() throws SQLException {
        try (Connection connection = opened.source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select 1")) {
            result.next();
            return result.getInt(1);
        }
    }
}
