package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.EndpointGroup;
import io.genericpool.EndpointStats;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.group.Routing;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** What a real server tells about its role, and what the pool does with it. The role is changed by configuration here. */
@Timeout(120)
class RoleTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static PostgresServer server;
    private JdbcPool pool;

    @BeforeAll
    static void startServer() throws Exception {
        server = PostgresServer.start(50);
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @AfterEach
    void stop() throws SQLException {
        pool.close();
        beReadOnly(false);
    }

    /** For sessions that exist too: it takes a moment until they have heard of it. */
    private static void beReadOnly(boolean value) throws SQLException {
        server.administer("alter system set default_transaction_read_only = " + (value ? "on" : "off"));
        server.administer("select pg_reload_conf()");
        await().until(() -> server.count("select (current_setting('default_transaction_read_only') = 'on')::int")
                == (value ? 1 : 0));
    }

    private static JdbcPoolBuilder builder() {
        return JdbcPool.builder()
                .maxSize(4)
                .acquireTimeout(Duration.ofSeconds(5))
                .wrongRolePause(Duration.ofMillis(300))
                .pool(knobs -> knobs.alivenessBypass(Duration.ZERO));
    }

    private void ask(String endpoint) throws SQLException {
        try (var connection = pool.dataSource(endpoint).getConnection();
                var statement = connection.createStatement()) {
            statement.execute("select 1");
        }
    }

    @Test
    void aWrongRoleFailsTheAttemptAndPausesTheEndpointAtOnce() throws Exception {
        pool = builder()
                .endpoint("reader", server.endpoint().role(DatabaseRole.READER))
                .endpoint("writer", server.endpoint().role(DatabaseRole.WRITER))
                .wrongRolePause(Duration.ofSeconds(10))
                .build();
        ask("writer");
        assertThatThrownBy(() -> ask("reader"))
                .hasRootCauseInstanceOf(DatabaseRoleException.class)
                .hasMessageContaining("reader must be a reader, but accepts writes")
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08001"));
        assertThatThrownBy(() -> ask("reader"))
                .hasCauseInstanceOf(EndpointUnavailableException.class)
                .hasRootCauseInstanceOf(DatabaseRoleException.class);
        assertThatThrownBy(() -> pool.connection("reader"))
                .isInstanceOfSatisfying(EndpointUnavailableException.class, e -> assertThat(
                                e.retryAfter().orElseThrow())
                        .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10)));
        pool.evict("reader"); // an operator may know better
        assertThatThrownBy(() -> ask("reader")).hasMessageContaining("accepts writes");
    }

    @Test
    void aRoleThatChangesIsNoticedAtTheNextCheckAndAgainWhenItChangesBack() throws Exception {
        pool = builder()
                .endpoint("writer", server.endpoint().role(DatabaseRole.WRITER))
                .build();
        try (var one = pool.connection("writer");
                var two = pool.connection("writer")) {
            assertThat(one.connection().isValid(5) && two.connection().isValid(5))
                    .isTrue();
        }
        await().until(() -> pool.stats("writer").orElseThrow().idle() == 2);
        beReadOnly(true);
        await().atMost(LONG).untilAsserted(() -> assertThatThrownBy(() -> ask("writer"))
                .hasRootCauseInstanceOf(DatabaseRoleException.class)
                .hasMessageContaining("is read-only"));
        await().untilAsserted(() -> assertThat(pool.stats().total()).isZero());
        beReadOnly(false);
        await().atMost(LONG).ignoreExceptions().until(() -> {
            ask("writer");
            return true;
        });
    }

    @Test
    void aWriteThatIsRefusedAtAWriterTakesAllItsConnectionsOut() throws Exception {
        pool = builder()
                .endpoint("writer", server.endpoint().role(DatabaseRole.WRITER))
                .pool(knobs -> knobs.alivenessBypass(LONG)) // no check tells it first
                .build();
        try (var one = pool.dataSource("writer").getConnection();
                var two = pool.dataSource("writer").getConnection()) {
            assertThat(one.isValid(5) && two.isValid(5)).isTrue();
            beReadOnly(true);
            two.close();
            await().until(() -> pool.stats("writer").orElseThrow().idle() == 1);
            await().atMost(LONG).untilAsserted(() -> assertThatThrownBy(() -> write(one))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006")));
        }
        assertThatThrownBy(() -> ask("writer")).hasRootCauseInstanceOf(DatabaseRoleException.class);
        await().untilAsserted(() -> assertThat(pool.stats().total()).isZero());
    }

    @Test
    void aConnectionAttemptThatFindsAWrongRoleHasTheOthersCheckedBeforeTheirNextLease() throws Exception {
        pool = builder()
                .endpoint("writer", server.endpoint().role(DatabaseRole.WRITER))
                .pool(knobs -> knobs.alivenessBypass(Duration.ofMinutes(10))) // no check tells it first
                .build();
        try (var one = pool.connection("writer");
                var two = pool.connection("writer")) {
            assertThat(one.connection().isValid(5) && two.connection().isValid(5))
                    .isTrue();
        }
        await().until(() -> pool.stats("writer").orElseThrow().idle() == 2);
        beReadOnly(true);
        // Each session hears of the change in its own time.
        await().atMost(LONG).untilAsserted(() -> {
            assertThatThrownBy(() -> pool.pool().newConnection("writer"))
                    .hasRootCauseInstanceOf(DatabaseRoleException.class);
            assertThatThrownBy(() -> ask("writer")).hasRootCauseInstanceOf(DatabaseRoleException.class);
        });
    }

    private static void write(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("create schema written");
            statement.execute("drop schema written");
        }
    }

    /** Spring does so for a read-only transaction; a write in it is a mistake of the application. */
    @Test
    void aHolderThatMadeItsSessionReadOnlyHasCausedTheRefusalItself() throws Exception {
        pool = builder()
                .endpoint("writer", server.endpoint().role(DatabaseRole.WRITER))
                .build();
        try (var connection = pool.dataSource("writer").getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> write(connection)).isInstanceOf(SQLException.class);
            connection.rollback();
        }
        await().untilAsserted(() ->
                assertThat(pool.stats("writer").orElseThrow().idle()).isEqualTo(1));
        ask("writer");
        assertThat(pool.stats().created()).isEqualTo(1);
    }

    @Test
    void aSessionThatItsEndpointMakesReadOnlyIsStillOneOfAWriter() throws Exception {
        pool = builder()
                .endpoint(
                        "reports",
                        server.endpoint()
                                .role(DatabaseRole.WRITER)
                                .readOnly(true)
                                .autoCommit(false))
                .build();
        ask("reports");
        await().until(() -> pool.stats("reports").orElseThrow().idle() == 1); // its reset is done
        ask("reports"); // after a check
        assertThat(pool.stats().created()).isEqualTo(1);
    }

    @Test
    void aServerThatDoesNotKnowTheQuestionIsAskedOnce() throws Exception {
        shadowTheQuestion();
        pool = builder()
                .endpoint(
                        "old",
                        server.endpoint()
                                .role(DatabaseRole.READER)
                                .autoCommit(false)
                                .initSql("set search_path to shadow, pg_catalog"))
                .build();
        try (var one = pool.connection("old");
                var two = pool.connection("old")) {
            assertThat(one.connection().isValid(5) && two.connection().isValid(5))
                    .isTrue();
        }
        await().until(() -> pool.stats("old").orElseThrow().idle() == 2);
        ask("old");
        assertThat(server.count("select last_value from shadow.asked")).isEqualTo(1);
    }

    /** The server knows no such function, in sessions with this search path. */
    private static void shadowTheQuestion() throws SQLException {
        try (var administrator = server.administrator();
                var statement = administrator.createStatement()) {
            statement.execute("drop schema if exists shadow cascade");
            statement.execute("create schema shadow");
            statement.execute("grant usage on schema shadow to public");
            statement.execute("create sequence shadow.asked");
            statement.execute("grant all on shadow.asked to public");
            statement.execute("""
                create function shadow.pg_is_in_recovery() returns boolean language plpgsql as $$
                begin
                  perform nextval('shadow.asked');
                  raise exception 'unknown' using errcode = '42883';
                end $$\
                """);
        }
    }

    /** Such as one that wraps another pool. */
    private static DataSource withoutAutoCommit() {
        return new AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = server.administrator();
                connection.setAutoCommit(false);
                return connection;
            }

            @Override
            public Connection getConnection(String user, String password) throws SQLException {
                return getConnection();
            }
        };
    }

    @Test
    void aSourceWithoutAutoCommitGetsTheSettingsOfItsEndpointAfterTheQuestion() throws Exception {
        pool = builder()
                .endpoint(
                        "writer",
                        JdbcEndpoint.dataSource(withoutAutoCommit())
                                .role(DatabaseRole.WRITER)
                                .readOnly(true)
                                .isolation(Connection.TRANSACTION_SERIALIZABLE))
                .build();
        try (var connection = pool.dataSource("writer").getConnection()) {
            assertThat(connection.isReadOnly()).isTrue();
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
        }
    }

    @Test
    void whatTheInitialSqlHasSetIsKeptWhenTheQuestionIsUnknown() throws Exception {
        shadowTheQuestion();
        pool = builder()
                .endpoint(
                        "old",
                        JdbcEndpoint.dataSource(withoutAutoCommit())
                                .role(DatabaseRole.WRITER)
                                .initSql("set search_path to shadow, pg_catalog"))
                .build();
        try (var connection = pool.dataSource("old").getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("show search_path")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("shadow, pg_catalog");
        }
    }

    /** Also within the time in which connections are not checked. */
    @Test
    void aConnectionFromBeforeItsEndpointJoinedAGroupIsNotLeasedInAnotherRole() throws Exception {
        pool = builder()
                .endpoint("a", server.endpoint())
                .endpoint("b", server.endpoint())
                .group("readers", DatabaseRole.READER, Routing.inOrder(), "a")
                .pool(knobs -> knobs.alivenessBypass(Duration.ofMinutes(1)))
                .build();
        ask("b");
        await().until(() -> pool.stats("b").orElseThrow().idle() == 1);
        pool.group("readers").members(List.of("b"));
        assertThatThrownBy(() -> ask("readers")).hasMessageContaining("b must be a reader");
    }

    @Test
    void aConnectionThatWasLeasedWhenItsEndpointJoinedAGroupIsNotLeasedInAnotherRole() throws Exception {
        pool = builder().endpoint("b", server.endpoint()).build();
        try (var held = pool.connection("b")) {
            assertThat(held.connection().isValid(5)).isTrue();
            var unused =
                    ((CheckedPool) pool.pool()).group("readers", DatabaseRole.READER, Routing.inOrder(), List.of("b"));
        }
        await().until(() -> pool.stats("b").map(EndpointStats::total).orElse(0) == 0);
        assertThatThrownBy(() -> ask("readers")).hasMessageContaining("b must be a reader");
    }

    @Test
    void anEndpointHasTheRoleOfAGroupOnlyWhileItIsAMember() throws Exception {
        pool = builder()
                .endpoint("a", server.endpoint())
                .endpoint("b", server.endpoint())
                .group("readers", DatabaseRole.READER, Routing.inOrder(), "a")
                .group("writers", DatabaseRole.WRITER, Routing.inOrder(), "b")
                .build();
        // A change that is refused gives no role.
        EndpointGroup<String, Connection> readers = pool.group("readers");
        EndpointGroup<String, Connection> writers = pool.group("writers");
        writers.close();
        assertThatThrownBy(() -> readers.members(List.of("b", "b"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(readers.members()).containsExactly("a");
        ask("b");
        // Former members have none, and may have another one.
        assertThatThrownBy(() -> ask("a")).hasMessageContaining("a must be a reader");
        readers.members(List.of("b"));
        pool.evict("a");
        ask("a");
        assertThatThrownBy(() -> ask("b")).hasMessageContaining("b must be a reader");
        readers.close();
        pool.evict("b");
        ask("b");
        assertThatThrownBy(() -> readers.members(List.of("b"))).isInstanceOf(IllegalStateException.class);
        ask("b");
    }

    @Test
    void aGroupUsesOnlyItsMembersInItsRole() throws Exception {
        pool = builder()
                .endpoint("a", server.endpoint())
                .endpoint("b", server.endpoint().initSql("set session characteristics as transaction read only"))
                .endpoint("other", Postgres.master().endpoint())
                .group("readers", DatabaseRole.READER, Routing.inOrder(), "a", "b")
                .group("writers", DatabaseRole.WRITER, Routing.inOrder(), "other")
                .build();
        // Both members of the readers are writers, whatever their sessions begin with.
        assertThatThrownBy(() -> ask("readers"))
                .hasMessageContaining("readers")
                .hasMessageContaining("a must be a reader")
                .hasMessageContaining("b must be a reader");
        ask("writers");
        pool.group("readers").members(List.of("b"));
        assertThatThrownBy(() -> pool.group("readers").members(List.of("other")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("WRITER");
    }
}
