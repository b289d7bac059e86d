package io.genericpool.jdbc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.genericpool.testkit.FixedPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;

/** A MariaDB server of the tests' own, where its programs are installed; started when the first test asks. */
final class MariaDbServer {
    static final String USER = "app";
    static final String PASSWORD = "first-secret";

    private static final long START_SECONDS = 60;

    private static MariaDbServer running;

    private final Path directory;
    private final int port;

    private MariaDbServer() throws IOException {
        directory = Files.createTempDirectory("mariadb");
        port = FixedPort.find();
    }

    /** Skips the test where there is no server to be had. */
    static synchronized MariaDbServer get() throws Exception {
        assumeTrue(program("mariadbd", "mysqld").isPresent(), "no mariadbd or mysqld is installed");
        assumeTrue(program("mariadb-install-db").isPresent(), "no mariadb-install-db is installed");
        if (running == null) {
            var server = new MariaDbServer();
            server.start();
            running = server;
        }
        return running;
    }

    private static Optional<Path> program(String... names) {
        List<String> folders = new ArrayList<>(List.of(System.getenv("PATH").split(":")));
        folders.addAll(List.of("/usr/sbin", "/usr/libexec", "/usr/local/sbin"));
        return Stream.of(names)
                .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    String url(String vendor) {
        return "jdbc:" + vendor + "://127.0.0.1:" + port + "/shop";
    }

    private void start() throws Exception {
        Path data = directory.resolve("data");
        String user = "--user=" + System.getProperty("user.name");
        run(
                program("mariadb-install-db").orElseThrow().toString(),
                "--no-defaults",
                "--datadir=" + data,
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                user);
        Process server = begin(
                program("mariadbd", "mysqld").orElseThrow().toString(),
                "--no-defaults",
                "--datadir=" + data,
                "--socket=" + directory.resolve("socket"),
                "--pid-file=" + directory.resolve("pid"),
                "--bind-address=127.0.0.1",
                "--port=" + port,
                user);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
        awaitStart(server);
    }

    private Process begin(String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private void run(String... command) throws Exception {
        Process process = begin(command);
        if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(command[0] + " failed: " + log());
        }
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("log"));
    }

    private void awaitStart(Process server) throws Exception {
        try (var connection = await().atMost(Duration.ofSeconds(START_SECONDS))
                        .failFast("the server does not start", () -> !server.isAlive())
                        .ignoreExceptionsInstanceOf(SQLException.class)
                        .until(this::administrator, Objects::nonNull);
                var statement = connection.createStatement()) {
            statement.execute("create database shop");
            statement.execute("create database other");
            statement.execute("create user " + USER + "@'127.0.0.1' identified by '" + PASSWORD + "'");
            statement.execute("grant all on *.* to " + USER + "@'127.0.0.1'");
        } catch (ConditionTimeoutException | TerminalFailureException e) {
            throw new IllegalStateException("the server does not start: " + log(), e);
        }
    }

    void administer(String sql) throws SQLException {
        try (var connection = administrator();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection administrator() throws SQLException {
        return DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/mysql?user=root");
    }

    private void stop(Process server) {
        server.destroyForcibly();
        try (var files = Files.walk(directory)) {
            server.waitFor(START_SECONDS, TimeUnit.SECONDS);
            files.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
