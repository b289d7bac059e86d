package io.genericpool.jdbc;

import io.genericpool.CloseReport;
import io.genericpool.ConnectionFunction;
import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.EndpointStats;
import io.genericpool.Lease;
import io.genericpool.PoolStats;
import io.genericpool.group.Routing;
import io.genericpool.support.SafeText;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pool of JDBC connections to several databases. It combines a {@link ConnectionPool} with its own
 * {@link JdbcConnectionManager}, and provides a {@link JdbcDataSource} per endpoint.
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
 * <p>{@link JdbcConnectionManager} describes the connections and what happens to them between two leases. Timeouts,
 * threads, interrupts and closing are those of {@link ConnectionPool}. A name that is not configured causes an
 * {@link IllegalArgumentException} at once, which lists the known names.
 */
public final class JdbcPool implements AutoCloseable {
    private final CheckedPool pool;
    private final ConnectionPool<String, Connection> uncheckedPool;
    private final JdbcConnectionManager manager;
    private final Map<String, JdbcDataSource> sources;
    /** Of replicas, by their names. Only of configured ones: any number of others may come and go. */
    private final Map<List<String>, EndpointGroup<String, Connection>> readers = new ConcurrentHashMap<>();

    private final CompletableFuture<Integer> warmedUp;

    JdbcPool(ConnectionPool<String, Connection> pool, JdbcConnectionManager manager, JdbcPoolBuilder builder) {
        this.uncheckedPool = pool;
        this.pool = new CheckedPool(pool, manager);
        this.manager = manager;
        this.sources = manager.endpoints().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> sourceOf(entry.getKey(), entry.getValue())));
        builder.groups().forEach((name, group) -> {
            var unused = this.pool.group(name, group.role(), group.routing(), group.members());
        });
        this.warmedUp = builder.warmUps().entrySet().stream()
                .map(warmUp -> pool.warmUp(warmUp.getKey(), warmUp.getValue()))
                .reduce(CompletableFuture.completedFuture(0), (one, other) -> one.thenCombine(other, Integer::sum));
    }

    /**
     * Returns a new builder.
     *
     * @return a builder with default values
     */
    public static JdbcPoolBuilder builder() {
        return new JdbcPoolBuilder();
    }

    /**
     * Returns an endpoint or a group as a {@code DataSource}. It returns an equal object at each call, because transaction managers
     * identify a database by its {@code DataSource}.
     *
     * <p>The {@code DataSource} of a group leases each connection from the member that serves best at that moment. Use one
     * for reads and one for writes, for example with Spring's {@code LazyConnectionDataSourceProxy}, whose
     * {@code setReadOnlyDataSource} takes the {@code DataSource} of a group of replicas.
     *
     * <p>{@code getConnection()} acquires within the pool's {@code acquireTimeout}, or within the {@code DataSource}'s
     * own login timeout if one is set. It does not support a user and password of the call. Closing the connection ends
     * the lease, and never waits unless {@code resetOnClose} is set. Closing it again does nothing. Any other later use
     * throws an {@link java.sql.SQLException} with SQLState 08003.
     *
     * <p>Failures are SQLExceptions with the pool's error as the cause:
     *
     * <ul>
     * <li>{@link java.sql.SQLTransientConnectionException} for a timeout, a full queue or a failed connection attempt,
     *     with the database's SQLState if there is one;
     * <li>{@link java.sql.SQLNonTransientConnectionException} for an attempt that will fail again (such as a wrong
     *     password), and for a closed pool;
     * <li>a plain {@code SQLException} for an interrupt, with the interrupt flag set.
     * </ul>
     *
     * <p>The {@code DataSource} unwraps to the {@link ConnectionPool}, and to the endpoint's own {@code DataSource} if
     * it has one, or to the {@link EndpointGroup}. It is thread-safe and need not be closed. It lives as long as the pool.
     *
     * @param endpoint the name of an endpoint or a group; an open group comes first
     * @return its {@code DataSource}
     * @throws IllegalArgumentException when the name is not configured
     */
    public JdbcDataSource dataSource(String endpoint) {
        EndpointGroup<String, Connection> group = pool.groups().get(Objects.requireNonNull(endpoint, "endpoint"));
        if (group != null) {
            return new GroupDataSource(uncheckedPool, pool, group);
        }
        JdbcDataSource configured = sources.get(endpoint);
        return configured == null ? sourceOf(endpoint, manager.endpoint(endpoint)) : configured;
    }

    private JdbcDataSource sourceOf(String name, JdbcEndpoint endpoint) {
        return new PoolDataSource(uncheckedPool, pool, name, endpoint.dataSource());
    }

    /**
     * Returns a {@code DataSource} whose database is named at each call, such as the one of the current tenant. It has
     * the errors of {@link #dataSource(String)}. A name that is not known, or an exception from the supplier that is an
     * {@link IllegalArgumentException}, is a {@link java.sql.SQLNonTransientConnectionException}.
     *
     * @param endpoint returns the name of the database to use now, not null; called by the thread that calls
     *     {@code getConnection()}, before each lease
     * @return the {@code DataSource}, thread-safe
     */
    public JdbcDataSource dataSource(Supplier<String> endpoint) {
        return new TenantDataSource(pool, Objects.requireNonNull(endpoint, "endpoint"));
    }

    /**
     * Returns a primary and its replicas as one {@code DataSource}. Its connections lease at their first statement, so
     * {@code getConnection()} never waits, and a connection that is not used costs nothing.
     *
     * <p>Read-only work goes to a replica: when {@code setReadOnly(true)} was called before the first statement, as
     * Spring does for {@code @Transactional(readOnly = true)}. The replicas are a group with
     * {@link Routing#leastLoaded()}. It is one of {@link #pool()}, under a name of this method's own. The work goes to the
     * primary, read-only too, when all replicas are down or suspended. It waits for a replica when those that are up are
     * full. A replica that is down is tried again after its pause, beside the requests. The choice stands for the
     * transaction, and as long as statements are open. {@code setReadOnly} between two transactions may move the
     * connection to another database.
     *
     * <p>Replicas that only {@link JdbcPoolBuilder#endpoints} knows have no group. The one with the fewest leases and
     * waiters serves, and the primary when the attempt to connect to it fails.
     *
     * <p>Errors are those of {@link #dataSource(String)}, thrown by the first statement. {@link JdbcDataSource#endpoint()}
     * is the primary.
     *
     * @param primary the name of the database that takes writes
     * @param replicas the names of its replicas
     * @return the {@code DataSource}, thread-safe
     * @throws IllegalArgumentException when a name is not known
     */
    public JdbcDataSource routingDataSource(String primary, String... replicas) {
        JdbcEndpoint target = manager.endpoint(primary);
        List<String> others = Stream.of(replicas)
                .distinct()
                .filter(replica -> !replica.equals(primary))
                .toList();
        others.forEach(manager::endpoint);
        return new RoutingDataSource(
                uncheckedPool, pool, primary, others, readers(others), !Boolean.FALSE.equals(target.autoCommit));
    }

    /**
     * Returns a primary and a group of its replicas as one {@code DataSource}, like {@link #routingDataSource(String,
     * String...)}. Read-only work goes to the member that the policy of the group prefers. It goes to the primary when all
     * members are down or suspended, and when the group is closed.
     *
     * @param primary the name of the database that takes writes
     * @param readers an open group of this pool
     * @return the {@code DataSource}, thread-safe
     * @throws IllegalArgumentException when the name is not known, or the group is not an open group of this pool
     */
    public JdbcDataSource routingDataSource(String primary, EndpointGroup<String, Connection> readers) {
        JdbcEndpoint target = manager.endpoint(primary);
        if (pool.groups().get(readers.name()) != readers) {
            throw new IllegalArgumentException(
                    "readers must be an open group of this pool, but " + SafeText.label(readers.name()) + " is not");
        }
        return new RoutingDataSource(
                uncheckedPool, pool, primary, null, readers, !Boolean.FALSE.equals(target.autoCommit));
    }

    private @Nullable EndpointGroup<String, Connection> readers(List<String> replicas) {
        if (replicas.isEmpty() || !manager.endpoints().keySet().containsAll(replicas)) {
            return null;
        }
        return readers.computeIfAbsent(
                replicas, members -> pool.group("replicas " + members, Routing.leastLoaded(), members));
    }

    /**
     * Returns a group that was configured by the builder, or was created by {@link ConnectionPool#group} of
     * {@link #pool()}.
     *
     * @param group the name of the group
     * @return the group
     * @throws IllegalArgumentException when there is no open group with this name; the message lists the names
     */
    public EndpointGroup<String, Connection> group(String group) {
        Map<String, EndpointGroup<String, Connection>> open = pool.groups();
        EndpointGroup<String, Connection> found = open.get(Objects.requireNonNull(group, "group"));
        if (found == null) {
            throw new IllegalArgumentException("group must be one of "
                    + new TreeSet<>(open.keySet()).stream().map(SafeText::label).toList() + ", but is "
                    + SafeText.label(group));
        }
        return found;
    }

    /**
     * Returns the names of all databases of this pool, including those not used yet. {@link ConnectionPool#endpoints()}
     * holds only those in use. Names that only {@link JdbcPoolBuilder#endpoints} knows are among them while in use.
     *
     * @return a set of its own, unmodifiable
     */
    public Set<String> endpoints() {
        var names = new HashSet<>(pool.endpoints());
        names.addAll(manager.endpoints().keySet());
        return Collections.unmodifiableSet(names);
    }

    /**
     * Acquires a connection as {@link ConnectionPool#connection(Object)} and {@link EndpointGroup#connection()} do.
     *
     * @param endpoint the name of an endpoint or an open group
     * @return a lease of a connection, reused or new; its {@link Lease#endpoint()} is the endpoint that serves it
     * @throws IllegalArgumentException when the name is not configured
     */
    public Lease<String, Connection> connection(String endpoint) {
        return pool.connectionOf(endpoint);
    }

    /**
     * Acquires a connection within a timeout as {@link ConnectionPool#connection(Object, Duration)} and
     * {@link EndpointGroup#connection(Duration)} do.
     *
     * @param endpoint the name of an endpoint or an open group
     * @param timeout the time limit from now; zero or more
     * @return a lease of a connection, reused or new; its {@link Lease#endpoint()} is the endpoint that serves it
     * @throws IllegalArgumentException when the name is not configured, or the timeout is negative
     */
    public Lease<String, Connection> connection(String endpoint, Duration timeout) {
        return pool.connectionOf(endpoint, timeout);
    }

    /**
     * Runs some work with a connection as {@link ConnectionPool#use(Object, ConnectionFunction)} and
     * {@link EndpointGroup#use(ConnectionFunction)} do. Uncommitted work is rolled back, whether the work throws or not.
     *
     * @param endpoint the name of an endpoint or an open group
     * @param work the work
     * @param <R> the type of the result
     * @param <X> the type of exception the work may throw
     * @return the result of the work
     * @throws X when the work throws it
     * @throws IllegalArgumentException when the name is not configured
     */
    public <R extends @Nullable Object, X extends Exception> R use(
            String endpoint, ConnectionFunction<? super Connection, ? extends R, X> work) throws X {
        return pool.useOf(endpoint, work);
    }

    /**
     * Opens connections ahead of use as {@link ConnectionPool#warmUp} does.
     *
     * @param endpoint the endpoint's name
     * @param connections the number of connections the endpoint should hold
     * @return the number of connections this call has opened
     * @throws IllegalArgumentException when the name is not configured, or the number is negative
     */
    public CompletableFuture<Integer> warmUp(String endpoint, int connections) {
        return pool.warmUp(endpoint, connections);
    }

    /**
     * Returns the future of the warm-up that the pool was built with. Failed connection attempts do not fail it.
     *
     * @return the number of connections it has opened
     */
    public CompletableFuture<Integer> warmedUp() {
        return warmedUp.copy();
    }

    /**
     * Takes all connections of an endpoint out of the pool, for example after a password change, as
     * {@link ConnectionPool#evict} does.
     *
     * @param endpoint the endpoint's name
     * @throws IllegalArgumentException when the name is not configured
     */
    public void evict(String endpoint) {
        pool.evict(endpoint);
    }

    /**
     * Returns the underlying pool, for all its other functions. It also rejects names that are not configured.
     *
     * @return the pool; closing it does the same as closing this object, except that the manager stays open
     */
    public ConnectionPool<String, Connection> pool() {
        return pool;
    }

    /**
     * Returns the statistics of the pool.
     *
     * @return a snapshot
     */
    public PoolStats stats() {
        return pool.stats();
    }

    /**
     * Returns the statistics of one endpoint.
     *
     * @param endpoint the endpoint's name
     * @return a snapshot, or empty when the endpoint was not used recently
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
     * Closes the pool, then its manager, as {@link ConnectionPool#close(Duration)} does.
     *
     * @param timeout the time limit from now; zero or more
     * @return the report of what happened to the connections
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
