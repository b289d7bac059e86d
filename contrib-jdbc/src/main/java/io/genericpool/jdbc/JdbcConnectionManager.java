package io.genericpool.jdbc;

import io.genericpool.DisposeReason;
import io.genericpool.jdbc.internal.driver.Drivers;
import io.genericpool.jdbc.internal.driver.SqlStates;
import io.genericpool.jdbc.internal.lent.JdbcSettings;
import io.genericpool.jdbc.internal.lent.PhysicalConnection;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.HostResolver;
import io.genericpool.spi.LeaseScope;
import io.genericpool.spi.ManagerHook;
import io.genericpool.support.CauseChain;
import io.genericpool.support.PoolThreads;
import io.genericpool.support.SafeText;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Opens JDBC connections for a pool whose endpoints are names. {@link JdbcPool} combines this manager with a pool and
 * provides a {@code DataSource} per name. Use the manager directly to build the pool yourself.
 *
 * <pre>{@code
 * var manager = JdbcConnectionManager.builder()
 *         .endpoint("master", JdbcEndpoint.url(url).credentials(user, password))
 *         .build();
 * var pool = ConnectionPools.builder(manager).maxSize(20).build();
 * }</pre>
 *
 * <p><b>Connecting.</b> The timeout covers the source of the credentials, the driver's connection attempt and the
 * statements that set up the connection. The attempt runs on the thread that calls {@link #create}. In a pool, this is
 * a thread of its connect executor. The call returns when the driver has returned. Well-known drivers receive the
 * timeout as their own limit; see {@link JdbcEndpoint#url}. When another driver ignores both its limit and interrupts,
 * the pool abandons the attempt and counts it. A name that is not configured causes an {@link IllegalArgumentException}
 * that lists the known names. A pool reports it as the cause of its {@code ConnectionCreateException}.
 *
 * <p><b>Leases.</b> A lease holds a view that ends with the lease. Later calls on the view and on its statements throw
 * an {@link SQLException} with SQLState 08003. Closing the view ends its use. It also ends the lease if the view came
 * from a {@code DataSource}.
 *
 * <p><b>Between leases,</b> the manager closes what was left open, rolls back an open transaction, and restores changed
 * settings. These are autocommit, read-only, isolation, catalog, schema, holdability, client info, type map, network
 * timeout and warnings. A setting that the driver does not support has not changed. When the driver can set but not
 * read a setting, the pool discards the connection.
 *
 * <p>The driver hears where the work of a holder begins and ends: {@link Connection#beginRequest} before a lease and
 * {@link Connection#endRequest} after its reset. A driver without these methods is not called.
 *
 * <p>A lease that has left nothing behind costs nothing more. For any other lease, a thread of the manager does the work
 * while the connection counts as pending. With {@code resetOnClose}, the thread that closes the connection of a
 * {@code DataSource} does it. Code that got the driver's own connection by {@code unwrap} may have changed anything, so
 * all settings are then read and compared. A reset that fails discards the connection.
 *
 * <p>Changes by SQL text ({@code SET}, temporary tables) are not detected. The exception is a transaction that a text
 * begins ({@code BEGIN}, {@code START TRANSACTION}, {@code SAVEPOINT}, {@code SET AUTOCOMMIT}). It is detected behind
 * any comment and in any method.
 *
 * <p><b>Death.</b> Any call on the view may throw an exception that says that the connection is gone. The manager then
 * marks the connection, and the connection does not return to the pool. The aliveness check is
 * {@link Connection#isValid}, limited by the network timeout if the driver has one.
 *
 * <p><b>Roles.</b> When an endpoint or a group requires a {@link DatabaseRole}, a database that has another role fails the
 * connection attempt and the aliveness check with {@link DatabaseRoleException}. The pool then checks the other connections
 * of the endpoint before their next lease. See {@link JdbcEndpoint#role}.
 *
 * <p><b>Threads.</b> Any number of threads and pools may use the manager. Several threads may use a view one after
 * another, like its driver's connection.
 *
 * <p><b>Closing.</b> {@link #close()} ends the manager's threads. Call it after the pools are closed.
 */
public final class JdbcConnectionManager implements ConnectionManager<String, Connection>, AutoCloseable {
    private static final long KEEP_ALIVE_SECONDS = 5;
    /** How many names an error lists. */
    private static final int MOST_NAMES = 20;

    private static final Set<ManagerHook> HOOKS = Set.of(
            ManagerHook.CHECK_ALIVENESS,
            ManagerHook.ON_RELEASE,
            ManagerHook.RESET_ASYNC,
            ManagerHook.LEND,
            ManagerHook.BIND,
            ManagerHook.IS_FATAL,
            ManagerHook.IS_TOO_MANY,
            ManagerHook.ADDRESSES);

    private final String name;
    private final Map<String, JdbcEndpoint> endpoints;
    private final @Nullable Function<? super String, ? extends @Nullable JdbcEndpoint> finder;
    private final Drivers drivers;
    private final JdbcSettings settings;
    private final DatabaseRoles roles = new DatabaseRoles();
    private final HostResolver resolver;
    private volatile boolean closed;

    JdbcConnectionManager(JdbcConnectionManagerBuilder builder) {
        this.name = builder.name;
        this.endpoints = Map.copyOf(builder.endpoints);
        this.finder = builder.finder;
        boolean needsDrivers = finder != null || endpoints.values().stream().anyMatch(JdbcEndpoint::isByUrl);
        this.drivers = needsDrivers ? Drivers.visibleHere() : Drivers.none();
        this.resolver = builder.resolver;
        this.settings = new JdbcSettings(
                PoolThreads.newExecutor(name + "-", builder.virtualThreads, KEEP_ALIVE_SECONDS),
                guarded(builder.isGone),
                builder.resetsOnClose);
    }

    /** A user's test that throws leaves it open whether the connection is gone; then it is not used again. */
    private static Predicate<SQLException> guarded(Predicate<? super SQLException> test) {
        return failure -> {
            try {
                return test.test(failure);
            } catch (RuntimeException | Error e) {
                return true;
            }
        };
    }

    /**
     * Returns a new builder.
     *
     * @return a new builder
     */
    public static JdbcConnectionManagerBuilder builder() {
        return new JdbcConnectionManagerBuilder();
    }

    /**
     * Tells whether an exception says that its connection is gone, or one chained to it by
     * {@link SQLException#getNextException()} does. It checks for SQLStates of class 08, and for those with which
     * servers end sessions (57P01 to 57P05, 25P03, 25P04, 01002, JZ0C0, JZ0C1). It also checks for the exception types
     * with that meaning.
     *
     * @param failure the exception
     * @return true when the connection is gone
     */
    public static boolean isConnectionGone(SQLException failure) {
        return SqlStates.isConnectionGone(failure);
    }

    Map<String, JdbcEndpoint> endpoints() {
        return endpoints;
    }

    /** The endpoint of a name. */
    JdbcEndpoint endpoint(String endpoint) {
        JdbcEndpoint found = endpoints.get(Objects.requireNonNull(endpoint, "endpoint"));
        if (found == null && finder != null) {
            found = finder.apply(endpoint);
        }
        if (found == null) {
            throw new IllegalArgumentException(
                    "endpoint must be one of " + knownNames() + ", but is " + SafeText.label(endpoint));
        }
        return found;
    }

    /** Whether the endpoint is known without a look at what {@link JdbcConnectionManagerBuilder#endpoints} finds. */
    boolean isConfigured(String endpoint) {
        return endpoints.containsKey(Objects.requireNonNull(endpoint, "endpoint"));
    }

    /** The error of a call that takes the name of an endpoint only, and was given that of a group. */
    IllegalArgumentException groupIsNoEndpoint(String group, IllegalArgumentException cause) {
        return new IllegalArgumentException(
                "endpoint must be one of " + knownNames() + ", but " + SafeText.label(group)
                        + " is a group; use group(name) of the JdbcPool, or groups() of its pool",
                cause);
    }

    /** Throws when a group would hide an endpoint. */
    void checkGroupName(String group) {
        if (endpoints.containsKey(Objects.requireNonNull(group, "name"))) {
            throw new IllegalArgumentException("group " + SafeText.label(group)
                    + " must have a name of its own, but there is an endpoint with this name");
        }
    }

    DatabaseRoles roles() {
        return roles;
    }

    private String knownNames() {
        String names = new TreeSet<>(endpoints.keySet())
                .stream().limit(MOST_NAMES).map(SafeText::label).collect(Collectors.joining(", "));
        int more = endpoints.size() - MOST_NAMES;
        return "[" + names + (more > 0 ? ", and " + more + " more]" : "]");
    }

    @Override
    public Optional<Set<ManagerHook>> hooks() {
        return Optional.of(HOOKS);
    }

    @Override
    public Connection create(String endpoint, Duration timeout) throws Exception {
        JdbcEndpoint target = endpoint(endpoint);
        if (closed) {
            throw new IllegalStateException("the manager " + SafeText.label(name) + " was closed");
        }
        return new Connecting(endpoint, target, drivers, settings, roles.checkOf(endpoint, target)).connect(timeout);
    }

    @Override
    public void bind(String endpoint, Connection connection, ConnectionSignals signals) {
        own(connection).bind(signals);
    }

    @Override
    public boolean checkAliveness(String endpoint, Connection connection, Duration timeout) throws SQLException {
        return own(connection).isAlive(timeout);
    }

    @Override
    public Connection lend(String endpoint, Connection connection, LeaseScope scope) throws SQLException {
        return own(connection).lend(scope);
    }

    @Override
    public void onRelease(String endpoint, Connection connection) throws SQLException {
        own(connection).released();
    }

    @Override
    public CompletionStage<?> resetAsync(String endpoint, Connection connection) {
        return own(connection).reset();
    }

    /**
     * Tells whether a failure means that its connection is gone. After any other failure, the reset cleans the
     * connection. An {@link Error} may have left the driver in an unknown state, and counts as fatal.
     */
    @Override
    public boolean isFatal(String endpoint, Connection connection, Throwable failure) {
        if (failure instanceof Error || own(connection).isDead()) {
            return true;
        }
        for (Throwable cause : CauseChain.all(failure)) {
            if (cause instanceof SQLException sql && settings.isGone().test(sql)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Tells whether the server has reached its maximum number of connections: SQLState 53300, or the error codes 1040,
     * 1203 and 1226 of MySQL and MariaDB. The pool then opens no more connections for a while, and waiting requests
     * keep waiting for the existing ones.
     */
    @Override
    public boolean isTooMany(String endpoint, Throwable failure) {
        return SqlStates.saysTooMany(failure);
    }

    /**
     * Finds the addresses of the hosts in the endpoint's URL, or of its {@link JdbcEndpoint#watchedHosts}. Hosts that are
     * addresses themselves have none that could change.
     */
    @Override
    public Set<InetAddress> addresses(String endpoint) throws UnknownHostException {
        return resolver.resolveAll(endpoint(endpoint).hosts());
    }

    @Override
    public void dispose(String endpoint, Connection connection, Duration timeout) throws SQLException {
        dispose(endpoint, connection, DisposeReason.INVALIDATED, timeout);
    }

    @Override
    public void dispose(String endpoint, Connection connection, DisposeReason reason, Duration timeout)
            throws SQLException {
        own(connection).dispose(reason, timeout);
    }

    private static PhysicalConnection own(Connection connection) {
        if (connection instanceof PhysicalConnection own) {
            return own;
        }
        throw new IllegalArgumentException("connection must be one this manager has made, but is a "
                + connection.getClass().getName());
    }

    /**
     * Ends the manager's threads as soon as their current work has ended. Connection attempts fail from now on.
     * Idempotent.
     */
    @Override
    public void close() {
        closed = true;
        settings.threads().shutdown();
    }

    @Override
    public String toString() {
        return "JdbcConnectionManager(" + SafeText.label(name) + ", " + knownNames() + ")";
    }
}
