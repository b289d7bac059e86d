package io.genericpool.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** In this process, got by a {@code DataSource}, asked by prepared statements. */
class H2ContractTest extends JdbcContract {
    @Override
    JdbcConnectionManager build() {
        return JdbcConnectionManager.builder()
                .endpoint(DATABASE, JdbcEndpoint.dataSource(H2.source("contract")))
                .endpoint(UNREACHABLE, JdbcEndpoint.url("jdbc:h2:tcp://127.0.0.1:1/nothing"))
                .build();
    }

    @Override
    int seven(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement("select ?")) {
            statement.setInt(1, 7);
            try (var result = statement.executeQuery()) {
                result.next();
                return result.getInt(1);
            }
        }
    }

    @Override
    protected boolean breakFromServer(Connection connection) throws Exception {
        connection.unwrap(org.h2.jdbc.JdbcConnection.class).getSession().close();
        return true;
    }
}
