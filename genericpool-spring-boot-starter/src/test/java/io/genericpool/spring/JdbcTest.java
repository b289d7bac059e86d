package io.genericpool.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.EndpointLimits;
import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.group.Routing;
import io.genericpool.jdbc.JdbcDataSource;
import io.genericpool.jdbc.JdbcPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The databases of the properties, as beans. */
@Timeout(60)
class JdbcTest {
    @Test
    void eachDatabaseIsABeanAndThePrimaryIsPreferred() {
        Contexts.twoDatabases().run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(JdbcPool.class).hasSingleBean(JdbcTemplate.class);
            assertThat(context.getBeanNamesForType(DataSource.class))
                    .containsExactlyInAnyOrder("masterDataSource", "archiveDataSource");
            var pool = context.getBean(JdbcPool.class);
            assertThat(context.getBean(DataSource.class)).isSameAs(pool.dataSource("master"));
            assertThat(context.getBean("archiveDataSource")).isSameAs(pool.dataSource("archive"));
            var template = context.getBean(JdbcTemplate.class);
            assertThat(template.getDataSource()).isSameAs(pool.dataSource("master"));
            assertThat(template.queryForObject("select database()", String.class))
                    .isEqualTo("MASTER");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Reports {
        @Bean
        JdbcTemplate archiveTemplate(@Qualifier("archiveDataSource") DataSource archive) {
            return new JdbcTemplate(archive);
        }
    }

    @Test
    void aDatabaseIsInjectedByItsName() {
        Contexts.twoDatabases().withUserConfiguration(Reports.class).run(context -> assertThat(
                        context.getBean("archiveTemplate", JdbcTemplate.class)
                                .queryForObject("select database()", String.class))
                .isEqualTo("ARCHIVE"));
    }

    @Test
    void transactionsOfThePrimaryRollBack() {
        Contexts.twoDatabases().run(context -> {
            var template = context.getBean(JdbcTemplate.class);
            template.execute("create table if not exists orders (id int)");
            new TransactionTemplate(context.getBean(PlatformTransactionManager.class)).execute(status -> {
                template.update("insert into orders values (1)");
                status.setRollbackOnly();
                return null;
            });
            assertThat(template.queryForObject("select count(*) from orders", Integer.class))
                    .isZero();
            assertThat(context.getBean(JdbcPool.class).stats().leased()).isZero();
        });
    }

    @Test
    void readOnlyTransactionsGoToAReplicaOfThePrimary() {
        Contexts.twoDatabases()
                .withPropertyValues("genericpool.jdbc.replicas=archive")
                .run(context -> {
                    var template = context.getBean(JdbcTemplate.class);
                    var transaction = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
                    String written =
                            transaction.execute(status -> template.queryForObject("select database()", String.class));
                    assertThat(written).isEqualTo("MASTER");
                    transaction.setReadOnly(true);
                    String read =
                            transaction.execute(status -> template.queryForObject("select database()", String.class));
                    assertThat(read).isEqualTo("ARCHIVE");
                    assertThat(context.getBean(DataSource.class)).isSameAs(context.getBean("routingDataSource"));
                    assertThat(context.getBean(JdbcPool.class).stats().leased()).isZero();
                });
    }

    @Test
    void limitsAndTimesReachThePool() {
        Contexts.twoDatabases()
                .withPropertyValues(
                        "genericpool.jdbc.name=shop",
                        "genericpool.jdbc.max-size=7",
                        "genericpool.jdbc.total-max-size=9",
                        "genericpool.jdbc.min-idle=1",
                        "genericpool.jdbc.acquire-timeout=3s",
                        "genericpool.jdbc.max-lifetime=20m",
                        "genericpool.jdbc.address-watch=45s",
                        "genericpool.jdbc.warm-up.master=2",
                        "genericpool.jdbc.endpoints.archive.max-size=2",
                        "genericpool.jdbc.endpoints.archive.auto-commit=false",
                        "genericpool.jdbc.endpoints.archive.isolation=serializable",
                        "genericpool.jdbc.endpoints.archive.init-sql=create schema if not exists reports",
                        "genericpool.jdbc.endpoints.archive.schema=REPORTS")
                .run(context -> {
                    var pool = context.getBean(JdbcPool.class);
                    var config = pool.pool().config();
                    assertThat(config.name()).isEqualTo("shop");
                    assertThat(config.defaultLimits()).isEqualTo(EndpointLimits.of(1, 7));
                    assertThat(config.totalMaxSize()).isEqualTo(9);
                    assertThat(config.acquireTimeout()).isEqualTo(Duration.ofSeconds(3));
                    assertThat(config.maxLifetime()).isEqualTo(Duration.ofMinutes(20));
                    assertThat(config.addressWatch()).isEqualTo(Duration.ofSeconds(45));
                    assertThat(pool.warmedUp().join()).isPositive();
                    assertThat(pool.stats("master").orElseThrow().total()).isEqualTo(2);
                    try (Connection archive = context.getBean("archiveDataSource", DataSource.class)
                            .getConnection()) {
                        assertThat(archive.getAutoCommit()).isFalse();
                        assertThat(archive.getSchema()).isEqualTo("REPORTS");
                        assertThat(archive.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
                    }
                    assertThat(pool.stats("archive").orElseThrow().limits()).isEqualTo(EndpointLimits.of(1, 2));
                    assertThat(pool.stats("master").orElseThrow().limits()).isEqualTo(EndpointLimits.of(1, 7));
                });
    }

    @Test
    void aSingleDatabaseIsPrimaryByItself() {
        Contexts.runner()
                .withPropertyValues("genericpool.jdbc.endpoints.only.url=jdbc:h2:mem:only")
                .run(context -> assertThat(
                                context.getBean(JdbcTemplate.class).queryForObject("select database()", String.class))
                        .isEqualTo("ONLY"));
    }

    @Test
    void withoutADatabaseSpringBootsOwnStaysInItsPlace() {
        Contexts.runner()
                .withPropertyValues("spring.datasource.url=jdbc:h2:mem:boot")
                .run(context -> {
                    assertThat(context)
                            .hasNotFailed()
                            .doesNotHaveBean(JdbcPool.class)
                            .hasSingleBean(DataSource.class);
                    assertThat(context.getBean(DataSource.class)).isNotInstanceOf(JdbcDataSource.class);
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnSource {
        @Bean
        DataSource own() {
            var source = new org.h2.jdbcx.JdbcDataSource();
            source.setUrl("jdbc:h2:mem:own");
            return source;
        }
    }

    @Test
    void aDataSourceOfTheApplicationTakesThePlaceOfOurs() {
        Contexts.twoDatabases().withUserConfiguration(OwnSource.class).run(context -> assertThat(context)
                .hasNotFailed()
                .hasSingleBean(JdbcPool.class)
                .getBean(DataSource.class)
                .isSameAs(context.getBean("own")));
    }

    @Test
    void aPoolOfTheApplicationTakesThePlaceOfOurs() {
        Contexts.twoDatabases()
                .withBean("mine", JdbcPool.class, () -> JdbcPool.builder()
                        .name("mine")
                        .endpoint("master", "jdbc:h2:mem:mine")
                        .endpoint("archive", "jdbc:h2:mem:mine")
                        .build())
                .run(context -> {
                    assertThat(context).hasSingleBean(JdbcPool.class);
                    assertThat(context.getBean(JdbcTemplate.class).queryForObject("select database()", String.class))
                            .isEqualTo("MINE");
                });
    }

    @Test
    void connectionDetailsGiveThePrimaryItsUrl() {
        var details = new JdbcConnectionDetails() {
            @Override
            public String getUsername() {
                return "sa";
            }

            @Override
            public String getPassword() {
                return "";
            }

            @Override
            public String getJdbcUrl() {
                return "jdbc:h2:mem:container";
            }
        };
        Contexts.runner()
                .withPropertyValues("genericpool.jdbc.endpoints.master.max-size=3")
                .withBean(JdbcConnectionDetails.class, () -> details)
                .run(context -> assertThat(
                                context.getBean(JdbcTemplate.class).queryForObject("select database()", String.class))
                        .isEqualTo("CONTAINER"));
    }

    @Test
    void customizersRunAfterTheProperties() {
        Contexts.twoDatabases()
                .withPropertyValues("genericpool.jdbc.max-size=7")
                .withBean(JdbcPoolCustomizer.class, () -> builder -> builder.maxSize(4))
                .run(context -> assertThat(context.getBean(JdbcPool.class)
                                .pool()
                                .config()
                                .defaultLimits()
                                .maxSize())
                        .isEqualTo(4));
    }

    private static final class Counting implements PoolListener<Object> {
        private final AtomicInteger created = new AtomicInteger();

        @Override
        public void onConnectionCreated(ConnectionEvent<Object> event) {
            created.incrementAndGet();
            throw new IllegalStateException("the other listener must hear of it all the same");
        }
    }

    private static final class OfLeases implements PoolListener<String> {
        private final AtomicInteger released = new AtomicInteger();
        private final AtomicInteger created = new AtomicInteger();

        @Override
        public void onConnectionCreated(ConnectionEvent<String> event) {
            created.incrementAndGet();
        }

        @Override
        public void onReleased(LeaseEvent<String> event) {
            released.incrementAndGet();
        }
    }

    @Test
    void allListenersHearTheEvents() {
        var counting = new Counting();
        var ofLeases = new OfLeases();
        Contexts.twoDatabases()
                .withBean("counting", Counting.class, () -> counting)
                .withBean("ofLeases", OfLeases.class, () -> ofLeases)
                .run(context -> {
                    context.getBean(DataSource.class).getConnection().close();
                    await().untilAsserted(() -> {
                        assertThat(counting.created).hasValue(1);
                        assertThat(ofLeases.created).hasValue(1);
                        assertThat(ofLeases.released).hasValue(1);
                    });
                });
    }

    @Test
    void springBootReadsTheCountsOfADatabase() {
        Contexts.twoDatabases()
                .withPropertyValues("genericpool.jdbc.endpoints.master.max-size=4")
                .run(context -> {
                    var provider = context.getBean("genericPoolMetadataProvider", DataSourcePoolMetadataProvider.class);
                    var source = context.getBean(DataSource.class);
                    var metadata = provider.getDataSourcePoolMetadata(source);
                    assertThat(metadata.getActive()).isZero();
                    assertThat(metadata.getMax()).isEqualTo(4);
                    try (Connection held = source.getConnection()) {
                        assertThat(metadata.getActive()).isEqualTo(1);
                        assertThat(metadata.getUsage()).isEqualTo(0.25f);
                        assertThat(held.isClosed()).isFalse();
                    }
                    assertThat(metadata.getActive()).isZero();
                    assertThat(metadata.getIdle()).isEqualTo(1);
                    assertThat(provider.getDataSourcePoolMetadata(new org.h2.jdbcx.JdbcDataSource()))
                            .isNull();
                });
    }

    @Test
    void springBootReadsTheCountsOfAGroupFromItsMembers() {
        Contexts.twoDatabases()
                .withPropertyValues("genericpool.jdbc.endpoints.master.max-size=4")
                .withBean(
                        "readers",
                        JdbcPoolCustomizer.class,
                        () -> builder -> builder.group("readers", Routing.roundRobin(), "master", "archive"))
                .run(context -> {
                    var provider = context.getBean("genericPoolMetadataProvider", DataSourcePoolMetadataProvider.class);
                    JdbcPool pool = context.getBean(JdbcPool.class);
                    var readers = pool.dataSource("readers");
                    var metadata = provider.getDataSourcePoolMetadata(readers);
                    assertThat(metadata.getMax()).isEqualTo(4 + 10);
                    assertThat(metadata.getMin()).isZero();
                    try (Connection one = readers.getConnection();
                            Connection two = readers.getConnection()) {
                        assertThat(one.isClosed() || two.isClosed()).isFalse();
                        assertThat(metadata.getActive()).isEqualTo(2);
                    }
                    await().untilAsserted(() -> assertThat(metadata.getIdle()).isEqualTo(2));
                    assertThat(metadata.getActive()).isZero();
                    pool.group("readers").close();
                    assertThat(metadata.getUsage()).isZero();
                });
    }

    @Test
    void theContextClosesThePoolAfterTheLastLease() {
        var seen = new JdbcPool[1];
        Contexts.twoDatabases().run(context -> {
            seen[0] = context.getBean(JdbcPool.class);
            seen[0].connection("master").close();
            assertThat(seen[0].pool().isClosed()).isFalse();
        });
        assertThat(seen[0].pool().isClosed()).isTrue();
        assertThat(seen[0].stats().total()).isZero();
    }

    @Test
    void aCheckpointFindsThePoolAtRestAndARestoreServesAgain() {
        Contexts.twoDatabases().run(context -> {
            var pool = context.getBean(JdbcPool.class);
            pool.connection("master").close();
            var lifecycle = new QuiesceLifecycle(pool.pool(), Duration.ofSeconds(10));
            lifecycle.start();
            lifecycle.stop();
            assertThat(lifecycle.isRunning()).isFalse();
            assertThat(pool.stats().total()).isZero();
            assertThat(pool.pool().tryConnection("master")).isEmpty();
            lifecycle.start();
            try (var lease = pool.connection("master")) {
                assertThat(lease.connection().isValid(1)).isTrue();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        });
    }
}
