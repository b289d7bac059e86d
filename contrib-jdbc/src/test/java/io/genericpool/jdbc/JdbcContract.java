package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.ConnectionManager;
import io.genericpool.testkit.ConnectionManagerContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The testkit's suite for managers, on any database. */
abstract class JdbcContract extends ConnectionManagerContract<String, Connection> {
    static final String DATABASE = "database";
    static final String UNREACHABLE = "unreachable";

    private JdbcConnectionManager manager;

    /** A manager of the endpoints above. */
    abstract JdbcConnectionManager build() throws Exception;

    /** Asks the database for 7. */
    abstract int seven(Connection connection) throws SQLException;

    @BeforeEach
    final void start() throws Exception {
        manager = build();
    }

    @AfterEach
    final void stop() {
        manager.close();
    }

    @Override
    protected final ConnectionManager<String, Connection> manager() {
        return manager;
    }

    @Override
    protected final String endpoint() {
        return DATABASE;
    }

    @Override
    protected final Optional<String> unreachableEndpoint() {
        return Optional.of(UNREACHABLE);
    }

    /** What JDBC says of a closed connection is what the contract calls an illegal state. */
    @Override
    protected final void use(Connection connection) throws Exception {
        try {
            assertThat(seven(connection)).isEqualTo(7);
        } catch (SQLException e) {
            throw "08003".equals(e.getSQLState()) ? new IllegalStateException(e) : e;
        }
    }
}
