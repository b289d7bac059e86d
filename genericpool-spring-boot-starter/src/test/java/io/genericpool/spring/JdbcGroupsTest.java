package io.genericpool.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.GenericPoolException;
import io.genericpool.SuspendMode;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.group.Routing;
import io.genericpool.jdbc.JdbcDataSource;
import io.genericpool.jdbc.JdbcPool;
import io.genericpool.testkit.RefusingPort;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Groups of databases from properties. Each database tells its own name. */
@Timeout(60)
class JdbcGroupsTest {
    private static final String GROUP = "genericpool.jdbc.groups.readers.";

    private static ApplicationContextRunner runner() {
        ApplicationContextRunner runner = Contexts.runner();
        for (String name : List.of("main", "r1", "r2", "r3")) {
            runner = runner.withPropertyValues(
                    "genericpool.jdbc.endpoints." + name + ".url=jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
        }
        return runner.withPropertyValues("genericpool.jdbc.primary=main", "genericpool.jdbc.acquire-timeout=5s");
    }

    private static String database(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select database()")) {
            rows.next();
            return rows.getString(1).toLowerCase(Locale.ROOT);
        }
    }

    private static String database(JdbcTemplate template) {
        return template.queryForObject("select database()", String.class).toLowerCase(Locale.ROOT);
    }

