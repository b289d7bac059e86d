package io.genericpool.jdbc;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.PoolException;
import io.genericpool.jdbc.internal.driver.SqlFailures;
import io.genericpool.jdbc.internal.driver.SqlStates;
import io.genericpool.support.SafeText;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A group of endpoints as a {@code DataSource}: each connection is of the member that serves best at that moment. */
final class GroupDataSource extends LeasingDataSource {
    private final EndpointGroup<String, Connection> group;

    GroupDataSource(
            ConnectionPool<String, Connection> pool,
            ConnectionPool<String, Connection> shown,
            EndpointGroup<String, Connection> group) {
        super(pool, shown, "group " + SafeText.label(group.name()));
        this.group = group;
    }

    @Override
    public String endpoint() {
        return group.name();
    }

    @Override
    public Optional<EndpointGroup<String, Connection>> group() {
        return Optional.of(group);
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            return viewOf(acquire(group));
        } catch (PoolException e) {
            throw SqlFailures.of(e);
        } catch (IllegalStateException e) { // the group is closed
            throw new SQLNonTransientConnectionException(e.getMessage(), SqlStates.NO_CONNECT, e);
        }
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(group) && !super.isWrapperFor(type) ? type.cast(group) : super.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return super.isWrapperFor(type) || type.isInstance(group);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GroupDataSource that && group == that.group;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(group);
    }
}
