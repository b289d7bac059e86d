package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.group.Routing;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Groups of databases, their names and their {@code DataSource}. Each database tells its own name. */
@Timeout(60)
class GroupTest {
    private JdbcPool pool;

    @AfterEach
    void stop() {
        if (pool != null) {
            pool.close();
        }
    }

    private static JdbcPoolBuilder builder() {
        return JdbcPool.builder()
                .endpoint("r1", H2.source("group1"))
                .endpoint("r2", H2.source("group2"))
                .endpoint("r3", H2.source("group3"))
                .maxSize(2)
                .acquireTimeout(Duration.ofSeconds(5));
    }

    private static String database(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select database()")) {
            rows.next();
            return rows.getString(1).toLowerCase(Locale.ROOT).replace("group", "r");
        }
    }

    @Test
    void theDataSourceOfAGroupLeasesFromAnyMember() throws Exception {
        pool = builder()
                .group("readers", Routing.leastLoaded(), "r1", "r2", "r3")
                .build();
        JdbcDataSource readers = pool.dataSource("readers");
        try (var one = readers.getConnection();
                var two = readers.getConnection();
                var three = readers.getConnection()) {
            assertThat(List.of(database(one), database(two), database(three)))
                    .containsExactlyInAnyOrder("r1", "r2", "r3");
        }
        assertThat(readers.endpoint()).isEqualTo("readers");
        assertThat(readers.group()).containsSame(pool.group("readers"));
        assertThat(pool.dataSource("r1").group()).isEmpty();
        assertThat(readers).isEqualTo(pool.dataSource("readers")).isNotEqualTo(pool.dataSource("r1"));
        assertThat(readers).hasSameHashCodeAs(pool.dataSource("readers")).hasToString("DataSource(group readers)");
        assertThat(readers.isWrapperFor(EndpointGroup.class)).isTrue();
        assertThat(readers.unwrap(EndpointGroup.class)).isSameAs(pool.group("readers"));
        assertThat(readers.unwrap(ConnectionPool.class)).isSameAs(pool.pool());
        assertThat(pool.group("readers").stats().leases()).isEqualTo(Map.of("r1", 1L, "r2", 1L, "r3", 1L));
    }

    @Test
    void aFullMemberIsLeftForTheNextOne() throws Exception {
        pool = builder().group("readers", Routing.inOrder(), "r1", "r2").build();
        JdbcDataSource readers = pool.dataSource("readers");
        try (var one = readers.getConnection();
                var two = readers.getConnection();
                var three = readers.getConnection()) {
            assertThat(List.of(database(one), database(two), database(three))).containsExactly("r1", "r1", "r2");
        }
        assertThat(pool.group("readers").stats().spillOvers()).isEqualTo(1);
    }

    @Test
    void thePoolTakesTheNameOfAGroupAsWell() throws Exception {
        pool = builder().group("readers", Routing.inOrder(), "r2", "r3").build();
        try (var lease = pool.connection("readers");
                var other = pool.connection("readers", Duration.ofSeconds(5));
                var third = pool.connection("readers", Duration.ofSeconds(5))) {
            assertThat(List.of(lease.endpoint(), other.endpoint(), third.endpoint()))
                    .containsExactly("r2", "r2", "r3");
        }
        assertThat(pool.<String, SQLException>use("readers", GroupTest::database))
                .isEqualTo("r2");
        assertThat(pool.<String, SQLException>use("r3", GroupTest::database)).isEqualTo("r3");
        pool.group("readers").close();
        assertThatThrownBy(() -> pool.connection("readers"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("endpoint must be one of [r1, r2, r3], but is readers");
    }

    @Test
    void whatTakesAnEndpointOnlySaysHowToUseAGroup() {
        pool = builder().group("readers", Routing.inOrder(), "r2", "r3").build();
        String expected =
                "endpoint must be one of [r1, r2, r3], but readers is a group; use group(name) of the JdbcPool,"
                        + " or groups() of its pool";
        assertThatThrownBy(() -> pool.pool().connection("readers"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(expected);
        assertThatThrownBy(() -> pool.evict("readers")).hasMessage(expected);
        assertThatThrownBy(() -> pool.stats("readers")).hasMessage(expected);
        assertThatThrownBy(() -> pool.warmUp("readers", 1)).hasMessage(expected);
        assertThatThrownBy(() -> pool.dataSource(() -> "readers").getConnection())
                .isInstanceOf(SQLNonTransientConnectionException.class)
                .hasMessage(expected);
    }

    /** An endpoint that is found by its name may have that of a group. The group comes first, as for a DataSource. */
    @Test
    void anOpenGroupComesBeforeAnEndpointThatIsFound() {
        pool = JdbcPool.builder()
                .endpoint("r1", H2.source("group1"))
                .connections(knobs -> knobs.endpoints(name -> JdbcEndpoint.dataSource(H2.source("found"))))
                .group("readers", Routing.inOrder(), "r1")
                .build();
        try (var lease = pool.connection("readers")) {
            assertThat(lease.endpoint()).isEqualTo("r1");
        }
        try (var lease = pool.connection("tenant")) {
            assertThat(lease.endpoint()).isEqualTo("tenant");
        }
    }

    @Test
    void theLoginTimeoutBoundsAnAcquire() throws Exception {
        pool = builder().group("readers", Routing.roundRobin(), "r1").maxSize(1).build();
        JdbcDataSource readers = pool.dataSource("readers");
        readers.setLoginTimeout(1);
        try (var held = readers.getConnection()) {
            assertThat(held.isValid(1)).isTrue();
            assertThatThrownBy(readers::getConnection)
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessageContaining("readers")
                    .hasMessageContaining("1 s");
        }
    }

    @Test
    void membersFromDiscoveryMustBeKnown() throws Exception {
        pool = builder().group("readers", Routing.inOrder(), "r1").build();
        EndpointGroup<String, Connection> readers = pool.group("readers");
        readers.members(List.of("r2", "r3"));
        try (var connection = pool.dataSource("readers").getConnection()) {
            assertThat(database(connection)).isEqualTo("r2");
        }
        assertThatThrownBy(() -> readers.members(List.of("r2", "r4")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("r4");
        assertThat(readers.members()).containsExactly("r2", "r3");
    }

    @Test
    void aGroupIsCreatedAndClosedAtRunTimeToo() throws Exception {
        pool = builder().build();
        EndpointGroup<String, Connection> group = pool.pool().group("two", Routing.roundRobin(), "r1", "r2");
        assertThat(pool.group("two")).isSameAs(group);
        assertThat(pool.pool().groups()).containsOnlyKeys("two");
        JdbcDataSource source = pool.dataSource("two");
        source.getConnection().close();
        group.close();
        var failure = catchThrowableOfType(SQLNonTransientConnectionException.class, source::getConnection);
        assertThat((Throwable) failure).hasMessageContaining("two").hasMessageContaining("closed");
        assertThat(pool.pool().groups()).isEmpty();
        assertThatThrownBy(() -> pool.dataSource("two")).hasMessageContaining("two");
        assertThatThrownBy(() -> pool.pool().group("two", Routing.roundRobin(), "r1", "r9"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("r9");
        try (var again = pool.pool().group("two", Routing.roundRobin(), "r3")) {
            assertThat(again.members()).containsExactly("r3");
        }
    }

    /** Its {@code DataSource} would lead to the members of the group from then on. */
    @Test
    void aGroupDoesNotTakeTheNameOfAnEndpointAtRunTimeEither() throws Exception {
        pool = builder().build();
        assertThatThrownBy(() -> pool.pool().group("r1", Routing.inOrder(), "r2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("r1")
                .hasMessageContaining("name of its own");
        assertThat(pool.pool().groups()).isEmpty();
        try (var connection = pool.dataSource("r1").getConnection()) {
            assertThat(database(connection)).isEqualTo("r1");
        }
    }

    @Test
    void whatContradictsItselfIsRefusedWhenThePoolIsBuilt() {
        JdbcPoolBuilder taken = builder().group("readers", Routing.inOrder(), "r1");
        assertThatThrownBy(() -> taken.group("readers", Routing.inOrder(), "r2"))
                .hasMessageContaining("readers");
        assertThatThrownBy(() -> builder().group(" ", Routing.inOrder(), "r1")).hasMessageContaining("name");
        assertThatThrownBy(() -> builder().group("r1", Routing.inOrder(), "r2").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("r1");
        assertThatThrownBy(() ->
                        builder().group("readers", Routing.inOrder(), "r4").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[r1, r2, r3]");
        assertThatThrownBy(() -> builder().group("readers", Routing.inOrder()).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder()
                        .group("readers", DatabaseRole.READER, Routing.inOrder(), "r1", "r2")
                        .group("writers", DatabaseRole.WRITER, Routing.inOrder(), "r2")
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("r2")
                .hasMessageContaining("WRITER")
                .hasMessageContaining("two endpoints");
        assertThatThrownBy(() -> builder().wrongRolePause(Duration.ZERO)).hasMessageContaining("wrongRolePause");
        pool = builder().build();
        assertThatThrownBy(() -> pool.group("readers"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("readers");
    }

    /** Nothing is left behind by a pool that is refused after its parts were made. */
    @Test
    void aPoolThatIsRefusedIsClosed() throws Exception {
        var ours = new ObjectName("io.genericpool:*");
        Set<ObjectName> before = ManagementFactory.getPlatformMBeanServer().queryNames(ours, null);
        JdbcPoolBuilder builder = builder().pool(knobs -> knobs.registerMBean(true));
        builder.group("weighted", Routing.weighted(name -> 0), "r1");
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weight");
        assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(ours, null))
                .isEqualTo(before);
    }

    @Test
    void aDatabaseThatCannotTellItsRoleHasEveryRole() throws Exception {
        List<String> logged = new CopyOnWriteArrayList<>();
        var handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                logged.add(MessageFormat.format(line.getMessage(), line.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(JdbcPool.class.getName());
        logger.addHandler(handler);
        try {
            pool = builder()
                    .group("readers", DatabaseRole.READER, Routing.inOrder(), "r1")
                    .group("writers", DatabaseRole.WRITER, Routing.inOrder(), "r2")
                    .build();
            JdbcDataSource readers = pool.dataSource("readers");
            try (var one = readers.getConnection();
                    var two = readers.getConnection()) {
                assertThat(database(one)).isEqualTo(database(two));
            }
            pool.dataSource("writers").getConnection().close();
            assertThat(pool.stats().connectFailures()).isZero();
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(logged).hasSize(2); // not once per connection
        assertThat(logged.get(0)).contains("r1").contains("READER");
        assertThat(logged.get(1)).contains("r2").contains("WRITER");
    }

    /** MySQL's error for a user that has asked too much within the hour is no answer, and not for ever. */
    @Test
    void aServerThatRefusesTheQuestionForNowIsAskedAgain() throws Exception {
        var refuses = new AtomicBoolean(true);
        var asked = new AtomicInteger();
        var stub = new StubDriver()
                .on("getDatabaseProductName", arguments -> "MySQL")
                .on("executeQuery", arguments -> {
                    asked.incrementAndGet();
                    if (refuses.get()) {
                        throw new SQLException("max_queries_per_hour", "42000", 1226);
                    }
                    throw new SQLException("Unknown system variable", "HY000", 1193);
                });
        try (var manager = JdbcConnectionManager.builder()
                .endpoint("w", JdbcEndpoint.dataSource(stub.source()).role(DatabaseRole.WRITER))
                .build()) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> manager.create("w", Duration.ofSeconds(5)))
                        .isInstanceOfSatisfying(Exception.class, e -> assertThat(manager.isTooMany("w", e))
                                .isTrue());
            }
            refuses.set(false);
            for (int i = 0; i < 2; i++) {
                manager.dispose("w", manager.create("w", Duration.ofSeconds(5)), Duration.ofSeconds(5));
            }
            assertThat(asked).hasValue(3);
        }
    }
}
