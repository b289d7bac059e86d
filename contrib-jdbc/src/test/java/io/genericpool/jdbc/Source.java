package io.genericpool.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** A {@code DataSource} that does what a test says. */
final class Source extends AbstractDataSource {
    private final Connecting connecting;

    interface Connecting {
        Connection connect() throws SQLException;
    }

    Source(Connecting connecting) {
        this.connecting = connecting;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return connecting.connect();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return connecting.connect();
    }
}
