package io.genericpool.jdbc;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.jdbc.internal.driver.SqlFailures;
import io.genericpool.jdbc.internal.lent.LentConnection;
import io.genericpool.support.SafeText;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One endpoint of a pool, as a {@code DataSource}. */
final class PoolDataSource implements JdbcDataSource {
    private final ConnectionPool<String, Connection> pool;
    /** For those who unwrap it. */
    private final ConnectionPool<String, Connection> shown;

    private final String endpoint;
    /** Fit for messages. */
    private final String label;

    private final @Nullable DataSource underneath;
    /** Null for the pool's own acquire timeout. */
    private volatile @Nullable Duration loginTimeout;

    PoolDataSource(
            ConnectionPool<String, Connection> pool,
            ConnectionPool<String, Connection> shown,
            String endpoint,
            @Nullable DataSource underneath) {
        this.pool = pool;
        this.shown = shown;
        this.endpoint = endpoint;
        this.label = SafeText.label(endpoint);
        this.underneath = underneath;
    }

    @Override
    public ConnectionPool<String, Connection> pool() {
        return shown;
    }

    @Override
    public String endpoint() {
        return endpoint;
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            Duration timeout = loginTimeout;
            Lease<String, Connection> lease =
                    timeout == null ? pool.connection(endpoint) : pool.connection(endpoint, timeout);
            return viewOf(lease);
        } catch (PoolException e) {
            throw SqlFailures.of(e);
        }
    }

    private static Connection viewOf(Lease<String, Connection> lease) throws SQLException {
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
        if (type.isInstance(underneath)) {
            return type.cast(underneath);
        }
        throw new SQLException("the DataSource of " + label + " wraps no " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this) || type.isInstance(shown) || type.isInstance(underneath);
    }

    @Override
    public String toString() {
        return "DataSource(" + label + ")";
    }
}
