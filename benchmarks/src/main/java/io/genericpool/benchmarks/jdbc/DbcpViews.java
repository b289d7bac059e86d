package io.genericpool.benchmarks.jdbc;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.LeaseScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.DelegatingConnection;

/** The same pool with Commons DBCP's view as it comes, and nothing set back: what its bookkeeping costs. */
final class DbcpViews implements ConnectionManager<String, Connection> {
    private final DataSource database;

    private DbcpViews(DataSource database) {
        this.database = database;
    }

    static Pools.Pool open(DataSource database, int size) {
        ConnectionPool<String, Connection> pool = ConnectionPools.builder(new DbcpViews(database))
                .maxSize(size)
                .minIdle(size)
                .build();
        pool.warmUp("database", size).join();
        return new Pools.Pool(
                () -> {
                    Lease<String, Connection> lease = pool.connection("database");
                    View view = (View) lease.connection();
                    view.lease = lease;
                    return view;
                },
                pool::close);
    }

    @Override
    public Connection create(String endpoint, Duration timeout) throws SQLException {
        return database.getConnection();
    }

    @Override
    public void dispose(String endpoint, Connection connection, Duration timeout) throws SQLException {
        connection.close();
    }

    @Override
    public boolean checkAliveness(String endpoint, Connection connection, Duration timeout) throws SQLException {
        return connection.isValid(1);
    }

    @Override
    public Connection lend(String endpoint, Connection connection, LeaseScope scope) {
        return new View(connection);
    }

    private static final class View extends DelegatingConnection<Connection> {
        private Lease<String, Connection> lease;

        View(Connection connection) {
            super(connection);
        }

        @Override
        public void close() throws SQLException {
            if (!isClosedInternal()) {
                passivate();
                setClosedInternal(true);
                lease.release();
            }
        }
    }
}
