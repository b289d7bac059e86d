package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.DisposeReason;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session that is aborted, or dies, while its driver waits for an answer. */
@Timeout(60)
class AbortTest {
    private final CountDownLatch isAsking = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private final StubDriver driver = new StubDriver();

    /** All that the pool might ask waits behind the query. */
    private void answerLate() {
        driver.on("execute", arguments -> {
            isAsking.countDown();
            mayAnswer.await();
            throw StubDriver.gone();
        });
        for (String method : new String[] {"rollback", "clearWarnings", "setAutoCommit", "commit", "isValid"}) {
            driver.on(method, arguments -> {
                mayAnswer.await();
                return method.equals("isValid") ? true : null;
            });
        }
    }

    private JdbcPool pool(boolean resetOnClose) {
        return JdbcPool.builder()
                .endpoint("database", driver.source())
                .maxSize(1)
                .connections(knobs -> knobs.resetOnClose(resetOnClose))
                .build();
    }

    private CompletableFuture<Void> query(Connection lease) {
        return CompletableFuture.runAsync(() -> {
            try (var statement = lease.createStatement()) {
                statement.execute("select pg_sleep(28)");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAbortDuringAQueryReturnsAtOnceAndEndsTheLease(boolean resetOnClose) throws Exception {
        try (var pool = pool(resetOnClose)) {
            Connection lease = pool.dataSource("database").getConnection();
            lease.setAutoCommit(false);
            answerLate();
            var query = query(lease);
            isAsking.await();
            lease.abort(Runnable::run);
            assertThat(query).isNotDone(); // so the abort has waited for nothing
            assertThat(lease.isClosed()).isTrue();
            assertThat(pool.stats().leased()).isZero();
            await().until(() -> pool.stats().disposed(DisposeReason.DEAD) == 1);
            mayAnswer.countDown();
            assertThatThrownBy(() -> query.get(20, TimeUnit.SECONDS)).hasRootCauseInstanceOf(SQLException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterADeathTheCloseAsksTheDriverNothing(boolean resetOnClose) throws Exception {
        try (var pool = pool(resetOnClose)) {
            Connection lease = pool.dataSource("database").getConnection();
            lease.setAutoCommit(false);
            driver.on("commit", arguments -> {
                throw StubDriver.gone();
            });
            assertThatThrownBy(lease::commit).isInstanceOf(SQLException.class);
            driver.calls();
            lease.close();
            await().until(() -> pool.stats().disposed(DisposeReason.DEAD) == 1);
            assertThat(driver.calls()).containsExactly("abort(Executor)", "close()");
        }
    }

    @Test
    void anAbortThatTheDriverDoesNotHaveEndsTheLeaseAllTheSame() throws Exception {
        driver.on("abort", arguments -> {
            throw new AbstractMethodError();
        });
        try (var pool = pool(true)) {
            Connection lease = pool.dataSource("database").getConnection();
            assertThatThrownBy(() -> lease.abort(Runnable::run)).isInstanceOf(AbstractMethodError.class);
            assertThat(lease.isClosed()).isTrue();
            pool.dataSource("database").getConnection().close();
            await().untilAsserted(() -> assertThat(pool.stats().created()).isEqualTo(2));
        }
    }

    @Test
    void whateverAResetThrowsTheLeaseEndsAndTheSessionIsDiscarded() throws Exception {
        for (Throwable thrown :
                new Throwable[] {new SQLException("no"), new IllegalStateException("no"), new AssertionError("no")}) {
            for (boolean resetOnClose : new boolean[] {true, false}) {
                driver.on("rollback", arguments -> {
                    throw thrown;
                });
                try (var pool = pool(resetOnClose)) {
                    Connection lease = pool.dataSource("database").getConnection();
                    lease.setAutoCommit(false);
                    lease.createStatement().execute("select 1");
                    if (resetOnClose && thrown instanceof Error) {
                        assertThatThrownBy(lease::close).isSameAs(thrown);
                    } else {
                        lease.close();
                    }
                    await().until(() -> pool.stats().total() == 0);
                    assertThat(pool.stats().leased()).isZero();
                }
            }
        }
    }

    @Test
    void aTestForDeathThatThrowsCountsAsDeath() throws Exception {
        try (var pool = JdbcPool.builder()
                .endpoint("database", driver.source())
                .maxSize(1)
                .connections(knobs -> knobs.goneWhen(e -> {
                    throw new IllegalStateException("a fault of the test");
                }))
                .build()) {
            var fault = new SQLException("syntax");
            try (var lease = pool.dataSource("database").getConnection()) {
                driver.on("nativeSQL", arguments -> {
                    throw fault;
                });
                assertThatThrownBy(() -> lease.nativeSQL("select")).isSameAs(fault);
            }
            pool.dataSource("database").getConnection().close();
            await().untilAsserted(() -> assertThat(pool.stats().created()).isEqualTo(2));
        }
    }
}
