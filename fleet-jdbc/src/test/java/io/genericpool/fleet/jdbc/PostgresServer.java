package io.genericpool.fleet.jdbc;

import io.genericpool.testkit.FixedPort;
import io.genericpool.testkit.RealWait;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /** As its immediate shutdown does: each backend ends at once, and the next start recovers as after a crash. */
    void kill() throws IOException {
        ProcessHandle main = process();
        signal("QUIT", main.pid());
        try {
            main.onExit().get(RealWait.NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IOException("PostgreSQL does not end", e);
        }
        stop();
    }

    /** As STOP does: it keeps its connections and answers nothing, until CONT. */
    void signal(String name) throws IOException {
        ProcessHandle main = process();
        signal(name, main.pid()); // first, so that it makes no more backends
        for (ProcessHandle backend : main.descendants().toList()) {
            signal(name, backend.pid());
        }
    }

    private ProcessHandle process() throws IOException {
        String pid = Files.readAllLines(directory.resolve("postmaster.pid")).get(0);
        return ProcessHandle.of(Long.parseLong(pid.strip()))
                .orElseThrow(() -> new IOException("PostgreSQL does not run, but should as " + pid));
    }

    private static void signal(String name, long pid) throws IOException {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    int port() {
        return port;
    }

    DataSource source() {
        return source(port);
    }

    /** One that connects through what listens at another port. */
    DataSource source(int at) {
        var source = new PGSimpleDataSource();
        source.setURL(url(at));
        source.setConnectTimeout(5);
        return source;
    }

    private static String url(int at) {
        return "jdbc:postgresql://127.0.0.1:" + at + "/postgres?user=postgres";
    }

    void execute(String sql) throws SQLException {
        if (administration == null) {
            administration = DriverManager.getConnection(url(port));
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
