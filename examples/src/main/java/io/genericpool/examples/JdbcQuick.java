package io.genericpool.examples;

import io.genericpool.examples.watch.Consoled;
import io.genericpool.jdbc.Credentials;
import io.genericpool.jdbc.JdbcEndpoint;
import io.genericpool.jdbc.JdbcPool;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** The JDBC plug-in as docs/jdbc.md shows it. Run by itself, it moves money about in two H2 databases. */
public final class JdbcQuick {
    private static final int ACCOUNTS = 10;
    private static final int TRANSFERS = 1000;

    private JdbcQuick() {}

    static JdbcPool pool(String masterUrl, String replicaUrl, Supplier<String> password) {
        return JdbcPool.builder()
                .endpoint(
                        "master",
                        JdbcEndpoint.url(masterUrl)
                                .credentials(() -> Credentials.of("shop", password.get()))) // asked at each connect
                .endpoint(
                        "replica",
                        JdbcEndpoint.url(replicaUrl).credentials("reader", "").readOnly(true))
                .maxSize(20)
                .acquireTimeout(Duration.ofSeconds(5))
                .maxLifetime(Duration.ofMinutes(30))
                .warmUp(2, "master", "replica")
                .build();
    }

    static void transfer(DataSource source, int from, int to, int amount) throws SQLException {
        try (var connection = source.getConnection();
                var update = connection.prepareStatement("update accounts set balance = balance + ? where id = ?")) {
            connection.setAutoCommit(false);
            update.setInt(1, -amount);
            update.setInt(2, from);
            update.executeUpdate();
            if (to < 0) {
                throw new IllegalArgumentException("no account " + to); // the first half is rolled back
            }
            update.setInt(1, amount);
            update.setInt(2, to);
            update.executeUpdate();
            connection.commit();
        }
    }

    static int total(JdbcPool pool, String database) throws SQLException {
        return pool.use(database, connection -> {
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("select sum(balance) from accounts")) {
                rows.next();
                return rows.getInt(1);
            }
        });
    }

    private static void open(DataSource source) throws SQLException {
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create table accounts (id int primary key, balance int)");
            for (int i = 0; i < ACCOUNTS; i++) {
                statement.execute("insert into accounts values (" + i + ", 100)");
            }
        }
    }

    /** Moves money, each tenth time to an account that does not exist, and counts it at the end. */
    public static void main(String[] args) throws SQLException, IOException {
        try (var pool = pool("jdbc:h2:mem:shop", "jdbc:h2:mem:reports", () -> "secret")) {
            pool.warmedUp().join();
            open(pool.dataSource("master"));
            open(pool.dataSource("replica"));
            int refused = 0;
            for (int i = 0; i < TRANSFERS; i++) {
                try {
                    transfer(pool.dataSource("master"), i % ACCOUNTS, i % 10 == 9 ? -1 : (i + 3) % ACCOUNTS, 5);
                } catch (IllegalArgumentException e) {
                    refused++;
                }
            }
            System.out.println(refused + " of " + TRANSFERS + " transfers refused, "
                    + total(pool, "master") + " in " + ACCOUNTS + " accounts, "
                    + total(pool, "replica") + " in the replica's; "
                    + pool.stats().granted() + " leases of " + pool.stats().created() + " connections");
            Consoled.show(Consoled.isAsked(args), pool.pool());
        }
    }
}
