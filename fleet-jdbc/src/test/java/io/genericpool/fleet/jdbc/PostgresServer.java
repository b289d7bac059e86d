package io.genericpool.fleet.jdbc;

import io.genericpool.testkit.FixedPort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL server of the tests' own that can be stopped and started again where it was. */
final class PostgresServer implements AutoCloseable {
    private final Path directory;
    private final int port;
    private EmbeddedPostgres running;
    private Connection administration;

    PostgresServer() throws IOException {
        directory = Files.createTempDirectory("postgres");
        port = FixedPort.find();
        start();
    }

    void start() throws IOException {
        running = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(true)
                .setPort(port)
                .start();
    }

    void stop() throws IOException {
        administration = null;
        running.close();
    }

    DataSource source() {
        var source = new PGSimpleDataSource();
        source.setURL(url());
        source.setConnectTimeout(5);
        return source;
    }

    private String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    void execute(String sql) throws SQLException {
        if (administration == null) {
            administration = DriverManager.getConnection(url());
        }
        try (Statement statement = administration.createStatement()) {
            statement.execute(sql);
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