    /** The databases of so many connections that are held at once, in their order. */
    private static List<String> databases(DataSource source, int count) throws SQLException {
        List<Connection> held = new ArrayList<>();
        List<String> found = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(source.getConnection());
                found.add(database(held.get(i)));
            }
        } finally {
            for (Connection connection : held) {
                connection.close();
            }
        }
        return found;
    }

    @Test
    void aGroupIsADataSourceOfItsOwnAndTheOneOfThePrimaryIsStillPreferred() {
        runner().withPropertyValues(GROUP + "members=r1,r2,r3").run(context -> {
            assertThat(context).hasNotFailed();
            var readers = context.getBean("readersDataSource", JdbcDataSource.class);
            assertThat(readers.group())
                    .containsSame(context.getBean(JdbcPool.class).group("readers"));
            assertThat(databases(readers, 3)).containsExactlyInAnyOrder("r1", "r2", "r3");
            assertThat(database(context.getBean(JdbcTemplate.class))).isEqualTo("main");
            assertThat(context).doesNotHaveBean("routingDataSource");
        });
    }

    @Test
    void everySettingReachesTheRouting() {
        runner().withPropertyValues(
                        GROUP + "members=r1,r2,r3",
                        GROUP + "policy=in-order",
                        GROUP + "tiers.r1=2",
                        GROUP + "tiers.r2=1",
                        GROUP + "spill-after=50ms",
                        GROUP + "hedge-after=200ms",
                        "genericpool.jdbc.max-size=1")
                .run(context -> {
                    DataSource readers = context.getBean("readersDataSource", DataSource.class);
                    assertThat(databases(readers, 3)).containsExactly("r3", "r2", "r1");
                });
        Routing<String> routing = new GroupReader<String>(
                        "any",
                        new GenericPoolProperties.Group(
                                List.of("r1", "r2"),
                                GenericPoolProperties.Policy.WEIGHTED,
                                null,
                                Map.of("r2", 7),
                                Map.of("r1", 3.0),
                                Duration.ofMillis(50),
                                Duration.ofMillis(200),
                                true),
                        new StandardEnvironment(),
                        (property, member) -> member)
                .routing();
        assertThat(routing).hasToString("WEIGHTED, tiers, spillAfter 50 ms, hedgeAfter 200 ms");
        assertThat(routing.weight().orElseThrow().applyAsDouble("r1")).isEqualTo(3);
        assertThat(routing.weight().orElseThrow().applyAsDouble("r2")).isEqualTo(1);
        assertThat(routing.tier().orElseThrow().applyAsInt("r1")).isZero();
        assertThat(routing.tier().orElseThrow().applyAsInt("r2")).isEqualTo(7);
    }

    @Test
    void readOnlyTransactionsGoToTheGroupOfReaders() {
        runner().withPropertyValues(
                        GROUP + "members=r2,r1", GROUP + "policy=in-order", "genericpool.jdbc.readers=readers")
                .run(context -> {
                    var template = context.getBean(JdbcTemplate.class);
                    var transaction = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
                    assertThat(transaction.<String>execute(status -> database(template)))
                            .isEqualTo("main");
                    transaction.setReadOnly(true);
                    assertThat(transaction.<String>execute(status -> database(template)))
                            .isEqualTo("r2");
                    assertThat(database(template)).isEqualTo("main");
                    assertThat(context.getBean(DataSource.class)).isSameAs(context.getBean("routingDataSource"));
                    var pool = context.getBean(JdbcPool.class);
                    assertThat(pool.group("readers").stats().leases()).containsEntry("r2", 1L);
                    assertThat(pool.stats().leased()).isZero();
                });
    }

    @Test
    void aDatabaseThatCannotTellItsRoleHasTheRoleOfItsGroup() {
        runner().withPropertyValues(
                        GROUP + "members=r1",
                        GROUP + "role=reader",
                        "genericpool.jdbc.endpoints.main.role=writer",
                        "genericpool.jdbc.wrong-role-pause=3s")
                .run(context -> assertThat(databases(context.getBean("readersDataSource", DataSource.class), 1))
                        .containsExactly("r1"));
    }

    @Test
    void theCountsOfAGroupAreThoseOfItsMembers() {
        runner().withPropertyValues(GROUP + "members=r1,r2", "genericpool.jdbc.endpoints.r1.max-size=4")
                .run(context -> {
                    var provider = context.getBean("genericPoolMetadataProvider", DataSourcePoolMetadataProvider.class);
                    var source = context.getBean("readersDataSource", DataSource.class);
                    assertThat(provider.getDataSourcePoolMetadata(source).getMax())
                            .isEqualTo(14);
                });
    }

    @Test
    void theActuatorTellsWhatAGroupHasDone() {
        runner().withPropertyValues(GROUP + "members=r1,r2", GROUP + "policy=in-order")
                .run(context -> {
                    context.getBean("readersDataSource", DataSource.class)
                            .getConnection()
                            .close();
                    var endpoint = new GenericPoolEndpoint(List.of(context.getBean(ObservedPool.class)));
                    Map<String, Object> expected = Map.of(
                            "leases",
                            Map.of("r1", 1L, "r2", 0L),
                            "spillOvers",
                            0L,
                            "hedges",
                            0L,
                            "rankingFailures",
                            0L);
                    assertThat(endpoint.pool("jdbc")).extractingByKey("groups").isEqualTo(Map.of("readers", expected));
                });
    }

    /** And stays open for longer than the test lasts. */
    private static JdbcPoolCustomizer opensAtOnce() {
        return builder -> builder.pool(pool -> pool.connectGovernor(CircuitGovernor.builder()
                .failFastAfter(1)
                .initialBackoff(Duration.ofMinutes(5))
                .maxBackoff(Duration.ofMinutes(5))
                .build()));
    }

    private static void goDown(ApplicationContext context, String... names) {
        for (String name : names) {
            assertThatThrownBy(() -> context.getBean(JdbcPool.class).connection(name))
                    .isInstanceOf(GenericPoolException.class);
        }
    }

    private static void awaitHealth(ApplicationContext context, Status status, Map<String, Object> ofGroup) {
        await().untilAsserted(() -> {
            Health health = Objects.requireNonNull(context.getBean("dbHealthContributor", HealthIndicator.class)
                    .health());
            assertThat(health.getDetails().get("groups")).isEqualTo(Map.of("readers", ofGroup));
            assertThat(health.getStatus()).isEqualTo(status);
        });
    }

    /** While one member is down, the others serve. */
    @Test
    void aGroupIsUpAsLongAsOneMemberIs() {
        try (var refusing = new RefusingPort()) {
            String down = "url=jdbc:h2:tcp://127.0.0.1:" + refusing.number() + "/x";
            ApplicationContextRunner twoDown = runner().withBean(JdbcPoolCustomizer.class, JdbcGroupsTest::opensAtOnce)
                    .withPropertyValues(
                            "genericpool.jdbc.endpoints.r1." + down, "genericpool.jdbc.endpoints.r2." + down);
            twoDown.withPropertyValues(
                            GROUP + "members=r1,r2,r3", GROUP + "policy=in-order", "genericpool.jdbc.fail-fast=true")
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        goDown(context, "r1", "r2");
                        assertThat(databases(context.getBean("readersDataSource", DataSource.class), 1))
                                .containsExactly("r3");
                        awaitHealth(context, Status.UP, Map.of("status", "UP", "members", 3, "up", 1L));
                        context.getBean(JdbcPool.class).group("readers").members(List.of("r1", "r2"));
                        awaitHealth(context, Status.DOWN, Map.of("status", "DOWN", "members", 2, "up", 0L));
                    });
            twoDown.withPropertyValues(GROUP + "members=r1", GROUP + "required=false")
                    .run(context -> {
                        goDown(context, "r1");
                        awaitHealth(context, Status.UP, Map.of("status", "DOWN", "members", 1, "up", 0L));
                    });
            twoDown.withPropertyValues(GROUP + "members=r1,r3", "genericpool.jdbc.endpoints.r1.required=true")
                    .run(context -> {
                        goDown(context, "r1");
                        awaitHealth(context, Status.DOWN, Map.of("status", "UP", "members", 2, "up", 1L));
                    });
        }
    }

    @Test
    void aGroupWhoseMembersAreAllSuspendedIsOutOfService() {
        runner().withPropertyValues(GROUP + "members=r1").run(context -> {
            context.getBean(JdbcPool.class).pool().suspend("r1", SuspendMode.FAIL);
            awaitHealth(context, Status.OUT_OF_SERVICE, Map.of("status", "OUT_OF_SERVICE", "members", 1, "up", 0L));
        });
    }
}
