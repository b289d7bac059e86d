package io.genericpool.jdbc;

import io.genericpool.CloseReport;
import io.genericpool.ConnectionFunction;
import io.genericpool.ConnectionPool;
import io.genericpool.EndpointStats;
import io.genericpool.Lease;
import io.genericpool.PoolStats;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A pool of JDBC connections to several databases: a {@link ConnectionPool} with a {@link JdbcConnectionManager} of its
 * own, and a {@link DataSource} for each of its endpoints.
 *
 * <pre>{@code
 * try (var pool = JdbcPool.builder()
 *         .endpoint("master", JdbcEndpoint.url(masterUrl).credentials(user, password))
 *         .endpoint("replica", JdbcEndpoint.url(replicaUrl).credentials(user, password).readOnly(true))
 *         .maxSize(20)
 *         .build()) {
 *     var orders = new JdbcTemplate(pool.dataSource("master"));
 *     ...
 * }
 * }</pre>
 *
 * <p>What a connection is and what happens to it between two leases is said at {@link JdbcConnectionManager}; times,
 * threads, interrupts and closing are those of {@link ConnectionPool}. A name that is not configured is an
 * {@link IllegalArgumentException} that lists the known ones, at once.
 */
public final class JdbcPool implements AutoCloseable {
    private final CheckedPool pool;
    private final JdbcConnectionManager manager;
    private final Map<String, DataSource> sources;
    private final CompletableFuture<Integer> warmedUp;

    JdbcPool(ConnectionPool<String, Connection> pool, JdbcConnectionManager manager, JdbcPoolBuilder builder) {
        this.pool = new CheckedPool(pool, manager);
        this.manager = manager;
        this.sources = manager.endpoints().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        entry -> new PoolDataSource(
                                pool,
                                this.pool,
                                entry.getKey(),
                                entry.getValue().dataSource())));
        this.warmedUp = builder.warmUps().entrySet().stream()
                .map(warmUp -> pool.warmUp(warmUp.getKey(), warmUp.getValue()))
                .reduce(CompletableFuture.completedFuture(0), (one, other) -> one.thenCombine(other, Integer::sum));
    }

    /**
     * Begins to configure a pool.
     *
     * @return a builder with the default of every knob
     */
    public static JdbcPoolBuilder builder() {
        return new JdbcPoolBuilder();
    }

    /**
     * An endpoint as a {@code DataSource}, for whatever works with one. The same one at each call, as transaction managers
     * know a database by the identity of its {@code DataSource}.
     *
     * <p>Its {@code getConnection()} acquires within the pool's {@code acquireTimeout}, or the {@code DataSource}'s own
     * login timeout if one is set. Closing that connection ends the lease and
     * never waits, unless {@code resetOnClose} is set; closing it again does nothing,
     * and any other use after that is an {@link java.sql.SQLException} with SQLState 08003. Failures are SQLExceptions with
     * the pool's error as the cause: {@link java.sql.SQLTransientConnectionException} for a timeout, a full queue or a
     * connect that failed, with the database's SQLState if it gave one; {@link
     * java.sql.SQLNonTransientConnectionException} for a connect that will fail again (a wrong password) and for a closed
     * pool; a plain one for an interrupt, with the flag set. A user and password given with the call are not supported.
     *
     * <p>It unwraps to the {@link ConnectionPool}, and to the endpoint's own {@code DataSource} if it has one. It is
     * thread-safe and need not be closed; it lives as long as the pool.
     *
     * @param endpoint the endpoint's name
     * @return its {@code DataSource}
     * @throws IllegalArgumentException when the name is not configured
     */
    public DataSource dataSource(String endpoint) {
        manager.endpoint(endpoint); // or an error that lists the names
        return Objects.requireNonNull(sources.get(endpoint));
    }

    /**
     * Acquires a connection; see {@link ConnectionPool#connection(Object)}.
     *
     * @param endpoint the endpoint's name
     * @return a lease of a connection, reused or new
     * @throws IllegalArgumentException when the name is not configured
     */
    public Lease<String, Connection> connection(String endpoint) {
        return pool.connection(endpoint);
    }

    /**
     * Acquires a connection within a deadline; see {@link ConnectionPool#connection(Object, Duration)}.
     *
     * @param endpoint the endpoint's name
     * @param timeout the deadline from now; zero or more
     * @return a lease of a connection, reused or new
     * @throws IllegalArgumentException when the name is not configured, or the timeout negative
     */
    public Lease<String, Connection> connection(String endpoint, Duration timeout) {
        return pool.connection(endpoint, timeout);
    }

    /**
     * Does some work with a connection; see {@link ConnectionPool#use(Object, ConnectionFunction)}. What the work has not
     * committed is rolled back, whether it throws or not.
     *
     * @param endpoint the endpoint's name
     * @param work what to do
     * @param <R> the type of the result
     * @param <X> what the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     * @throws IllegalArgumentException when the name is not configured
     */
    public <R extends @Nullable Object, X extends Exception> R use(
            String endpoint, ConnectionFunction<? super Connection, ? extends R, X> work) throws X {
        return pool.use(endpoint, work);
    }

    /**
     * Opens connections ahead of use; see {@link ConnectionPool#warmUp}.
     *
     * @param endpoint the endpoint's name
     * @param connections how many connections the endpoint should hold
     * @return the number of connections this call has opened
     * @throws IllegalArgumentException when the name is not configured, or the number negative
     */
    public CompletableFuture<Integer> warmUp(String endpoint, int connections) {
        return pool.warmUp(endpoint, connections);
    }

    /**
     * Tells when the warm-up that the pool was built with has ended. A connect that failed does not fail it.
     *
     * @return the number of connections it has opened
     */
    public CompletableFuture<Integer> warmedUp() {
        return warmedUp.copy();
    }

    /**
     * Takes every connection of an endpoint out of the pool, as after a change of its password; see
     * {@link ConnectionPool#evict}.
     *
     * @param endpoint the endpoint's name
     * @throws IllegalArgumentException when the name is not configured
     */
    public void evict(String endpoint) {
        pool.evict(endpoint);
    }

    /**
     * The pool behind this face, for all it can do beyond. It refuses names that are not configured too.
     *
     * @return the pool; closing it is closing this one but for the manager
     */
    public ConnectionPool<String, Connection> pool() {
        return pool;
    }

    /**
     * Counts of connections, leases and waiters.
     *
     * @return a snapshot
     */
    public PoolStats stats() {
        return pool.stats();
    }

    /**
     * Counts of one endpoint.
     *
     * @param endpoint the endpoint's name
     * @return a snapshot, or empty when nobody has used the endpoint lately
     * @throws IllegalArgumentException when the name is not configured
     */
    public Optional<EndpointStats> stats(String endpoint) {
        return pool.stats(endpoint);
    }

    /** Closes the pool within its {@code closeTimeout}, then its manager. */
    @Override
    public void close() {
        try {
            pool.close();
        } finally {
            manager.close();
        }
    }

    /**
     * Closes the pool, then its manager; see {@link ConnectionPool#close(Duration)}.
     *
     * @param timeout the deadline from now; zero or more
     * @return what became of the connections
     */
    public CloseReport close(Duration timeout) {
        try {
            return pool.close(timeout);
        } finally {
            manager.close();
        }
    }

    @Override
    public String toString() {
        return "JdbcPool[" + pool + "]";
    }
}
