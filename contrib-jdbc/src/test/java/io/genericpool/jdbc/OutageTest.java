package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.genericpool.DisposeReason;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions killed, a server stopped and started again, full, or with another password: a real one each time. */
@Timeout(120)
class OutageTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static PostgresServer server;
    private JdbcPool pool;
    private DataSource source;

    @BeforeAll
    static void startServer() throws Exception {
        server = PostgresServer.start(12);
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @AfterEach
    void stop() {
        pool.close(Duration.ofSeconds(5));
    }

    private void open(JdbcPoolBuilder builder) {
        pool = builder.build();
        source = pool.dataSource("master");
    }

    private static JdbcPoolBuilder fourConnections() {
        return JdbcPool.builder()
                .endpoint("master", server.endpoint())
                .maxSize(4)
                .acquireTimeout(Duration.ofSeconds(5));
    }

    private void assertSound(Load load) throws Exception {
        assertThat(load.unexpected()).isEmpty();
        assertThat(load.leaks()).isEmpty();
        await().untilAsserted(() -> assertThat(pool.stats().pending()).isZero());
        // A full server keeps the place of a session that has ended for a moment, even of an administrator's.
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(server.sessionsInTransaction()).isZero());
        assertThat(pool.stats().leased()).isZero();
        assertThat(pool.stats().total()).isLessThanOrEqualTo(4);
        try (var connection = source.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from ledger where kind = 'committed'")) {
            rows.next();
            assertThat(rows.getLong(1)).isBetween(load.committed(), load.committed() + load.unknown());
        }
    }

    @Test
    void sessionsKilledUnderLoadCostTheirHoldersAndNobodyElse() throws Exception {
        open(fourConnections());
        try (var load = new Load(source, 8)) {
            for (int i = 0; i < 5; i++) {
                load.awaitSuccesses(3, LONG);
                assertThat(server.killSessions()).isPositive();
            }
            load.awaitSuccesses(10, LONG);
            long failures = load.failures();
            load.awaitSuccesses(20, LONG);
            assertThat(load.failures()).as("failures after the last kill").isEqualTo(failures);
            load.close();
            assertSound(load);
        }
        assertThat(pool.stats().disposed(DisposeReason.DEAD)).isPositive();
    }

    @Test
    void anIdleConnectionThatWasKilledReachesNobodyWhenItIsAlwaysChecked() throws Exception {
        open(fourConnections().pool(knobs -> knobs.alivenessBypass(Duration.ZERO)));
        for (int i = 0; i < 10; i++) {
            try (var one = source.getConnection();
                    var two = source.getConnection()) {
                assertThat(one.createStatement().execute("select 1")).isTrue();
                assertThat(two.createStatement().execute("select 1")).isTrue();
            }
            assertThat(server.killSessions()).isEqualTo(2);
        }
        source.getConnection().close();
        assertThat(pool.stats().disposed(DisposeReason.DEAD)).isGreaterThanOrEqualTo(10);
    }

    @Test
    void afterARestartUnderLoadThePoolIsBackWithinTwoSecondsOfTheServer() throws Exception {
        open(fourConnections());
        try (var load = new Load(source, 8)) {
            for (int i = 0; i < 2; i++) {
                load.awaitSuccesses(3, LONG);
                long failures = load.failures();
                server.stop();
                await().atMost(LONG).until(() -> load.failures() > failures + 20);
                server.start();
                load.awaitSuccesses(1, Duration.ofSeconds(2));
            }
            load.awaitSuccesses(5, LONG);
            long failures = load.failures();
            load.awaitSuccesses(20, LONG);
            assertThat(load.failures()).as("failures once it is back").isEqualTo(failures);
            load.close();
            assertSound(load);
        }
    }

    @Test
    void aNewPasswordCountsFromTheNextConnectOn() throws Exception {
        var password = new AtomicReference<>("first secret");
        open(JdbcPool.builder()
                .endpoint(
                        "master",
                        JdbcEndpoint.url(server.url())
                                .credentials(() -> Credentials.of(PostgresServer.USER, password.get())))
                .maxSize(4));
        try (var load = new Load(source, 4)) {
            load.awaitSuccesses(3, LONG);
            server.administer("alter role " + PostgresServer.USER + " password 'second secret'");
            try {
                load.awaitSuccesses(3, LONG); // what is connected stays so
                pool.evict("master");
                await().atMost(LONG).until(() -> load.failures() > 0);
                var refused = catchThrowableOfType(SQLNonTransientConnectionException.class, source::getConnection);
                assertThat(refused.getSQLState()).isEqualTo("28P01");
                password.set("second secret");
                load.awaitSuccesses(3, LONG);
            } finally {
                server.administer("alter role " + PostgresServer.USER + " password 'first secret'");
            }
            load.close();
            assertThat(load.unexpected()).isEmpty();
            assertThat(load.leaks()).isEmpty();
        }
    }

    /** Where connects fail one of eight would fail; here they wait for the one connection there is, as if maxSize were 1. */
    @Test
    void whoWaitsAtAFullServerIsServedByWhatThePoolHas() throws Exception {
        open(fourConnections().acquireTimeout(LONG));
        source.getConnection().close();
        List<Connection> others = new ArrayList<>();
        try {
            fill(others);
            try (var load = new Load(source, 8)) {
                load.awaitSuccesses(20, LONG);
                load.close();
                assertThat(load.failures()).isZero();
                assertSound(load);
            }
        } finally {
            for (Connection other : others) {
                other.close();
            }
        }
    }

    @Test
    void aServerThatTakesNoMoreConnectionsSaysSoAndIsUsedAgainWhenItDoes() throws Exception {
        open(fourConnections().acquireTimeout(Duration.ofSeconds(1))); // its limit is lowered for longer
        source.getConnection().close();
        List<Connection> others = new ArrayList<>();
        try {
            SQLException full = fill(others);
            assertThat(full.getSQLState()).isEqualTo("53300");
            try (var held = source.getConnection()) { // the one it has is still good
                assertThat(held.isValid(5)).isTrue();
                var refused = catchThrowableOfType(SQLTransientConnectionException.class, source::getConnection);
                assertThat(refused.getSQLState()).isEqualTo("53300");
                assertThat((Throwable) refused).hasMessageContaining("master").hasMessageContaining("1 connection");
                assertThat((Throwable) refused).hasRootCauseMessage(full.getMessage());
                assertThat(pool.pool().stats("master").orElseThrow().effectiveMaxSize())
                        .isEqualTo(1);
            }
            try (var again = source.getConnection()) {
                assertThat(again.isValid(5)).isTrue();
            }
        } finally {
            for (Connection other : others) {
                other.close();
            }
        }
        await().atMost(LONG).ignoreExceptions().untilAsserted(() -> {
            try (var one = source.getConnection();
                    var two = source.getConnection()) {
                assertThat(one.isValid(5) && two.isValid(5)).isTrue();
            }
        });
    }

    /** Opens connections beside the pool until the server refuses one. */
    private static SQLException fill(List<Connection> others) throws Exception {
        for (int i = 0; i < 50; i++) {
            try {
                others.add(DriverManager.getConnection(server.url(), PostgresServer.USER, "first secret"));
            } catch (SQLException e) {
                return e;
            }
        }
        throw new AssertionError("the server takes any number of connections");
    }
}
