package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.genericpool.AcquireInterruptedException;
import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionCreateException;
import io.genericpool.PoolClosedException;
import io.genericpool.PoolExhaustedException;
import io.genericpool.SuspendMode;
import io.genericpool.testkit.RefusingPort;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What users of a {@code DataSource} see when there is no connection to be had. */
@Timeout(60)
class DataSourceTest {
    private JdbcPool pool;

    @AfterEach
    void stop() {
        if (pool != null) {
            pool.close();
        }
    }

    private static JdbcPoolBuilder oneOfH2() {
        return JdbcPool.builder().endpoint("database", H2.url("source")).maxSize(1);
    }

    private <T extends SQLException> T failureOf(Class<T> type, String endpoint) {
        T failure = catchThrowableOfType(
                type, () -> pool.dataSource(endpoint).getConnection().close());
        assertThat((Throwable) failure).isNotNull();
        return failure;
    }

    @Test
    void aTimeoutIsTransientAndSaysWhichLimitBound() throws Exception {
        pool = oneOfH2().acquireTimeout(Duration.ofMillis(50)).build();
        try (var held = pool.dataSource("database").getConnection()) {
            var failure = failureOf(SQLTransientConnectionException.class, "database");
            assertThat(failure.getSQLState()).isEqualTo("08001");
            assertThat((Throwable) failure)
                    .hasMessageContaining("database")
                    .hasMessageContaining("maxSize")
                    .hasCauseInstanceOf(AcquireTimeoutException.class);
            assertThat(held.isValid(1)).isTrue();
        }
    }

    @Test
    void theLoginTimeoutIsTheDeadlineOfItsDataSource() throws Exception {
        pool = oneOfH2().build();
        var source = pool.dataSource("database");
        assertThat(source.getLoginTimeout()).isZero();
        source.setLoginTimeout(1);
        assertThat(source.getLoginTimeout()).isEqualTo(1);
        try (var held = source.getConnection()) {
            assertThatThrownBy(source::getConnection)
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessageContaining("within 1 s");
            assertThat(held.isClosed()).isFalse();
        }
        assertThatThrownBy(() -> source.setLoginTimeout(-1))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void aFullQueueAndASuspendedEndpointAreTransient() throws Exception {
        pool = oneOfH2()
                .pool(knobs -> knobs.maxWaiters(0))
                .warmUp(1, "database")
                .build();
        assertThat(pool.warmedUp().join()).isEqualTo(1);
        try (var held = pool.dataSource("database").getConnection()) {
            assertThat((Throwable) failureOf(SQLTransientConnectionException.class, "database"))
                    .hasCauseInstanceOf(PoolExhaustedException.class);
            assertThat(held.isClosed()).isFalse();
        }
        pool.pool().suspend("database", SuspendMode.FAIL);
        assertThat((Throwable) failureOf(SQLTransientConnectionException.class, "database"))
                .hasMessageContaining("suspended");
    }

    @Test
    void aDatabaseThatIsDownIsTransientWithItsOwnState() throws Exception {
        try (var refusing = new RefusingPort()) {
            pool = JdbcPool.builder()
                    .endpoint("down", "jdbc:postgresql://127.0.0.1:" + refusing.number() + "/shop")
                    .build();
            var failure = failureOf(SQLTransientConnectionException.class, "down");
            assertThat(failure.getSQLState()).isEqualTo("08001");
            assertThat((Throwable) failure).hasCauseInstanceOf(ConnectionCreateException.class);
        }
    }

    @Test
    void aWrongPasswordIsNotTransientAndNotRepeated() throws Exception {
        pool = JdbcPool.builder()
                .endpoint("master", Postgres.master().endpoint().credentials(PostgresServer.USER, "open sesame"))
                .build();
        var failure = failureOf(SQLNonTransientConnectionException.class, "master");
        assertThat(failure.getSQLState()).isEqualTo("28P01");
        for (Throwable e = failure; e != null; e = e.getCause()) {
            assertThat(e.toString()).doesNotContain("sesame");
        }
    }

    @Test
    void aClosedPoolIsNotTransient() throws Exception {
        pool = oneOfH2().build();
        pool.close();
        var failure = failureOf(SQLNonTransientConnectionException.class, "database");
        assertThat(failure.getSQLState()).isEqualTo("08003");
        assertThat((Throwable) failure).hasCauseInstanceOf(PoolClosedException.class);
    }

    @Test
    void anInterruptKeepsTheFlagAndIsNoReasonToTryAgain() throws Exception {
        pool = oneOfH2().build();
        try (var held = pool.dataSource("database").getConnection()) {
            Thread.currentThread().interrupt();
            SQLException failure = catchThrowableOfType(SQLException.class, pool.dataSource("database")::getConnection);
            assertThat(Thread.interrupted()).isTrue();
            assertThat((Throwable) failure)
                    .isExactlyInstanceOf(SQLException.class)
                    .hasCauseInstanceOf(AcquireInterruptedException.class);
            assertThat(held.isClosed()).isFalse();
        }
    }

    @Test
    void aDataSourceTellsItsPoolAndItsEndpoint() throws Exception {
        pool = oneOfH2().build();
        JdbcDataSource source = pool.dataSource("database");
        assertThat(source.endpoint()).isEqualTo("database");
        assertThat(source.pool()).isSameAs(pool.pool());
        assertThat(source.unwrap(JdbcDataSource.class)).isSameAs(source);
    }

    @Test
    void endpointsIncludeThoseNotUsedYet() throws Exception {
        pool = oneOfH2().endpoint("later", H2.url("later")).build();
        pool.connection("database").close();
        assertThat(pool.endpoints()).containsExactlyInAnyOrder("database", "later");
        assertThat(pool.pool().endpoints()).containsExactly("database");
    }

    @Test
    void aNameThatIsNotConfiguredIsToldTogetherWithTheKnownOnes() {
        pool = oneOfH2().endpoint("replica", H2.url("replica")).build();
        String message = "endpoint must be one of [database, replica], but is reports";
        assertThatThrownBy(() -> pool.dataSource("reports"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> pool.connection("reports")).hasMessage(message);
        assertThatThrownBy(() -> pool.connection("reports", Duration.ZERO)).hasMessage(message);
        assertThatThrownBy(() -> pool.use("reports", Object::toString)).hasMessage(message);
        assertThatThrownBy(() -> pool.warmUp("reports", 1)).hasMessage(message);
        assertThatThrownBy(() -> pool.evict("reports")).hasMessage(message);
        assertThatThrownBy(() -> pool.stats("reports")).hasMessage(message);
    }

    @Test
    void whatADataSourceNeedNotDoItRefuses() {
        pool = oneOfH2().build();
        var source = pool.dataSource("database");
        assertThatThrownBy(() -> source.getConnection("a", "b")).isInstanceOf(SQLFeatureNotSupportedException.class);
        assertThatThrownBy(source::getParentLogger).isInstanceOf(SQLFeatureNotSupportedException.class);
        assertThatThrownBy(() -> source.setLogWriter(null)).isInstanceOf(SQLFeatureNotSupportedException.class);
        assertThat(source).hasToString("DataSource(database)");
    }
}
