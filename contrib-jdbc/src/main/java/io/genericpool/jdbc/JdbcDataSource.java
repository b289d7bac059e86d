package io.genericpool.jdbc;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import java.sql.Connection;
import java.util.Optional;
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
     * @return its name in the pool; the name of the group if it leases from a group
     */
    String endpoint();

    /**
     * Returns the group that {@link #getConnection()} leases from.
     *
     * @return the group, or empty if it leases from one endpoint
     */
    default Optional<EndpointGroup<String, Connection>> group() {
        return Optional.empty();
    }
}
