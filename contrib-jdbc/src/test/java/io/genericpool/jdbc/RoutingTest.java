package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.EndpointGroup;
import io.genericpool.EndpointStats;
import io.genericpool.SuspendMode;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.group.Routing;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Which database a connection leases from, and when. Each database tells its own name. */
@Timeout(60)
class RoutingTest {
    private final AtomicBoolean down = new AtomicBoolean();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean hanging = new AtomicBoolean();
    private final CountDownLatch released = new CountDownLatch(1);
    private final Set<String> hung = ConcurrentHashMap.newKeySet();
    private JdbcPool pool;
    private DataSource source;

    /** Refuses connections while it is down. */
    private DataSource replica(String name) {
        return new AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                if (hanging.get()) {
                    hung.add(name);
                    awaitRelease();
                }
                if (down.get()) {
                    refused.add(name);
                    throw new SQLException("the replica is down", "08001");
                }
                return H2.source(name).getConnection();
            }

            @Override
            public Connection getConnection(String user, String password) throws SQLException {
                return getConnection();
            }
        };
    }

    private void awaitRelease() throws SQLException {
        try {
            released.await();
        } catch (InterruptedException e) {
            throw new SQLException("interrupted", "08001", e);
        }
    }

    @BeforeEach
    void start() throws SQLException {
        pool = JdbcPool.builder()
                .endpoint("primary", H2.source("primary"))
                .endpoint("one", replica("one"))
                .endpoint("two", replica("two"))
                .maxSize(4)
                .acquireTimeout(Duration.ofSeconds(5))
                .pool(pool -> pool.connectGovernor(CircuitGovernor.builder()
                        .failFastAfter(1)
                        .initialBackoff(Duration.ofMillis(50))
                        .maxBackoff(Duration.ofMillis(50))
                        .build()))
                .build();
        source = pool.routingDataSource("primary", "one", "two");
        for (String name : pool.endpoints()) {
            try (var connection = H2.source(name).getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("create table if not exists orders (id int)");
                statement.execute("delete from orders");
            }
        }
    }

    @AfterEach
    void stop() {
        released.countDown();
        pool.close();
    }

    private static String database(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select database()")) {
            rows.next();
            return rows.getString(1).toLowerCase(Locale.ROOT);
        }
    }

    private static int orders(String database) throws SQLException {
        try (var connection = H2.source(database).getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from orders")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private Connection readOnly() throws SQLException {
        Connection connection = source.getConnection();
        connection.setReadOnly(true);
        return connection;
    }

    @Test
    void aGroupServesReadOnlyWorkByItsPolicyAndThePrimaryWhenAllAreDown() throws Exception {
        EndpointGroup<String, Connection> readers =
                pool.pool().group("readers", Routing.inOrder(), List.of("two", "one"));
        source = pool.routingDataSource("primary", readers);
        try (var written = source.getConnection();
                var read = readOnly()) {
            assertThat(List.of(database(written), database(read))).containsExactly("primary", "two");
        }
        readers.members(List.of("one"));
        try (var read = readOnly()) {
            assertThat(database(read)).isEqualTo("one");
        }
        assertThat(source)
                .isEqualTo(pool.routingDataSource("primary", readers))
                .hasSameHashCodeAs(pool.routingDataSource("primary", readers))
                .isNotEqualTo(pool.routingDataSource("primary", "one"))
                .isNotEqualTo(pool.routingDataSource("one", readers));
        down.set(true);
        pool.evict("one");
        try (var read = readOnly()) {
            assertThat(database(read)).isEqualTo("primary");
        }
        down.set(false);
        await().untilAsserted(() -> {
            try (var read = readOnly()) {
                assertThat(database(read)).isEqualTo("one");
            }
        });
    }

    @Test
    void aGroupThatIsClosedLeavesReadOnlyWorkToThePrimary() throws Exception {
        EndpointGroup<String, Connection> readers = pool.pool().group("readers", Routing.inOrder(), List.of("two"));
        source = pool.routingDataSource("primary", readers);
        readers.close();
        try (var read = readOnly()) {
            assertThat(database(read)).isEqualTo("primary");
        }
        assertThatThrownBy(() -> pool.routingDataSource("primary", readers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("readers must be an open group of this pool, but readers is not");
    }

    @Test
    void aConnectionWithoutAStatementLeasesNothing() throws Exception {
        try (var connection = source.getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            connection.commit();
            connection.rollback();
            connection.clearWarnings();
            assertThat((Object) connection.getWarnings()).isNull();
            assertThat(connection.isReadOnly()).isTrue();
            assertThat(connection.getAutoCommit()).isFalse();
            assertThat(connection.isClosed()).isFalse();
        }
        assertThat(pool.stats().acquires()).isZero();
    }

    @Test
    void writesGoToThePrimaryAndReadOnlyWorkToTheReplicaWithTheFewestLeases() throws Exception {
        try (var write = source.getConnection();
                var first = readOnly();
                var second = readOnly();
                var third = readOnly()) {
            assertThat(database(write)).isEqualTo("primary");
            String one = database(first);
            String other = database(second);
            assertThat(one).isIn("one", "two"); // ties by chance
            assertThat(other).isIn("one", "two").isNotEqualTo(one);
            first.close();
            await().until(() -> pool.stats(one).orElseThrow().idle() == 1); // its reset is done
            assertThat(database(third)).isEqualTo(one);
            assertThat(pool.stats().leased()).isEqualTo(3);
        }
        assertThat(pool.stats().leased()).isZero();
    }

    @Test
    void whatWasSetBeforeTheFirstStatementHoldsForIt() throws Exception {
        try (var connection = source.getConnection()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute("insert into orders values (1)");
            }
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            connection.rollback();
            try (var statement = connection.createStatement()) {
                statement.execute("insert into orders values (2)");
            }
            connection.commit();
        }
        assertThat(orders("primary")).isEqualTo(1);
    }

    @Test
    void theChoiceStandsForTheTransaction() throws Exception {
        try (var connection = readOnly()) {
            connection.setAutoCommit(false);
            String chosen = database(connection);
            assertThat(chosen).isIn("one", "two");
            connection.setReadOnly(false);
            assertThat(database(connection)).isEqualTo(chosen);
            connection.setReadOnly(true);
            connection.commit();
            connection.setReadOnly(false);
            assertThat(pool.stats().leased()).isZero();
            assertThat(database(connection)).isEqualTo("primary");
            assertThat(connection.getAutoCommit()).isFalse();
        }
    }

    @Test
    void aStatementThatOutlivesACommitKeepsItsConnectionAndLosesNoWork() throws Exception {
        try (var connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try (var insert = connection.prepareStatement("insert into orders values (1)")) {
                insert.executeUpdate();
                connection.commit();
                connection.setReadOnly(true);
                connection.setReadOnly(false);
                insert.executeUpdate();
                connection.commit();
            }
        }
        assertThat(orders("primary")).isEqualTo(2);
    }

    @Test
    void aFurtherSettingKeepsTheConnectionThatHasIt() throws Exception {
        try (var connection = readOnly()) {
            connection.setSchema("INFORMATION_SCHEMA");
            connection.setReadOnly(false);
            assertThat(connection.getSchema()).isEqualTo("INFORMATION_SCHEMA");
            assertThat(database(connection)).isIn("one", "two");
        }
    }

    @Test
    void aSuspendedReplicaIsLeftOut() throws Exception {
        pool.pool().suspend("one", SuspendMode.FAIL);
        try (var connection = readOnly()) {
            assertThat(database(connection)).isEqualTo("two");
        }
        pool.pool().suspend("two", SuspendMode.WAIT);
        try (var connection = readOnly()) {
            assertThat(database(connection)).isEqualTo("primary");
        }
    }

    @Test
    void replicasThatAreDownAreReplacedByThePrimaryUntilTheyAreBack() throws Exception {
        down.set(true);
        for (int i = 0; i < 4; i++) {
            try (var connection = readOnly()) {
                assertThat(database(connection)).isEqualTo("primary");
            }
        }
        assertThat(refused).containsExactlyInAnyOrder("one", "two");
        down.set(false);
        await().untilAsserted(() -> {
            try (var connection = readOnly()) {
                assertThat(database(connection)).isIn("one", "two");
            }
        });
    }

    /** A peak of reads does not use up the primary. */
    @Test
    void readOnlyWorkWaitsForReplicasThatAreFull() throws Exception {
        List<Connection> held = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            held.add(readOnly());
            assertThat(database(held.get(i))).isIn("one", "two");
        }
        var served = new CompletableFuture<String>();
        var reader = new Thread(() -> {
            try (var connection = readOnly()) {
                served.complete(database(connection));
            } catch (SQLException e) {
                served.completeExceptionally(e);
            }
        });
        reader.start();
        await().until(() -> served.isDone() || pool.stats().waiters() > 0);
        assertThat(served).isNotDone();
        assertThat(pool.stats("primary").map(EndpointStats::total).orElse(0)).isZero();
        held.get(0).close();
        assertThat(served.get(5, TimeUnit.SECONDS)).isIn("one", "two");
        reader.join();
        for (Connection connection : held) {
            connection.close();
        }
    }

    /** Connects to them would last until their timeout. */
    @Test
    void replicasThatHangAreTriedBesideTheRequests() throws Exception {
        down.set(true);
        await().untilAsserted(() -> {
            try (var connection = readOnly()) {
                assertThat(database(connection)).isEqualTo("primary");
            }
            assertThat(refused).containsExactlyInAnyOrder("one", "two");
        });
        hanging.set(true);
        source.setLoginTimeout(1);
        await().untilAsserted(() -> {
            try (var connection = readOnly()) {
                assertThat(database(connection)).isEqualTo("primary");
            }
            assertThat(hung).containsExactlyInAnyOrder("one", "two");
        });
        down.set(false);
        released.countDown();
        await().untilAsserted(() -> {
            try (var connection = readOnly()) {
                assertThat(database(connection)).isIn("one", "two");
            }
        });
    }

    @Test
    void aGroupOfReplicasThatACallerHasClosedIsDoneWithout() throws Exception {
        pool.pool().groups().values().forEach(EndpointGroup::close);
        try (var connection = readOnly()) {
            assertThat(database(connection)).isIn("one", "two");
        }
    }

    /** Any number of them may come and go. */
    @Test
    void replicasOfTenantsLeaveNothingBehindInThePool() throws Exception {
        try (var tenants = JdbcPool.builder()
                .endpoints(name -> JdbcEndpoint.dataSource(name.startsWith("lost") ? replica(name) : H2.source(name)))
                .build()) {
            for (int i = 0; i < 20; i++) {
                DataSource tenant = tenants.routingDataSource("rw" + i, "ro" + i);
                assertThat(tenant).isEqualTo(tenants.routingDataSource("rw" + i, "ro" + i));
                try (var connection = tenant.getConnection()) {
                    connection.setReadOnly(true);
                    assertThat(database(connection)).isEqualTo("ro" + i);
                }
            }
            down.set(true);
            try (var connection = tenants.routingDataSource("rw", "lost").getConnection()) {
                connection.setReadOnly(true);
                assertThat(database(connection)).isEqualTo("rw");
            }
            assertThat(refused).containsExactly("lost");
            assertThat(tenants.pool().groups()).isEmpty();
        }
    }

    @Test
    void springsReadOnlyTransactionsGoToAReplica() {
        var template = new JdbcTemplate(source);
        var transaction = new TransactionTemplate(new DataSourceTransactionManager(source));
        transaction.executeWithoutResult(status -> template.update("insert into orders values (1)"));
        transaction.setReadOnly(true);
        String replica = transaction.execute(status -> template.queryForObject("select database()", String.class));
        assertThat(replica).isIn("ONE", "TWO");
        assertThat(template.queryForObject("select count(*) from orders", Integer.class))
                .isEqualTo(1);
        assertThat(pool.stats().leased()).isZero();
    }

    @Test
    void afterItsCloseAConnectionIsOver() throws Exception {
        Connection connection = source.getConnection();
        assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
        assertThat(connection.isWrapperFor(Connection.class)).isTrue();
        assertThat(connection.equals(connection.unwrap(Connection.class))).isTrue();
        assertThat(connection).isNotEqualTo(source.getConnection());
        assertThat(connection).hasToString("connection of DataSource(primary and its replicas), not leased yet");
        assertThat(connection.isValid(1)).isTrue();
        connection.close();
        connection.close();
        assertThat(connection.isClosed()).isTrue();
        assertThat(connection.isValid(1)).isFalse();
        assertThatThrownBy(connection::createStatement)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08003"));
        assertThat(pool.stats().leased()).isZero();
    }

    @Test
    void anErrorOfTheDatabaseIsThrownAsItIs() throws Exception {
        try (var connection = source.getConnection()) {
            assertThatThrownBy(() -> connection.prepareStatement("select nonsense"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("NONSENSE");
        }
        assertThat(pool.stats().leased()).isZero();
    }

    @Test
    void namesAreCheckedAtOnceAndEqualOnesAreOneDatabaseToATransactionManager() {
        assertThatThrownBy(() -> pool.routingDataSource("primary", "thre"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("thre");
        assertThat(pool.routingDataSource("primary", "one", "two"))
                .isEqualTo(source)
                .hasSameHashCodeAs(source);
        assertThat(pool.routingDataSource("primary", "one")).isNotEqualTo(source);
    }
}
