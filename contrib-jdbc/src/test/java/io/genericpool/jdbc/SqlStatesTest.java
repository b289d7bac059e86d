package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.jdbc.internal.driver.SqlStates;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which exceptions mean that a connection is gone. */
class SqlStatesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"08000", "08003", "08006", "08S01", "57P01", "57P02", "57P03", "57P05", "25P03", "01002", "JZ0C0"
            })
    void theseStatesMeanThatItIsGone(String state) {
        assertThat(JdbcConnectionManager.isConnectionGone(new SQLException("x", state)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "40001", "40P01", "42601", "57014", "53300", "25P02", "0A000", ""})
    void theseDoNot(String state) {
        assertThat(JdbcConnectionManager.isConnectionGone(new SQLException("x", state)))
                .isFalse();
    }

    @Test
    void typesTellWhereThereIsNoState() {
        assertThat(JdbcConnectionManager.isConnectionGone(new SQLRecoverableException()))
                .isTrue();
        assertThat(JdbcConnectionManager.isConnectionGone(new SQLNonTransientConnectionException()))
                .isTrue();
        assertThat(JdbcConnectionManager.isConnectionGone(new SQLException())).isFalse();
        assertThat(JdbcConnectionManager.isConnectionGone(new SQLTimeoutException()))
                .isFalse();
        assertThat(JdbcConnectionManager.isConnectionGone(new SQLSyntaxErrorException()))
                .isFalse();
    }

    @Test
    void aChainIsLookedThroughEvenACircle() {
        var first = new SQLException("batch failed", "23505");
        first.setNextException(new SQLException("and the connection", "08006"));
        assertThat(JdbcConnectionManager.isConnectionGone(first)).isTrue();
        var circle = new SQLException("a", "23505");
        var other = new SQLException("b", "23505");
        circle.setNextException(other);
        assertThat(JdbcConnectionManager.isConnectionGone(circle)).isFalse();
    }

    @Test
    void tooManyConnectionsAreNamedByStateOrByMySqlsNumbers() throws Exception {
        try (var manager = JdbcConnectionManager.builder()
                .endpoint("database", JdbcEndpoint.url(H2.url("many")))
                .build()) {
            for (SQLException tooMany : List.of(
                    new SQLException("x", "53300"),
                    new SQLException("x", "08004", 1040),
                    new SQLException("x", "42000", 1203),
                    new SQLException("x", "42000", 1226))) {
                assertThat(manager.isTooMany("database", tooMany)).isTrue();
                assertThat(manager.isTooMany("database", new IOException(tooMany)))
                        .isTrue();
            }
            for (SQLException other : List.of(
                    new SQLException("x"),
                    new SQLException("x", "53200"),
                    new SQLException("x", "08004"),
                    new SQLException("x", "42000", 1064),
                    new SQLException("x", "HY000", 1040))) {
                assertThat(manager.isTooMany("database", other)).isFalse();
            }
        }
    }

    @Test
    void aQuestionIsUnknownOnlyWhereItWillBeTheNextTimeToo() {
        for (SQLException unknown : List.of(
                new SQLException("x", "42883"),
                new SQLException("x", "42704"),
                new SQLException("x", "42501"),
                new SQLException("x", "0A000"),
                new SQLException("x", "HY000", 1193))) {
            assertThat(SqlStates.saysUnknownQuestion(unknown)).isTrue();
        }
        for (SQLException other : List.of(
                new SQLException("x"),
                new SQLException("x", "42000", 1226),
                new SQLException("x", "42000", 1203),
                new SQLException("x", "42000", 1064),
                new SQLException("x", "42601"),
                new SQLException("x", "53300"),
                new SQLException("x", "08006"))) {
            assertThat(SqlStates.saysUnknownQuestion(other)).isFalse();
        }
    }

    @Test
    void theManagerTakesForFatalWhatIsGoneAndErrorsAndNothingElse() throws Exception {
        try (var manager = JdbcConnectionManager.builder()
                .endpoint("database", JdbcEndpoint.url(H2.url("fatal")))
                .build()) {
            var connection = manager.create("database", Duration.ofSeconds(20));
            assertThat(manager.isFatal("database", connection, new SQLException("x", "23505")))
                    .isFalse();
            assertThat(manager.isFatal("database", connection, new IOException()))
                    .isFalse();
            assertThat(manager.isFatal("database", connection, new LinkageError()))
                    .isTrue();
            assertThat(manager.isFatal("database", connection, new RuntimeException(new SQLException("x", "57P01"))))
                    .isTrue();
            manager.dispose("database", connection, Duration.ofSeconds(20));
        }
    }

    @Test
    void thePredicateOfTheBuilderTakesTheirPlace() throws Exception {
        try (var pool = JdbcPool.builder()
                .endpoint("database", H2.url("gone"))
                .connections(knobs ->
                        knobs.goneWhen(e -> JdbcConnectionManager.isConnectionGone(e) || e.getErrorCode() == 42104))
                .build()) {
            try (var connection = pool.dataSource("database").getConnection();
                    var statement = connection.createStatement()) {
                statement.executeQuery("select * from missing");
            } catch (SQLException e) {
                assertThat(e.getErrorCode()).isEqualTo(42104);
            }
            pool.dataSource("database").getConnection().close();
            assertThat(pool.stats().created()).isEqualTo(2);
        }
    }
}
