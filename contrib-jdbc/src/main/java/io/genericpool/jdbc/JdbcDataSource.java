package io.genericpool.jdbc;

import io.genericpool.ConnectionPool;
import java.sql.Connection;
import javax.sql.DataSource;

/**
 * A {@link DataSource} of a {@link JdbcPool} that tells its pool and its endpoint. {@link JdbcPool#dataSource(String)}
 * describes its connections and errors. Thread-safe.
 */
public interface JdbcDataSource extends DataSource {
    /**
     * Returns the pool the connections come from.
     *
     * @return the pool, as {@link JdbcPool#pool()} returns it
     */
    ConnectionPool<String, Connection> pool();

    /**
     * Returns the endpoint that {@link #getConnection()} leases from.
     *
     * @return its name in the pool
     */
    String endpoint();
}
