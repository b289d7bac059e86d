package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.DisposeReason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one lease leaves behind, and what the next one finds: on PostgreSQL, with one connection. */
@Timeout(60)
class ResetTest {
    private final Recorded recorded = new Recorded();
    private JdbcPool pool;
    private DataSource source;

    @BeforeEach
    void start() throws Exception {
        open(JdbcEndpoint.dataSource(recorded.over(postgres())));
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("drop table if exists orders");
            statement.execute("create table orders (id int primary key)");
        }
        recorded.calls();
    }

    private static DataSource postgres() throws Exception {
        var postgres = new org.postgresql.ds.PGSimpleDataSource();
        postgres.setUrl(Postgres.master().url());
        postgres.setUser(PostgresServer.USER);
        postgres.setPassword("first secret");
        return postgres;
    }

    private void open(JdbcEndpoint endpoint) {
        if (pool != null) {
            pool.close();
        }
        pool = JdbcPool.builder()
                .endpoint("master", endpoint)
                .maxSize(1)
                .acquireTimeout(Duration.ofSeconds(20))
                .pool(knobs -> knobs.alivenessBypass(Duration.ofMinutes(1)))
                .build();
        source = pool.dataSource("master");
    }

    @AfterEach
    void stop() {
        pool.close();
    }

    private int orders() throws SQLException {
        try (var connection = source.getConnection()) {
            return orders(connection);
        }
    }

    private static int orders(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("select count(*) from orders")) {
            result.next();
            return result.getInt(1);
        }
    }

    private static void insert(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate("insert into orders values (1)");
        }
    }

    private long disposed() {
        return pool.stats().disposed(DisposeReason.HOOK_FAILED)
                + pool.stats().disposed(DisposeReason.DEAD)
                + pool.stats().disposed(DisposeReason.INVALIDATED);
    }

    @Test
    void aLeaseThatDidNothingCostsTheDriverNoCall() throws Exception {
        source.getConnection().close();
        assertThat(recorded.calls()).isEmpty();
    }

    @Test
    void aLeaseThatCommittedIsFollowedByNoRollbackAndNoSetting() throws Exception {
        try (var connection = source.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection);
            connection.commit();
            connection.setAutoCommit(true);
        }
        assertThat(recorded.calls())
                .containsExactly("setAutoCommit", "createStatement", "commit", "setAutoCommit", "clearWarnings");
        assertThat(orders()).isEqualTo(1);
    }

    @Test
    void whatWasNotCommittedIsRolledBackAndAutocommitIsOnAgain() throws Exception {
        try (var connection = source.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection);
        }
        try (var next = source.getConnection()) {
            assertThat(next.getAutoCommit()).isTrue();
            assertThat(orders(next)).isZero();
        }
        assertThat(pool.stats().created()).isEqualTo(1);
    }

    @Test
    void aTransactionAfterACommitIsRolledBackToo() throws Exception {
        try (var connection = source.getConnection()) {
            connection.setAutoCommit(false);
            connection.commit();
            insert(connection);
        }
        assertThat(orders()).isZero();
    }

    /** One way of a prepared statement to execute its own text. */
    private interface OwnExecution {
        void run(PreparedStatement statement) throws SQLException;
    }

    @Test
    void aTransactionAfterACommitIsRolledBackWhateverMethodExecuted() throws Exception {
        var ways = Map.<String, OwnExecution>of(
                "execute", PreparedStatement::execute,
                "executeUpdate", PreparedStatement::executeUpdate,
                "executeLargeUpdate", PreparedStatement::executeLargeUpdate,
                "executeBatch", Statement::executeBatch,
                "executeLargeBatch", Statement::executeLargeBatch);
        for (var way : ways.entrySet()) {
            try (var connection = source.getConnection()) {
                connection.setAutoCommit(false);
                connection.commit();
                try (var statement = connection.prepareStatement("insert into orders values (1)")) {
                    if (way.getKey().endsWith("Batch")) {
                        statement.addBatch();
                    }
                    way.getValue().run(statement);
                }
            }
            assertThat(orders()).as(way.getKey()).isZero();
        }
    }

    @Test
    void aTransactionBegunBySqlTextIsRolledBack() throws Exception {
        for (String begin : List.of("begin", " BEGIN; ", "start transaction", "Start Transaction Read Write")) {
            try (var connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(begin);
                statement.executeUpdate("insert into orders values (1)");
            }
            try (var connection = source.getConnection();
                    var statement = connection.prepareStatement(begin)) {
                statement.execute();
                insert(connection);
            }
            assertThat(orders()).as(begin).isZero();
            assertThat(Postgres.master().sessionsInTransaction()).as(begin).isZero();
        }
    }

    @Test
    void aBatchOrAPreparedStatementCountsAsExecuted() throws Exception {
        try (var connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try (var statement = connection.prepareStatement("insert into orders values (?)")) {
                statement.setInt(1, 1);
                statement.addBatch();
                statement.executeBatch();
            }
        }
        assertThat(orders()).isZero();
    }

    @Test
    void noSessionStaysInATransactionAfterReadingOrAskingForMetadata() throws Exception {
        open(JdbcEndpoint.dataSource(postgres()).autoCommit(false));
        try (var connection = source.getConnection();
                var tables = connection.getMetaData().getTables(null, "public", "orders", null)) {
            assertThat(tables.next()).isTrue();
            connection.commit();
            assertThat(connection.getMetaData().getURL()).isNotNull();
            try (var again = connection.getMetaData().getSchemas()) {
                assertThat(again.next()).isTrue();
            }
        }
        try (var connection = source.getConnection()) {
            assertThat(connection.getSchema()).isEqualTo("public");
        }
        try (var connection = source.getConnection()) {
            assertThat(connection.isValid(5)).isTrue();
        }
        try (var connection = source.getConnection()) {
            connection.setSavepoint();
        }
        await().untilAsserted(() -> assertThat(pool.stats().idle()).isEqualTo(1));
        assertThat(Postgres.master().sessionsInTransaction()).isZero();
        assertThat(pool.stats().created()).isEqualTo(1);
    }

    @Test
    void everySettingIsSetBackWhenItWasChanged() throws Exception {
        try (var connection = source.getConnection()) {
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            connection.setHoldability(ResultSet.HOLD_CURSORS_OVER_COMMIT);
            connection.setSchema("pg_catalog");
            connection.setClientInfo("ApplicationName", "first");
            connection.setNetworkTimeout(Runnable::run, 4321);
            connection.setAutoCommit(false);
            assertThat(connection.getSchema()).isEqualTo("pg_catalog");
        }
        try (var next = source.getConnection()) {
            assertThat(next.isReadOnly()).isFalse();
            assertThat(next.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
            assertThat(next.getHoldability()).isEqualTo(ResultSet.CLOSE_CURSORS_AT_COMMIT);
            assertThat(next.getSchema()).isEqualTo("public");
            assertThat(next.getClientInfo("ApplicationName")).isEqualTo("PostgreSQL JDBC Driver");
            assertThat(next.getNetworkTimeout()).isZero();
            assertThat(next.getAutoCommit()).isTrue();
        }
        assertThat(pool.stats().created()).isEqualTo(1);
    }

    @Test
    void onlyWhatWasChangedIsSetBack() throws Exception {
        try (var connection = source.getConnection()) {
            connection.setReadOnly(true);
        }
        source.getConnection().close();
        assertThat(recorded.calls())
                .filteredOn(call -> call.startsWith("set") || call.equals("rollback"))
                .containsExactly("setReadOnly", "setReadOnly");
    }

    @Test
    void whatTheHolderHasSetBackHimselfIsNotSetBackAgain() throws Exception {
        try (var connection = source.getConnection()) {
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setReadOnly(false);
        }
        source.getConnection().close();
        assertThat(recorded.calls())
                .filteredOn(call -> call.startsWith("set"))
                .containsExactly("setReadOnly", "setTransactionIsolation", "setTransactionIsolation", "setReadOnly");
    }

    @Test
    void settingsOfTheEndpointAreWhatEachLeaseBeginsWith() throws Exception {
        open(JdbcEndpoint.dataSource(postgres())
                .autoCommit(false)
                .readOnly(true)
                .isolation(Connection.TRANSACTION_REPEATABLE_READ)
                .schema("pg_catalog")
                .initSql("set application_name to 'initial'", "set statement_timeout to '7s'"));
        for (int i = 0; i < 3; i++) {
            try (var connection = source.getConnection();
                    var statement = connection.createStatement()) {
                assertThat(connection.getAutoCommit()).isFalse();
                assertThat(connection.isReadOnly()).isTrue();
                assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
                assertThat(connection.getSchema()).isEqualTo("pg_catalog");
                assertThat(connection.getClientInfo("ApplicationName")).isEqualTo("initial");
                try (var result = statement.executeQuery("show statement_timeout")) {
                    result.next();
                    assertThat(result.getString(1)).isEqualTo("7s");
                }
                connection.rollback();
                connection.setAutoCommit(true);
                connection.setReadOnly(false);
                connection.setSchema("public");
                connection.setClientInfo(new Properties());
            }
        }
        assertThat(pool.stats().created()).isEqualTo(1);
    }

    @Test
    void aSettingChangedInATransactionIsSetBackForGood() throws Exception {
        open(JdbcEndpoint.dataSource(postgres()).autoCommit(false));
        try (var connection = source.getConnection()) {
            connection.setSchema("pg_catalog");
            connection.commit();
        }
        try (var next = source.getConnection()) {
            next.rollback(); // would undo a SET that was not committed
            assertThat(next.getSchema()).isEqualTo("public");
        }
    }

    @Test
    void warningsAreClearedAndTheTypeMapIsSetBack() throws Exception {
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            connection.setTypeMap(Map.of("orders", String.class));
            recorded.rule(method -> {});
            statement.execute("do $$ begin raise warning 'careful'; end $$");
        }
        try (var next = source.getConnection()) {
            assertThat((Object) next.getWarnings()).isNull();
            assertThat(next.getTypeMap()).isEmpty();
        }
        assertThat(recorded.calls()).contains("clearWarnings");
    }

    @Test
    void statementsLeftOpenAreClosed() throws Exception {
        Statement first;
        Statement second;
        ResultSet rows;
        org.postgresql.jdbc.PgStatement raw;
        try (var connection = source.getConnection()) {
            first = connection.createStatement();
            second = connection.prepareStatement("select generate_series(1, 10)");
            rows = ((java.sql.PreparedStatement) second).executeQuery();
            rows.next();
            raw = first.unwrap(org.postgresql.jdbc.PgStatement.class);
        }
        source.getConnection().close();
        assertThat(raw.isClosed()).isTrue();
        assertThat(first.isClosed()).isTrue();
        assertThat(second.isClosed()).isTrue();
        assertThat(rows.isClosed()).isTrue();
    }

    @Test
    void manyStatementsClosedInAnyOrderAreNotClosedAgain() throws Exception {
        try (var connection = source.getConnection()) {
            var one = connection.createStatement();
            var two = connection.createStatement();
            var three = connection.createStatement();
            one.close();
            three.close();
            var four = connection.createStatement();
            two.close();
            four.close();
        }
        // Nothing was left, so that there was nothing to reset.
        assertThat(recorded.calls())
                .containsExactly("createStatement", "createStatement", "createStatement", "createStatement");
    }

    @Test
    void whoeverGotTheDriversConnectionIsCleanedUpAfterWhateverHeDid() throws Exception {
        open(JdbcEndpoint.dataSource(postgres()));
        try (var connection = source.getConnection()) {
            var raw = connection.unwrap(org.postgresql.PGConnection.class);
            var behind = (Connection) raw;
            behind.setAutoCommit(false);
            behind.setReadOnly(false);
            behind.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            behind.setSchema("pg_catalog");
            try (var statement = behind.createStatement()) {
                statement.executeUpdate("insert into public.orders values (1)");
            }
            assertThat(connection.getAutoCommit()).isFalse();
        }
        try (var next = source.getConnection()) {
            assertThat(next.getAutoCommit()).isTrue();
            assertThat(next.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
            assertThat(next.getSchema()).isEqualTo("public");
            assertThat(orders(next)).isZero();
        }
        assertThat(pool.stats().created()).isEqualTo(1);
    }

    @Test
    void aRollbackThatFailsDiscardsTheConnection() throws Exception {
        try (var connection = source.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection);
            recorded.rule(method -> {
                if (method.equals("rollback")) {
                    throw new SQLException("cannot", "XX000");
                }
            });
        }
        await().untilAsserted(() -> assertThat(disposed()).isEqualTo(1));
        recorded.rule(method -> {});
        assertThat(orders()).isZero();
        assertThat(pool.stats().created()).isEqualTo(2);
    }

    @Test
    void aResetThatHangsIsEndedByAnAbortAndDiscardsTheConnection() throws Exception {
        pool.close();
        pool = JdbcPool.builder()
                .endpoint("master", recorded.over(postgres()))
                .maxSize(1)
                .pool(knobs -> knobs.resetTimeout(Duration.ofMillis(200)))
                .build();
        source = pool.dataSource("master");
        var aborted = new CountDownLatch(1);
        try (var connection = source.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection);
            recorded.rule(method -> {
                if (method.equals("rollback")) {
                    awaitUninterrupted(aborted); // as on a socket, which nothing but its close wakes
                    throw new SQLException("the socket was closed", "08006");
                } else if (method.equals("abort")) {
                    aborted.countDown();
                }
            });
        }
        await().untilAsserted(() -> assertThat(disposed()).isEqualTo(1));
        assertThat(aborted.getCount()).isZero();
        assertThat(orders()).isZero();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        for (; ; ) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // A driver would not notice.
            }
        }
    }

    @Test
    void aCloseOfTheLeaseNeverWaitsForTheRollback() throws Exception {
        var isClosed = new CountDownLatch(1);
        try (var connection = source.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection);
            recorded.rule(method -> {
                if (method.equals("rollback")) {
                    awaitUninterrupted(isClosed);
                }
            });
        }
        isClosed.countDown();
        assertThat(orders()).isZero();
        assertThat(recorded.calls()).contains("rollback");
        assertThat(pool.stats().created()).isEqualTo(1);
    }

    @Test
    void byResetOnCloseTheRollbackIsDoneWhenTheCloseReturns() throws Exception {
        pool.close();
        pool = JdbcPool.builder()
                .endpoint("master", recorded.over(postgres()))
                .connections(knobs -> knobs.resetOnClose(true))
                .build();
        source = pool.dataSource("master");
        for (int i = 0; i < 20; i++) {
            try (var connection = source.getConnection()) {
                connection.setAutoCommit(false);
                connection.setReadOnly(i % 2 == 0);
                connection.createStatement().executeQuery("select * from orders");
            }
            assertThat(recorded.calls()).containsSubsequence("rollback", "setAutoCommit", "clearWarnings");
            assertThat(pool.stats().idle()).isEqualTo(1);
        }
        recorded.rule(method -> {
            if (method.equals("rollback")) {
                throw new SQLException("cannot", "XX000");
            }
        });
        try (var connection = source.getConnection()) {
            connection.setAutoCommit(false);
            assertThat(orders(connection)).isZero();
        }
        await().untilAsserted(() -> assertThat(disposed()).isEqualTo(1));
        recorded.rule(method -> {});
        assertThat(orders()).isZero();
        assertThat(pool.stats().created()).isEqualTo(2);
    }

    @Test
    void anInvalidatedLeaseCommitsNothing() throws Exception {
        var lease = pool.connection("master");
        lease.connection().setAutoCommit(false);
        insert(lease.connection());
        lease.invalidate();
        assertThat(orders()).isZero();
        assertThat(recorded.calls()).containsSubsequence("rollback", "close");
    }
}
