package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.ConnectionManager;
import io.genericpool.testkit.ConnectionManagerContract;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The testkit's suite for managers, on PostgreSQL. */
class PostgresContractTest extends ConnectionManagerContract<String, Connection> {
    private ServerSocket silent;
    private JdbcConnectionManager manager;

    @BeforeEach
    void start() throws Exception {
        silent = new ServerSocket(0); // the kernel accepts, and nobody answers
        int unused;
        try (var socket = new ServerSocket(0)) {
            unused = socket.getLocalPort();
        }
        manager = JdbcConnectionManager.builder()
                .endpoint("database", Postgres.master().endpoint())
                .endpoint("silent", JdbcEndpoint.url("jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/shop"))
                .endpoint("unreachable", JdbcEndpoint.url("jdbc:postgresql://127.0.0.1:" + unused + "/shop"))
                .virtualThreads(false)
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        manager.close();
        silent.close();
    }

    @Override
    protected ConnectionManager<String, Connection> manager() {
        return manager;
    }

    @Override
    protected String endpoint() {
        return "database";
    }

    /** What JDBC says of a closed connection is what the contract calls an illegal state. */
    @Override
    protected void use(Connection connection) throws Exception {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("select 7")) {
            result.next();
            assertThat(result.getInt(1)).isEqualTo(7);
        } catch (SQLException e) {
            throw "08003".equals(e.getSQLState()) ? new IllegalStateException(e) : e;
        }
    }

    @Override
    protected Optional<String> unreachableEndpoint() {
        return Optional.of("unreachable");
    }

    @Override
    protected Optional<String> silentEndpoint() {
        return Optional.of("silent");
    }

    @Override
    protected boolean breakFromServer(Connection connection) throws Exception {
        return Postgres.master().killSessions() > 0;
    }
}
