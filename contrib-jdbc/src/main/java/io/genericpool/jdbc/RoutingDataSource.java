package io.genericpool.jdbc;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.jdbc.internal.driver.SqlFailures;
import io.genericpool.jdbc.internal.lent.LentConnection;
import io.genericpool.support.SafeText;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A primary and its replicas as one {@code DataSource}. Its connections lease at their first statement, when it is known
 * whether the work is read-only.
 */
final class RoutingDataSource extends LeasingDataSource {
    private final String primary;
    /** The replicas, and the primary where none of them can serve; null when there are no replicas. */
    private final @Nullable EndpointGroup<String, Connection> readers;
    /** Of the primary, as long as nothing else was set; the driver's own default is true. */
    private final boolean autoCommit;

    RoutingDataSource(
            ConnectionPool<String, Connection> pool,
            ConnectionPool<String, Connection> shown,
            String primary,
            @Nullable EndpointGroup<String, Connection> readers,
            boolean autoCommit) {
        super(pool, shown, SafeText.label(primary) + " and its replicas");
        this.primary = primary;
        this.readers = readers;
        this.autoCommit = autoCommit;
    }

    /** The primary. */
    @Override
    public String endpoint() {
        return primary;
    }

    /** Never waits, and never fails. */
    @Override
    public Connection getConnection() {
        return new RoutingConnection(this, autoCommit).connection();
    }

    /** A connection of the primary, or of the best member for work that is read-only. */
    Leased leased(boolean readOnly) throws SQLException {
        if (!readOnly || readers == null) {
            return new Leased(primary, lease(primary));
        }
        try {
            Lease<String, Connection> lease = acquire(readers);
            return new Leased(lease.endpoint(), viewOf(lease));
        } catch (PoolException e) {
            throw SqlFailures.of(e);
        }
    }

    /**
     * A connection, and the endpoint it is of.
     *
     * @param endpoint the name of the endpoint
     * @param connection closes its lease
     */
    record Leased(String endpoint, LentConnection connection) {}

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RoutingDataSource that
                && pool() == that.pool()
                && primary.equals(that.primary)
                && readers == that.readers;
    }

    @Override
    public int hashCode() {
        return 31 * primary.hashCode() + System.identityHashCode(readers);
    }
}
