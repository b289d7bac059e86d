package io.genericpool.jdbc;

import io.genericpool.ConnectionPool;
import io.genericpool.support.SafeText;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One endpoint of a pool, as a {@code DataSource}. */
final class PoolDataSource extends LeasingDataSource {
    private final String endpoint;
    private final @Nullable DataSource underneath;

    PoolDataSource(
            ConnectionPool<String, Connection> pool,
            ConnectionPool<String, Connection> shown,
            String endpoint,
            @Nullable DataSource underneath) {
        super(pool, shown, SafeText.label(endpoint));
        this.endpoint = endpoint;
        this.underneath = underneath;
    }

    @Override
    public String endpoint() {
        return endpoint;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return lease(endpoint);
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(underneath) && !super.isWrapperFor(type) ? type.cast(underneath) : super.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return super.isWrapperFor(type) || type.isInstance(underneath);
    }

    /** Transaction managers identify a database by its {@code DataSource}, and one of a tenant is made at each call. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PoolDataSource that && pool() == that.pool() && endpoint.equals(that.endpoint);
    }

    @Override
    public int hashCode() {
        return 31 * System.identityHashCode(pool()) + endpoint.hashCode();
    }
}
