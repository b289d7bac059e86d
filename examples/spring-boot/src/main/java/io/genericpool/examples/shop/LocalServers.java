package io.genericpool.examples.shop;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/** A primary PostgreSQL, a replica that follows it, and a server of prices, all on free ports of the loopback address. */
final class LocalServers implements AutoCloseable {
    private static final String TABLE =
            "create table orders (id int generated always as identity primary key, symbol text, price numeric)";

    private final EmbeddedPostgres master;
    private final EmbeddedPostgres replica;
    private final PriceServer prices;

    private LocalServers(EmbeddedPostgres master, EmbeddedPostgres replica, PriceServer prices) {
        this.master = master;
        this.replica = replica;
        this.prices = prices;
    }

    static LocalServers start() throws IOException, InterruptedException, SQLException {
        var servers = new LocalServers(postgres("master"), postgres("replica"), new PriceServer());
        servers.prices.start();
        execute(servers.master, TABLE, "create publication orders for table orders");
        execute(
                servers.replica,
                TABLE,
                "create subscription orders connection 'host=127.0.0.1 port=" + servers.master.getPort()
                        + " user=postgres dbname=postgres' publication orders");
        return servers;
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
    Map<String, Object> properties() throws InterruptedException {
        return Map.of("shop.master", url(master), "shop.replica", url(replica), "shop.prices", prices.uri());
    }

    /** The replica first, because the primary waits for what it still has to send. */
    @Override
    public void close() {
        try {
            prices.stop();
            replica.close();
            master.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
