package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.ConnectionManager;
import io.genericpool.testkit.ConnectionManagerContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** The testkit's suite for managers, on a database in this process, got by a {@code DataSource}. */
class H2ContractTest extends ConnectionManagerContract<String, Connection> {
    private final JdbcConnectionManager manager = JdbcConnectionManager.builder()
            .endpoint("database", JdbcEndpoint.dataSource(H2.source("contract")))
            .endpoint("unreachable", JdbcEndpoint.url("jdbc:h2:tcp://127.0.0.1:1/nothing"))
            .build();

    @AfterEach
    void stop() {
        manager.close();
    }

    @Override
    protected ConnectionManager<String, Connection> manager() {
        return manager;
    }

    @Override
    protected String endpoint() {
        return "database";
    }

    @Override
    protected void use(Connection connection) throws Exception {
        try (var statement = connection.prepareStatement("select ?")) {
            statement.setInt(1, 7);
            try (var result = statement.executeQuery()) {
                result.next();
                assertThat(result.getInt(1)).isEqualTo(7);
            }
        } catch (SQLException e) {
            throw "08003".equals(e.getSQLState()) ? new IllegalStateException(e) : e;
        }
    }

    @Override
    protected Optional<String> unreachableEndpoint() {
        return Optional.of("unreachable");
    }

    @Override
    protected boolean breakFromServer(Connection connection) throws Exception {
        connection.unwrap(org.h2.jdbc.JdbcConnection.class).getSession().close();
        return true;
    }
}
