package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a holder can do with a connection, and cannot do any more after its end; on H2, with one connection. */
@Timeout(60)
class ViewTest {
    private static final String NO_CONNECTION = "08003";

    private final JdbcPool pool = JdbcPool.builder()
            .endpoint("database", H2.url("view"))
            .maxSize(1)
            .acquireTimeout(Duration.ofSeconds(20))
            .build();
    private final DataSource source = pool.dataSource("database");

    @AfterEach
    void stop() {
        pool.close();
    }

    private static void assertEnded(ThrowingCallable call) {
        SQLException failure = catchThrowableOfType(SQLException.class, call);
        assertThat((Throwable) failure).isNotNull();
        assertThat(failure.getSQLState()).isEqualTo(NO_CONNECTION);
    }

    @Test
    void closingGivesTheConnectionBackToTheNextHolder() throws Exception {
        try (var first = source.getConnection()) {
            assertThat(first.isClosed()).isFalse();
            assertThat(pool.stats().leased()).isEqualTo(1);
        }
        assertThat(pool.stats().leased()).isZero();
        source.getConnection().close();
        assertThat(pool.stats().created()).isEqualTo(1);
    }

    @Test
    void everyUseAfterTheCloseFailsWithOneSqlState() throws Exception {
        var connection = source.getConnection();
        var statement = connection.createStatement();
        var prepared = connection.prepareStatement("select ?");
        var call = connection.prepareCall("select 1");
        var metaData = connection.getMetaData();
        connection.close();
        List<ThrowingCallable> uses = List.of(
                connection::createStatement,
                () -> connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY),
                () -> connection.prepareStatement("select 1"),
                () -> connection.prepareStatement("select 1", 1),
                () -> connection.prepareCall("select 1"),
                connection::commit,
                connection::rollback,
                connection::getAutoCommit,
                () -> connection.setAutoCommit(false),
                connection::isReadOnly,
                () -> connection.setReadOnly(true),
                connection::getCatalog,
                () -> connection.setCatalog("x"),
                connection::getSchema,
                () -> connection.setSchema("x"),
                connection::getTransactionIsolation,
                () -> connection.setTransactionIsolation(8),
                connection::getHoldability,
                () -> connection.setHoldability(ResultSet.CLOSE_CURSORS_AT_COMMIT),
                connection::getMetaData,
                connection::getWarnings,
                connection::clearWarnings,
                connection::getTypeMap,
                () -> connection.setTypeMap(Map.of()),
                connection::setSavepoint,
                () -> connection.setSavepoint("a"),
                () -> connection.nativeSQL("select 1"),
                connection::createBlob,
                connection::createClob,
                connection::createNClob,
                connection::createSQLXML,
                () -> connection.createArrayOf("int", new Object[0]),
                () -> connection.createStruct("a", new Object[0]),
                connection::getNetworkTimeout,
                () -> connection.setNetworkTimeout(Runnable::run, 1),
                connection::getClientInfo,
                () -> connection.getClientInfo("a"),
                () -> connection.setClientInfo("a", "b"),
                () -> connection.setClientInfo(new Properties()),
                () -> connection.unwrap(org.h2.jdbc.JdbcConnection.class),
                () -> connection.isWrapperFor(org.h2.jdbc.JdbcConnection.class),
                () -> statement.execute("select 1"),
                () -> statement.executeQuery("select 1"),
                statement::getConnection,
                () -> statement.unwrap(org.h2.jdbc.JdbcStatement.class),
                () -> prepared.setInt(1, 1),
                prepared::executeQuery,
                prepared::getMetaData,
                call::execute,
                metaData::getURL,
                () -> metaData.getTables(null, null, "%", null));
        uses.forEach(ViewTest::assertEnded);
    }

    @Test
    void afterTheCloseTheQuestionsThatMayBeAskedAreAnswered() throws Exception {
        var connection = source.getConnection();
        var statement = connection.createStatement();
        connection.close();
        assertThat(connection.isClosed()).isTrue();
        assertThat(connection.isValid(1)).isFalse();
        assertThat(connection.toString()).isEqualTo("connection to database, closed");
        assertThatCode(() -> connection.abort(Runnable::run)).doesNotThrowAnyException();
        assertThatCode(connection::close).doesNotThrowAnyException();
        assertThatCode(statement::close).doesNotThrowAnyException();
    }

    @Test
    void aSecondCloseDoesNotTouchTheNextHolder() throws Exception {
        var first = source.getConnection();
        first.close();
        try (var next = source.getConnection()) {
            first.close();
            first.abort(Runnable::run);
            assertThat(next.isClosed()).isFalse();
            assertThat(next.isValid(1)).isTrue();
            assertThat(pool.stats().leased()).isEqualTo(1);
        }
    }

    @Test
    void twoThreadsThatCloseAtOnceGiveBackOnce() throws Exception {
        var threads = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 200; i++) {
                var connection = source.getConnection();
                var one = threads.submit(() -> {
                    connection.close();
                    return true;
                });
                connection.close();
                one.get(10, TimeUnit.SECONDS);
                assertThat(pool.stats().leased()).isZero();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aViewGotByALeaseEndsItsUseAtCloseAndTheLeaseAtRelease() throws Exception {
        try (var lease = pool.connection("database")) {
            var connection = lease.connection();
            connection.close();
            assertEnded(connection::createStatement);
            assertThat(pool.stats().leased()).isEqualTo(1);
        }
        assertThat(pool.stats().leased()).isZero();
    }

    @Test
    void aLeaseThatIsReleasedEndsItsView() throws Exception {
        var lease = pool.connection("database");
        var connection = lease.connection();
        lease.release();
        assertEnded(connection::createStatement);
        assertThat(connection.isClosed()).isTrue();
    }

    @Test
    void whatIsOpenedByTheConnectionLeadsBackToItAndNotToTheDriver() throws Exception {
        try (var connection = source.getConnection();
                var statement = connection.createStatement();
                var prepared = connection.prepareStatement("select 1");
                var rows = statement.executeQuery("select 1");
                var preparedRows = prepared.executeQuery();
                var tables = connection.getMetaData().getTables(null, null, "%", null)) {
            assertThat(statement.getConnection()).isSameAs(connection);
            assertThat(prepared.getConnection()).isSameAs(connection);
            assertThat(rows.getStatement()).isSameAs(statement);
            assertThat(preparedRows.getStatement()).isSameAs(prepared);
            assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
            assertThat(tables.getStatement()).isNull();
        }
    }

    @Test
    void aClosedStatementSaysSo() throws Exception {
        try (var connection = source.getConnection()) {
            var statement = connection.createStatement();
            statement.close();
            assertThat(statement.isClosed()).isTrue();
            assertThatThrownBy(() -> statement.execute("select 1"))
                    .isInstanceOf(SQLException.class)
                    .hasMessage("the statement was closed");
        }
    }

    @Test
    void aStatementThatClosesOnCompletionIsClosedAfterItsRows() throws Exception {
        try (var connection = source.getConnection()) {
            var statement = connection.createStatement();
            statement.closeOnCompletion();
            statement.executeQuery("select 1").close();
            assertThat(statement.isClosed()).isTrue();
        }
    }

    @Test
    void itUnwrapsToTheDriversConnectionAndToItself() throws Exception {
        try (var connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement("select 1")) {
            assertThat(connection.isWrapperFor(org.h2.jdbc.JdbcConnection.class))
                    .isTrue();
            assertThat(connection.unwrap(org.h2.jdbc.JdbcConnection.class))
                    .isInstanceOf(org.h2.jdbc.JdbcConnection.class);
            assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
            assertThat(connection.isWrapperFor(String.class)).isFalse();
            assertThatThrownBy(() -> connection.unwrap(String.class)).isInstanceOf(SQLException.class);
            assertThat(statement.unwrap(org.h2.jdbc.JdbcPreparedStatement.class))
                    .isNotNull();
        }
    }

    @Test
    void theDataSourceUnwrapsToThePoolAndToItsOwnDataSource() throws Exception {
        assertThat(source.unwrap(DataSource.class)).isSameAs(source);
        assertThat(source.unwrap(ConnectionPool.class)).isSameAs(pool.pool());
        assertThat(source.isWrapperFor(org.h2.jdbcx.JdbcDataSource.class)).isFalse();
        assertThatThrownBy(() -> source.unwrap(org.h2.jdbcx.JdbcDataSource.class))
                .isInstanceOf(SQLException.class);
        try (var other = JdbcPool.builder().endpoint("a", H2.source("view")).build()) {
            assertThat(other.dataSource("a").unwrap(org.h2.jdbcx.JdbcDataSource.class))
                    .isNotNull();
        }
    }

    @Test
    void anAbortEndsTheLeaseAndTheConnection() throws Exception {
        var connection = source.getConnection();
        connection.abort(Runnable::run);
        assertThat(connection.isClosed()).isTrue();
        source.getConnection().close();
        await().untilAsserted(() ->
                assertThat(pool.stats().disposed(DisposeReason.DEAD)).isEqualTo(1));
        assertThat(pool.stats().created()).isEqualTo(2);
    }

    @Test
    void aConnectionThatTheDriverFindsClosedIsNotPooledAgain() throws Exception {
        try (var connection = source.getConnection()) {
            connection.unwrap(org.h2.jdbc.JdbcConnection.class).getSession().close();
            assertThatThrownBy(() -> connection.createStatement().executeQuery("select 1"))
                    .isInstanceOf(SQLException.class);
        }
        try (var next = source.getConnection()) {
            assertThat(next.isValid(1)).isTrue();
        }
        assertThat(pool.stats().disposed(DisposeReason.DEAD)).isEqualTo(1);
    }

    @Test
    void anOrdinaryFailureKeepsTheConnection() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (var connection = source.getConnection();
                    var statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.executeQuery("select nonsense"))
                        .isInstanceOf(SQLException.class);
            }
            assertThatThrownBy(() -> pool.use("database", connection -> {
                        throw new IllegalStateException("of the application");
                    }))
                    .hasMessage("of the application");
        }
        assertThat(pool.stats().created()).isEqualTo(1);
    }

    @Test
    void aClientInfoThatTheDriverRefusesIsRefusedAsJdbcSays() throws Exception {
        try (var connection = source.getConnection()) {
            assertThatThrownBy(() -> connection.setClientInfo("no name of H2's", "x"))
                    .isInstanceOf(SQLClientInfoException.class);
            connection.setClientInfo("numServers", "0");
        }
    }

    @Test
    void aNegativeTimeoutOfIsValidIsRefused() throws Exception {
        try (var connection = source.getConnection()) {
            assertThatThrownBy(() -> connection.isValid(-1))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("-1");
        }
    }

    @Test
    void thePoolsCloseEndsTheUseOfWhatIsStillLeased() throws Exception {
        var connection = source.getConnection();
        connection.setAutoCommit(false);
        connection.createStatement().executeUpdate("create table if not exists kept (id int)");
        connection.commit();
        connection.createStatement().executeUpdate("insert into kept values (1)");
        var report = pool.close(Duration.ofMillis(100));
        assertThat(report.revoked()).isEqualTo(1);
        assertEnded(connection::createStatement);
        connection.close();
        try (var other = H2.source("view").getConnection();
                var rows = other.createStatement().executeQuery("select count(*) from kept")) {
            rows.next();
            assertThat(rows.getInt(1)).isZero();
        }
    }
}
