package io.genericpool.reliability.sockets;

import io.genericpool.jdbc.JdbcConnectionManager;
import io.genericpool.jdbc.JdbcEndpoint;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions of a PostgreSQL server through faults. */
@Timeout(value = 900, unit = TimeUnit.SECONDS)
class JdbcSocketStormTest {
    /** A login has some 400 bytes from the server, a query some 70. */
    private static final int BYTES = 1_000;

    /** Held here, since a logger's level is lost with the logger: the driver warns of each fault. */
    private static final List<Logger> TALKATIVE =
            List.of(Logger.getLogger("org.postgresql"), Logger.getLogger("io.zonky"));

    @BeforeAll
    static void hush() {
        TALKATIVE.forEach(logger -> logger.setLevel(Level.SEVERE));
    }

    @Test
    void sessionsThroughFaultsLeaveNothingWrongAndNothingBehind() throws Exception {
        try (var server = EmbeddedPostgres.builder()
                .setServerConfig("max_connections", "100")
                .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
                .start()) {
            Storms.leaveNothingBehind("JDBC", (kind, connects) -> run(kind, connects, server));
        }
    }

    private static void run(String kind, int connects, EmbeddedPostgres server) throws Exception {
        try (var proxy = new FaultyProxy(server.getPort(), new FaultPlans(SocketStorm.SEED, BYTES));
                var manager = JdbcConnectionManager.builder()
                        .endpoint("database", endpoint(proxy))
                        .build()) {
            Storms.run(kind, connects, manager, "database", proxy, JdbcSocketStormTest::ask);
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> sessions(server) == 0);
    }

    /** The driver's own timeouts are in seconds: they end what the pool has given up. */
    private static JdbcEndpoint endpoint(FaultyProxy proxy) {
        return JdbcEndpoint.url("jdbc:postgresql://127.0.0.1:" + proxy.port()
                        + "/postgres?sslmode=disable&gssEncMode=disable&connectTimeout=1&socketTimeout=1")
                .property("ApplicationName", "storm")
                .credentials("postgres", "postgres");
    }

    private static String ask(Connection connection, String text, Duration timeout) throws SQLException {
        try (var statement = connection.prepareStatement("select ?::text")) {
            statement.setString(1, text);
            try (var result = statement.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    private static int sessions(EmbeddedPostgres server) throws SQLException {
        try (var connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement();
                var result = statement.executeQuery(
                        "select count(*) from pg_stat_activity where application_name = 'storm'")) {
            result.next();
            return result.getInt(1);
        }
    }
}
