package io.genericpool.jdbc;

import io.genericpool.testkit.FixedPort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;

/** A PostgreSQL server of the tests' own that can be stopped and started again where it was. */
final class PostgresServer implements AutoCloseable {
    static final String USER = "app";

    private final Path directory;
    private final int port;
    private final int maxConnections;
    private EmbeddedPostgres running;

    private PostgresServer(int maxConnections) throws IOException {
        this.directory = Files.createTempDirectory("postgres");
        this.maxConnections = maxConnections;
        this.port = FixedPort.find();
    }

    static PostgresServer start(int maxConnections) throws Exception {
        var server = new PostgresServer(maxConnections);
        server.start();
        server.administer("create role " + USER + " login password 'first secret'");
        server.administer("create database shop owner " + USER);
        return server;
    }

    /** A copy of a server that is stopped, to be started as its standby. */
    static PostgresServer standbyOf(PostgresServer primary) throws IOException {
        var standby = new PostgresServer(primary.maxConnections);
        PostgresCluster.copy(primary.directory, standby.directory);
        Files.createFile(standby.directory.resolve("standby.signal"));
        Files.writeString(
                standby.directory.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=" + primary.port + " user=postgres'\n");
        return standby;
    }

    void start() throws IOException {
        running = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(true)
                .setPort(port)
                .setServerConfig("max_connections", Integer.toString(maxConnections))
                .setServerConfig("superuser_reserved_connections", "1")
                .setServerConfig("reserved_connections", "0")
                .setDataDirectoryCustomizer(PostgresServer::askForPasswords)
                .start();
    }

    /** Of everybody but the administrator. */
    private static void askForPasswords(File data) {
        try {
            Files.writeString(
                    data.toPath().resolve("pg_hba.conf"),
                    "host all postgres all trust\n"
                            + "host replication postgres all trust\n"
                            + "host all all all scram-sha-256\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends all sessions and the server. */
    void stop() throws IOException {
        running.close();
    }

    /** Makes a standby a primary. */
    void promote() throws SQLException {
        if (count("select pg_promote(true, 30)::int") != 1) {
            throw new SQLException("it was not promoted in time");
        }
    }

    int port() {
        return port;
    }

    /** As the user {@link #USER}, whose password it does not hold. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/shop";
    }

    JdbcEndpoint endpoint() {
        return JdbcEndpoint.url(url()).credentials(USER, "first secret");
    }

    Connection administrator() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/shop?user=postgres");
    }

    void administer(String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Ends the sessions of the user, as an administrator or a failover would. @return how many there were */
    int killSessions() throws SQLException {
        return count("select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = '" + USER + "'");
    }

    int sessions() throws SQLException {
        return count("select count(*) from pg_stat_activity where usename = '" + USER + "'");
    }

    int sessionsInTransaction() throws SQLException {
        return count("select count(*) from pg_stat_activity where usename = '" + USER
                + "' and state like 'idle in transaction%'");
    }

    int count(String sql) throws SQLException {
        try (var connection = administrator();
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            result.next();
            return result.getInt(1);
        }
    }

    @Override
    public void close() throws IOException {
        running.close();
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}
