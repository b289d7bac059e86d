package io.genericpool.examples.shop;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** A primary PostgreSQL, a replica that follows it, and a server of prices, all on free ports of the loopback address. */
final class LocalServers implements AutoCloseable {
    private static final String TABLE =
            "create table orders (id int generated always as identity primary key, symbol text, price numeric)";

    private final Deque<AutoCloseable> started;
    private final Map<String, Object> properties;

    private LocalServers(Deque<AutoCloseable> started, Map<String, Object> properties) {
        this.started = started;
        this.properties = properties;
    }

    static LocalServers start() throws IOException, InterruptedException, SQLException {
        var started = new ArrayDeque<AutoCloseable>();
        try {
            return new LocalServers(started, start(started));
        } catch (Throwable failure) {
            close(started, failure); // PostgreSQL would outlive this JVM
            throw failure;
        }
    }

    private static Map<String, Object> start(Deque<AutoCloseable> started)
            throws IOException, InterruptedException, SQLException {
        EmbeddedPostgres master = postgres("master");
        started.push(master);
        EmbeddedPostgres replica = postgres("replica");
        started.push(replica);
        var prices = new PriceServer();
        started.push(prices::stop);
        prices.start();
        execute(master, TABLE, "create publication orders for table orders");
        execute(
                replica,
                TABLE,
                "create subscription orders connection 'host=127.0.0.1 port=" + master.getPort()
                        + " user=postgres dbname=postgres' publication orders");
        return Map.of("shop.master", url(master), "shop.replica", url(replica), "shop.prices", prices.uri());
    }

    private static EmbeddedPostgres postgres(String name) throws IOException {
        return EmbeddedPostgres.builder()
                .setServerConfig("cluster_name", name)
                .setServerConfig("wal_level", "logical")
                .setRegisterShutdownHook(false) // it would end the database while the pools still close
                .start();
    }

    private static void execute(EmbeddedPostgres server, String... texts) throws SQLException {
        try (var connection = DriverManager.getConnection(url(server));
                var statement = connection.createStatement()) {
            for (String text : texts) {
                statement.execute(text);
            }
        }
    }

    private static String url(EmbeddedPostgres server) {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres?user=postgres";
    }

    /** Where they are, for {@code application.yaml}. */
    Map<String, Object> properties() {
        return properties;
    }

    @Override
    public void close() {
        var failure = new IllegalStateException("not all servers are closed");
        close(started, failure);
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }

    /** The last one first: the primary waits for what it still has to send to the replica. */
    private static void close(Deque<AutoCloseable> started, Throwable failure) {
        boolean interrupted = false;
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (InterruptedException e) {
                interrupted = true; // told at the end only, because it would hinder the next ones
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
