package io.genericpool.jdbc;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.jdbc.internal.driver.SqlFailures;
import io.genericpool.jdbc.internal.lent.LentConnection;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What the {@code DataSource}s of a pool have in common: leases as connections, the login timeout, what they refuse. */
abstract class LeasingDataSource implements JdbcDataSource {
    private final ConnectionPool<String, Connection> pool;
    /** For users. */
    private final ConnectionPool<String, Connection> shown;
    /** Fit for messages. */
    private final String label;
    /** Null for the pool's own acquire timeout. */
    private volatile @Nullable Duration loginTimeout;

    LeasingDataSource(ConnectionPool<String, Connection> pool, ConnectionPool<String, Connection> shown, String label) {
        this.pool = pool;
        this.shown = shown;
        this.label = label;
    }

    @Override
    public final ConnectionPool<String, Connection> pool() {
        return shown;
    }

    /** A connection that ends its lease when it is closed. */
    final LentConnection lease(String endpoint) throws SQLException {
        try {
            return viewOf(acquire(endpoint));
        } catch (PoolException e) {
            throw SqlFailures.of(e);
        }
    }

    /** With the pool's own errors. */
    final Lease<String, Connection> acquire(String endpoint) {
        Duration timeout = loginTimeout;
        return timeout == null ? pool.connection(endpoint) : pool.connection(endpoint, timeout);
    }

    /** With the pool's own errors. */
    final Lease<String, Connection> acquire(EndpointGroup<String, Connection> group) {
        Duration timeout = loginTimeout;
        return timeout == null ? group.connection() : group.connection(timeout);
    }

    static LentConnection viewOf(Lease<String, Connection> lease) throws SQLException {
        LentConnection view;
        try {
            view = (LentConnection) lease.connection();
        } catch (IllegalStateException e) {
            throw SqlFailures.closed(e); // by a close of the pool whose deadline has passed already
        }
        view.closesLease(lease);
        return view;
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException(
                "connections to " + label + " are shared and use the endpoint's own user; call getConnection()");
    }

    /** The time an acquire may take, in seconds; 0 for the pool's own. */
    @Override
    public int getLoginTimeout() {
        Duration timeout = loginTimeout;
        return timeout == null ? 0 : (int) timeout.toSeconds();
    }

    /** Sets the time an acquire may take by way of this object, in seconds; 0 for the pool's own. */
    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        if (seconds < 0) {
            throw new SQLException("loginTimeout must be at least 0, but is " + seconds);
        }
        loginTimeout = seconds == 0 ? null : Duration.ofSeconds(seconds);
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException("a log writer is not supported: the pool logs to SLF4J");
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("a log writer is not supported: the pool logs to SLF4J");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        if (type.isInstance(shown)) {
            return type.cast(shown);
        }
        throw new SQLException("the DataSource of " + label + " wraps no " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this) || type.isInstance(shown);
    }

    @Override
    public String toString() {
        return "DataSource(" + label + ")";
    }
}
