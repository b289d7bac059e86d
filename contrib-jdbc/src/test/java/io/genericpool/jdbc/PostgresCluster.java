package io.genericpool.jdbc;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL primary and standbys that follow it by streaming replication. */
final class PostgresCluster implements AutoCloseable {
    private final List<PostgresServer> servers = new ArrayList<>();

    /** The first server is the primary. The standbys begin as copies of its files. */
    static PostgresCluster start(int standbys) throws Exception {
        var cluster = new PostgresCluster();
        try {
            PostgresServer primary = PostgresServer.start(50);
            cluster.servers.add(primary);
            primary.stop();
            for (int i = 0; i < standbys; i++) {
                cluster.servers.add(PostgresServer.standbyOf(primary));
            }
            primary.start();
            for (PostgresServer standby : cluster.servers.subList(1, 1 + standbys)) {
                standby.start();
            }
            return cluster;
        } catch (Throwable e) {
            cluster.close();
            throw e;
        }
    }

    PostgresServer server(int number) {
        return servers.get(number);
    }

    /** Waits until all running standbys have what the primary has committed so far. */
    void awaitReplication(String table, int rows) {
        for (PostgresServer server : servers) {
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> server.count("select count(*) from " + table) == rows);
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Path target = to.resolve(from.relativize(file).toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(file, target);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @Override
    public void close() throws IOException {
        for (PostgresServer server : servers) {
            server.close();
        }
    }
}
