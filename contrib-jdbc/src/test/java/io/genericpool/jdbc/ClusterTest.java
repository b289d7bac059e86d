package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.group.Routing;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** A primary and two standbys that follow it by streaming replication: killed, restarted and promoted, under load. */
@Timeout(180)
class ClusterTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private PostgresCluster cluster;
    private JdbcPool pool;

    @BeforeEach
    void start() throws Exception {
        cluster = PostgresCluster.start(2);
        try (var connection = cluster.server(0).administrator();
                var statement = connection.createStatement()) {
            statement.execute("create table orders (id int)");
            statement.execute("grant all on orders to public");
        }
        cluster.awaitReplication("orders", 0);
    }

    @AfterEach
    void stop() throws Exception {
        pool.close();
        cluster.close();
    }

    /** Each server once per role, and once without one. */
    private JdbcPoolBuilder builder() {
        JdbcPoolBuilder builder = JdbcPool.builder();
        for (int i = 0; i < 3; i++) {
            builder.endpoint("reader" + i, cluster.server(i).endpoint());
            builder.endpoint("writer" + i, cluster.server(i).endpoint());
            builder.endpoint("any" + i, cluster.server(i).endpoint());
        }
        return builder.maxSize(6)
                .acquireTimeout(Duration.ofSeconds(10))
                .wrongRolePause(Duration.ofMillis(500))
                .group("writer", DatabaseRole.WRITER, Routing.inOrder(), "writer0", "writer1", "writer2")
                .group("readers", DatabaseRole.READER, Routing.leastLoaded(), "reader0", "reader1", "reader2")
                .group("all", Routing.leastLoaded(), "any1", "any2");
    }

    private String port(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select inet_server_port()")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private String portOf(String source) throws SQLException {
        try (var connection = pool.dataSource(source).getConnection()) {
            return port(connection);
        }
    }

    @Test
    void eachGroupFindsTheServersOfItsRoleAndFollowsAFailover() throws Exception {
        pool = builder().build();
        String first = Integer.toString(cluster.server(0).port());
        String second = Integer.toString(cluster.server(1).port());
        String third = Integer.toString(cluster.server(2).port());
        for (int i = 0; i < 6; i++) {
            assertThat(portOf("writer")).isEqualTo(first);
            assertThat(portOf("readers")).isIn(second, third);
        }
        cluster.server(0).stop();
        cluster.server(1).promote();
        await().atMost(LONG).ignoreExceptions().until(() -> portOf("writer").equals(second));
        try (var connection = pool.dataSource("writer").getConnection();
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("insert into orders values (1)")).isEqualTo(1);
        }
        // Connections from before the promotion are found out when they are checked.
        await().atMost(LONG).untilAsserted(() -> {
            pool.pool().evict("reader1");
            for (int i = 0; i < 6; i++) {
                assertThat(portOf("readers")).isEqualTo(third);
            }
        });
    }

    @Test
    void noReadFailsThatAnotherReplicaCouldServeWhenOneIsKilledAndRestarted() throws Exception {
        pool = builder().build();
        try (var reads = new Reads(pool.dataSource("readers"), 8)) {
            reads.awaitSuccesses(20, LONG);
            for (int i = 0; i < 2; i++) {
                cluster.server(1).stop();
                reads.awaitSuccesses(50, LONG);
                cluster.server(1).start();
                reads.awaitSuccesses(50, LONG);
            }
            reads.close();
            assertThat(reads.notConnected())
                    .as("requests that got no connection")
                    .isEmpty();
            // What was under way at the server when it went down.
            assertThat(reads.broken())
                    .allSatisfy(e -> assertThat(e.getSQLState()).isIn("57P01", "57P02", "08006", "08003"));
        }
        await().untilAsserted(() -> assertThat(pool.stats().leased()).isZero());
    }

    @Test
    void aReplicaThatCameBackServesAgain() throws Exception {
        pool = builder().build();
        try (var reads = new Reads(pool.dataSource("readers"), 8)) {
            reads.awaitSuccesses(20, LONG);
            cluster.server(1).stop();
            reads.awaitSuccesses(50, LONG);
            long before = leases("readers", "reader1");
            cluster.server(1).start();
            await().atMost(LONG).until(() -> leases("readers", "reader1") > before + 20);
        }
    }

    private long leases(String group, String member) {
        return pool.group(group).stats().leases().get(member);
    }

    @Test
    void whileAStandbyIsPromotedReadsGoOnWithoutAFailure() throws Exception {
        pool = builder().build();
        try (var reads = new Reads(pool.dataSource("readers"), 4)) {
            reads.awaitSuccesses(20, LONG);
            cluster.server(1).promote();
            reads.awaitSuccesses(50, LONG);
            pool.evict("reader1");
            reads.awaitSuccesses(50, LONG);
            long before = leases("readers", "reader1");
            reads.awaitSuccesses(50, LONG);
            assertThat(leases("readers", "reader1")).as("reads at a writer").isEqualTo(before);
            reads.close();
            assertThat(reads.notConnected()).isEmpty();
            assertThat(reads.broken()).isEmpty();
        }
    }

    /** Without a role, a promoted replica is as good for reads as before. */
    @Test
    void aGroupWithoutARoleReadsFromAPrimaryToo() throws Exception {
        pool = builder().build();
        Map<String, Integer> ports = new HashMap<>();
        cluster.server(1).promote();
        for (int i = 0; i < 2; i++) {
            try (var one = pool.dataSource("all").getConnection();
                    var two = pool.dataSource("all").getConnection()) {
                ports.merge(port(one), 1, Integer::sum);
                ports.merge(port(two), 1, Integer::sum);
            }
        }
        assertThat(ports).hasSize(2);
    }

    @Test
    void springSendsReadOnlyTransactionsToTheReadersAndOthersToTheWriter() throws Exception {
        pool = builder().build();
        var source = new LazyConnectionDataSourceProxy(pool.dataSource("writer"));
        source.setReadOnlyDataSource(pool.dataSource("readers"));
        var template = new JdbcTemplate(source);
        var transactions = new DataSourceTransactionManager(source);
        var write = new TransactionTemplate(transactions);
        var read = new TransactionTemplate(transactions);
        read.setReadOnly(true);

        write.executeWithoutResult(status -> template.update("insert into orders values (1)"));
        cluster.awaitReplication("orders", 1);
        Map<String, Object> seen = read.execute(status -> template.queryForMap(
                "select inet_server_port() as port, pg_is_in_recovery() as standby, count(*) as orders from orders"));
        assertThat(seen).containsEntry("standby", true).containsEntry("orders", 1L);
        assertThat(seen.get("port"))
                .isIn(cluster.server(1).port(), cluster.server(2).port());
        assertThatThrownBy(() -> read.executeWithoutResult(status -> template.update("insert into orders values (2)")))
                .hasRootCauseInstanceOf(SQLException.class);

        // A transaction without a statement leases nothing.
        long before = pool.stats().acquires();
        read.executeWithoutResult(status -> {});
        assertThat(pool.stats().acquires()).isEqualTo(before);

        // The next read is served by the other replica when one is down.
        cluster.server(1).stop();
        for (int i = 0; i < 5; i++) {
            Integer port = retried(
                    () -> read.execute(status -> template.queryForObject("select inet_server_port()", Integer.class)));
            assertThat(port).isEqualTo(cluster.server(2).port());
        }
        assertThat(pool.stats().leased()).isZero();
    }

    /** A connection that broke while it was idle may be found out by its user. */
    private static <T> T retried(Supplier<T> work) {
        try {
            return work.get();
        } catch (DataAccessException e) {
            return work.get();
        }
    }
}
