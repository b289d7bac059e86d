package io.genericpool.jdbc;

import io.genericpool.DisposeReason;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import io.genericpool.support.CauseChain;
import io.genericpool.support.PoolThreads;
import io.genericpool.support.SafeText;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Makes JDBC connections for a pool whose endpoints are names. {@link JdbcPool} puts it together with a pool and gives a
 * {@code DataSource} for each name; this is for those who build the pool themselves.
 *
 * <pre>{@code
 * var manager = JdbcConnectionManager.builder()
 *         .endpoint("master", JdbcEndpoint.url(url).credentials(user, password))
 *         .build();
 * var pool = ConnectionPools.builder(manager).maxSize(20).build();
 * }</pre>
 *
 * <p><b>Connecting.</b> The timeout covers the source of the credentials, the driver's connect and what a connection
 * begins with. It runs on the thread that calls {@link #create}, which in a pool is one of its connect executor, and returns
 * when the driver has; well-known drivers are given the timeout as a bound of their own, see {@link JdbcEndpoint#url}. Of
 * another one that heeds neither that nor an interrupt the pool abandons the connect, and counts it. A name that is not configured is an {@link IllegalArgumentException} with the known ones,
 * which a pool gives as the cause of its {@code ConnectionCreateException}.
 *
 * <p><b>What a lease gives</b> is a view that ends with the lease: from then on its calls, and those of its statements,
 * throw an {@link SQLException} with SQLState 08003. Closing the view ends its use, and the lease if the view was got from
 * a {@code DataSource}.
 *
 * <p><b>Between leases</b> what was left open is closed, an open transaction rolled back, and what was changed set back:
 * autocommit, read-only, isolation, catalog, schema, holdability, client info, type map, network timeout, warnings. What the
 * driver does not support has not changed; what it can set and not read costs the connection. A
 * lease that has left nothing behind costs nothing; for any other the work is done on a thread of the manager's, while the
 * connection counts as pending; or, by {@code resetOnClose}, on the thread that closes the connection of a {@code
 * DataSource}. Whoever got the driver's own connection by {@code unwrap} may have done anything: all
 * settings are read and compared then. What SQL text changes ({@code SET}, temporary tables) is not noticed, except for a
 * transaction that a text begins ({@code BEGIN}, {@code START TRANSACTION}, {@code SAVEPOINT}, {@code SET AUTOCOMMIT}), whatever
 * comment stands before it and whatever method carries it. A reset that fails discards the connection.
 *
 * <p><b>Death.</b> An exception that says that the connection is gone, from whatever call on the view, marks it: it does
 * not go back to the pool. The aliveness check is {@link Connection#isValid}, bounded by the network timeout where the
 * driver has one.
 *
 * <p><b>Threads.</b> The manager may be used by any number of threads and pools. A view may be used by several threads
 * one after the other, as its driver's connection.
 *
 * <p><b>Closing.</b> {@link #close()} lets the manager's threads end; call it after the close of the pools.
 */
public final class JdbcConnectionManager implements ConnectionManager<String, Connection>, AutoCloseable {
    private static final long KEEP_ALIVE_SECONDS = 5;
    /** How many names an error lists. */
    private static final int MOST_NAMES = 20;

    private final String name;
    private final Map<String, JdbcEndpoint> endpoints;
    private final Drivers drivers;
    private final JdbcSettings settings;
    private volatile boolean closed;

    JdbcConnectionManager(JdbcConnectionManagerBuilder builder) {
        this.name = builder.name;
        this.endpoints = Map.copyOf(builder.endpoints);
        this.drivers =
                endpoints.values().stream().anyMatch(JdbcEndpoint::isByUrl) ? Drivers.visibleHere() : Drivers.none();
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
     * Begins to configure a manager.
     *
     * @return a new builder
     */
    public static JdbcConnectionManagerBuilder builder() {
        return new JdbcConnectionManagerBuilder();
    }

    /**
     * Whether an exception, or one it is chained to by {@link SQLException#getNextException()}, says that its connection
     * is gone: SQLStates of class 08, those with which servers end sessions (57P01 to 57P05, 25P03, 25P04, 01002, JZ0C0,
     * JZ0C1), and the exception types that say so.
     *
     * @param failure the exception
     * @return whether it does
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
        if (found == null) {
            throw new IllegalArgumentException(
                    "endpoint must be one of " + knownNames() + ", but is " + SafeText.label(endpoint));
        }
        return found;
    }

    private String knownNames() {
        String names = new TreeSet<>(endpoints.keySet())
                .stream().limit(MOST_NAMES).map(SafeText::label).collect(Collectors.joining(", "));
        int more = endpoints.size() - MOST_NAMES;
        return "[" + names + (more > 0 ? ", and " + more + " more]" : "]");
    }

    @Override
    public Connection create(String endpoint, Duration timeout) throws Exception {
        JdbcEndpoint target = endpoint(endpoint);
        if (closed) {
            throw new IllegalStateException("the manager " + SafeText.label(name) + " was closed");
        }
        return new Connecting(endpoint, target, drivers, settings).connect(timeout);
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
    public Connection lend(String endpoint, Connection connection, LeaseScope scope) {
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
     * Whether a failure means that its connection is gone; any other leaves a connection that the reset makes clean again.
     * An {@link Error} may have left the driver half-way, and counts too.
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
     * Whether the server has as many connections as it takes: SQLState 53300, and what MySQL and MariaDB say by the error
     * codes 1040, 1203 and 1226. The pool then makes do with those it has for a while, and who waits goes on waiting for
     * these.
     */
    @Override
    public boolean isTooMany(String endpoint, Throwable failure) {
        return SqlStates.saysTooMany(failure);
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

    /** Lets the manager's threads end as soon as what they do has ended; connects fail from now on. Idempotent. */
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
