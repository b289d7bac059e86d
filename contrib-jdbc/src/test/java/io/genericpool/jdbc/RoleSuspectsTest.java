package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.dbcp2.DelegatingConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one connection finds out about the role of its database is known to the others, and no driver is asked for it. */
@Timeout(60)
class RoleSuspectsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private volatile boolean isReadOnly;
    private final StubDriver stub = new StubDriver()
            .on("getMetaData", arguments -> metaData())
            .on("next", arguments -> true)
            .on("getString", arguments -> isReadOnly ? "1" : "0");
    private final JdbcConnectionManager manager = JdbcConnectionManager.builder()
            .endpoint("w", JdbcEndpoint.dataSource(stub.source()).role(DatabaseRole.WRITER))
            .endpoint("other", JdbcEndpoint.dataSource(stub.source()).role(DatabaseRole.WRITER))
            .build();

    @AfterEach
    void close() {
        manager.close();
    }

    /** Of a database and of the answer to the question. */
    private static Object metaData() {
        return Proxy.newProxyInstance(
                RoleSuspectsTest.class.getClassLoader(),
                new Class<?>[] {DatabaseMetaData.class, ResultSetMetaData.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "getDatabaseProductName" -> "MySQL";
                    case "getColumnCount" -> 1;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static final class Signals implements ConnectionSignals {
        final AtomicInteger suspected = new AtomicInteger();
        volatile @Nullable Throwable death;

        @Override
        public void dead(@Nullable Throwable cause) {
            death = cause;
        }

        @Override
        public void retire() {
            throw new AssertionError("it may be alive");
        }

        @Override
        public void suspect() {
            suspected.incrementAndGet();
        }
    }

    private static final class Held implements LeaseScope {
        @Override
        public boolean isActive() {
            return true;
        }

        @Override
        public void onEnd(Runnable action) {}
    }

    private Connection open(String endpoint, Signals signals) throws Exception {
        Connection made = manager.create(endpoint, LONG);
        manager.bind(endpoint, made, signals);
        return made;
    }

    @Test
    void aConnectionAttemptThatFindsAWrongRoleMakesTheOthersSuspects() throws Exception {
        var one = new Signals();
        var two = new Signals();
        var other = new Signals();
        open("w", one);
        Connection ended = open("w", two);
        open("other", other);
        isReadOnly = true;
        assertThatThrownBy(() -> manager.create("w", LONG)).isInstanceOf(DatabaseRoleException.class);
        assertThat(one.suspected).hasValue(1);
        assertThat(two.suspected).hasValue(1);
        assertThat(other.suspected).as("of another endpoint").hasValue(0);

        manager.dispose("w", ended, LONG);
        assertThatThrownBy(() -> manager.create("w", LONG)).isInstanceOf(DatabaseRoleException.class);
        assertThat(one.suspected).hasValue(2);
        assertThat(two.suspected).as("it has left").hasValue(1);
        assertThat(one.death).isNull();
    }

    @Test
    void aCheckThatFindsAWrongRoleMakesTheOthersSuspects() throws Exception {
        var one = new Signals();
        var two = new Signals();
        Connection asked = open("w", one);
        open("w", two);
        assertThat(manager.checkAliveness("w", asked, LONG)).isTrue();
        assertThat(two.suspected).hasValue(0);
        isReadOnly = true;
        assertThat(manager.checkAliveness("w", asked, LONG)).isFalse();
        assertThat(one.death).isInstanceOf(DatabaseRoleException.class);
        assertThat(two.suspected).hasValue(1);
        assertThat(two.death).isNull();
    }

    /** Also those within the time in which connections are not checked. */
    @Test
    void thePoolAsksASuspectBeforeItsNextLease() throws Exception {
        try (var pool = JdbcPool.builder()
                .endpoint("w", JdbcEndpoint.dataSource(stub.source()).role(DatabaseRole.WRITER))
                .pool(knobs -> knobs.alivenessBypass(Duration.ofMinutes(10)))
                .build()) {
            pool.dataSource("w").getConnection().close();
            await().until(() -> pool.stats("w").orElseThrow().idle() == 1);
            isReadOnly = true;
            pool.dataSource("w").getConnection().close();
            await().until(() -> pool.stats("w").orElseThrow().idle() == 1); // nothing has told it yet
            assertThatThrownBy(() -> pool.pool().newConnection("w"))
                    .hasRootCauseInstanceOf(DatabaseRoleException.class);
            assertThatThrownBy(() -> pool.connection("w")).hasRootCauseInstanceOf(DatabaseRoleException.class);
            await().untilAsserted(() -> assertThat(pool.stats().total()).isZero());
        }
    }

    private void refuseWrites() {
        stub.on("execute", arguments -> {
            throw new SQLException("cannot execute this in a read-only transaction", "25006");
        });
    }

    private static void write(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("insert")).isInstanceOf(SQLException.class);
        }
    }

    private JdbcPool pool(JdbcEndpoint endpoint) {
        return JdbcPool.builder()
                .endpoint("w", endpoint.role(DatabaseRole.WRITER))
                .maxSize(1)
                .build();
    }

    @Test
    void aRefusedWriteIsJudgedWithoutTheDriver() throws Exception {
        refuseWrites();
        try (var pool = pool(JdbcEndpoint.dataSource(stub.source()))) {
            try (var connection = pool.dataSource("w").getConnection()) {
                connection.setReadOnly(true);
                connection.setReadOnly(false);
                stub.calls();
                write(connection);
                assertThat(stub.calls()).doesNotContain("isReadOnly()");
            }
            await().untilAsserted(() -> assertThat(pool.stats().total()).isZero());
        }
    }

    @Test
    void aHolderThatMadeItsSessionReadOnlyIsNoSignOfTheRoleAndTheNextHolderIs() throws Exception {
        refuseWrites();
        try (var pool = pool(JdbcEndpoint.dataSource(stub.source()))) {
            try (var connection = pool.dataSource("w").getConnection()) {
                connection.setReadOnly(true);
                stub.calls();
                write(connection);
                assertThat(stub.calls()).doesNotContain("isReadOnly()");
            }
            await().until(() -> pool.stats("w").orElseThrow().idle() == 1);
            assertThat(pool.stats().created()).isEqualTo(1);
            try (var connection = pool.dataSource("w").getConnection()) {
                write(connection);
            }
            await().untilAsserted(() -> assertThat(pool.stats().total()).isZero());
        }
    }

    /** It may have made it read-only by the driver's own connection. */
    @Test
    void aHolderOfTheDriversConnectionIsNoSignOfTheRole() throws Exception {
        refuseWrites();
        try (var pool = pool(JdbcEndpoint.dataSource(stub.source()))) {
            try (var connection = pool.dataSource("w").getConnection()) {
                ((DelegatingConnection<?>) connection).getDelegate().setReadOnly(true);
                write(connection);
            }
            await().until(() -> pool.stats("w").orElseThrow().idle() == 1);
            assertThat(pool.stats().created()).isEqualTo(1);
        }
    }

    @Test
    void anEndpointThatMakesItsSessionsReadOnlyCausesTheRefusalItself() throws Exception {
        refuseWrites();
        try (var pool = pool(JdbcEndpoint.dataSource(stub.source()).readOnly(true))) {
            try (var connection = pool.dataSource("w").getConnection()) {
                write(connection);
            }
            await().until(() -> pool.stats("w").orElseThrow().idle() == 1);
            try (var connection = pool.dataSource("w").getConnection()) {
                connection.setReadOnly(false);
                write(connection);
            }
            await().untilAsserted(() -> assertThat(pool.stats().total()).isZero());
        }
    }

    @Test
    void aRefusedWriteMakesTheOthersSuspects() throws Exception {
        refuseWrites();
        var one = new Signals();
        var two = new Signals();
        Connection first = open("w", one);
        open("w", two);
        write(manager.lend("w", first, new Held()));
        assertThat(one.death).isNotNull();
        assertThat(two.suspected).hasValue(1);
    }
}
