package io.genericpool.jdbc;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Has its own texts for transactions, and few settings. */
class SqliteDriverTest extends DriverContract {
    @TempDir
    Path directory;

    @Override
    JdbcEndpoint endpoint() {
        return JdbcEndpoint.url("jdbc:sqlite:" + directory.resolve("matrix.db"));
    }

    @Override
    JdbcEndpoint refusedEndpoint(String secret) {
        return JdbcEndpoint.url("jdbc:sqlite:" + directory.resolve("nowhere/a.db") + "?password=" + secret);
    }

    @Override
    List<String> beginnings() {
        return List.of("BEGIN", "BEGIN IMMEDIATE", "SAVEPOINT a");
    }
}
