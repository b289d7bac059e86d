package io.genericpool.jdbc;

import io.genericpool.testkit.RefusingPort;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** On PostgreSQL, got by a URL, asked by plain statements. */
class PostgresContractTest extends JdbcContract {
    private final RefusingPort refusing = new RefusingPort();
    private ServerSocket silent;

    @Override
    JdbcConnectionManager build() throws Exception {
        silent = new ServerSocket(0); // the kernel accepts, and nobody answers
        return JdbcConnectionManager.builder()
                .endpoint(DATABASE, Postgres.master().endpoint())
                .endpoint("silent", JdbcEndpoint.url("jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/shop"))
                .endpoint(UNREACHABLE, JdbcEndpoint.url("jdbc:postgresql://127.0.0.1:" + refusing.number() + "/shop"))
                .virtualThreads(false)
                .build();
    }

    @AfterEach
    void freeThePorts() throws IOException {
        silent.close();
        refusing.close();
    }

    @Override
    int seven(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("select 7")) {
            result.next();
            return result.getInt(1);
        }
    }

    @Override
    protected Optional<String> silentEndpoint() {
        return Optional.of("silent");
    }

    /** A driver that reads from a socket does not, on a thread of the platform. */
    @Override
    protected boolean honoursInterrupts() {
        return false;
    }

    @Override
    protected boolean breakFromServer(Connection connection) throws Exception {
        return Postgres.master().killSessions() > 0;
    }
}
