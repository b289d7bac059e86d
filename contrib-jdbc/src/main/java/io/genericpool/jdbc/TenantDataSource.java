package io.genericpool.jdbc;

import io.genericpool.ConnectionPool;
import io.genericpool.jdbc.internal.driver.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Objects;
import java.util.function.Supplier;

/** The database that a supplier names at each call, such as the one of the current tenant. */
final class TenantDataSource extends LeasingDataSource {
    private final Supplier<String> endpoint;

    /** The pool must refuse names that are not known. */
    TenantDataSource(ConnectionPool<String, Connection> pool, Supplier<String> endpoint) {
        super(pool, pool, "the current tenant");
        this.endpoint = endpoint;
    }

    @Override
    public String endpoint() {
        return Objects.requireNonNull(endpoint.get(), "the supplier of the endpoint returned null");
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            return lease(endpoint());
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new SQLNonTransientConnectionException(e.getMessage(), SqlStates.NO_CONNECT, e);
        }
    }
}
