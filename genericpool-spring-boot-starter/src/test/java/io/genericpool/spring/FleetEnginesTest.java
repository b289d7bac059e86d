package io.genericpool.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.fleet.jdbc.PostgresEngine;
import io.genericpool.fleet.redis.RedisEngine;
import io.genericpool.jdbc.JdbcPool;
import io.genericpool.testkit.RealWait;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Two applications share a cap over a real Redis and a real PostgreSQL. */
@Timeout(180)
class FleetEnginesTest {
    private static final Duration PATIENCE = Duration.ofNanos(RealWait.NANOS);

    private static ApplicationContextRunner member(String... engine) {
        return Contexts.twoDatabases()
                .withPropertyValues(
                        "genericpool.fleet.name=shop",
                        "genericpool.fleet.cap=3",
                        "genericpool.fleet.lease=6s", // for which a new ledger learns
                        "genericpool.fleet.heartbeat=1s",
                        "genericpool.jdbc.acquire-timeout=60s",
                        "genericpool.jdbc.close-timeout=5s")
                .withPropertyValues(engine);
    }

    /** Of a cap of 3, the first one has two, and the second one gets what is left and then what the first one gives up. */
    private static void share(ApplicationContextRunner first, ApplicationContextRunner second) {
        first.run(one -> {
            assertThat(one).hasNotFailed();
            var pool = one.getBean(JdbcPool.class);
            var held = new ArrayList<>(List.of(pool.connection("master"), pool.connection("master")));
            second.run(other -> {
                assertThat(other).hasNotFailed();
                var otherPool = other.getBean(JdbcPool.class);
                try (var last = otherPool.connection("master")) {
                    var waiting = otherPool.pool().connectionAsync("master");
                    await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                                    otherPool.stats("master").orElseThrow().waiters())
                            .isEqualTo(1));
                    assertThat(pool.stats().total() + otherPool.stats().total()).isEqualTo(3);
                    held.remove(0).close();
                    waiting.join().close();
                    assertThat(pool.stats("master").orElseThrow().share().orElseThrow()
                                    + otherPool
                                            .stats("master")
                                            .orElseThrow()
                                            .share()
                                            .orElseThrow())
                            .isLessThanOrEqualTo(3);
                    assertThat(last.connection()).isNotNull();
                }
            });
            held.remove(0).close();
        });
    }

    @Test
    void overRedis() throws Exception {
        try (var redis = new RedisServer()) {
            var member = member("genericpool.fleet.redis.url=" + redis.url());
            share(member, member);
            member.run(context -> assertThat(context).hasSingleBean(RedisEngine.class));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class LedgerSource {
        static String url = "";

        /** No candidate for the injection of a DataSource, so those of the pool stay. */
        @Bean(defaultCandidate = false)
        DataSource ledger() {
            var source = new PGSimpleDataSource();
            source.setURL(url);
            source.setUser("postgres");
            return source;
        }
    }

    @Test
    void overPostgres() throws Exception {
        try (var server = EmbeddedPostgres.builder().start()) {
            String url = "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
            LedgerSource.url = url;
            var byUrl = member(
                    "genericpool.fleet.jdbc.url=" + url,
                    "genericpool.fleet.jdbc.username=postgres",
                    "genericpool.fleet.jdbc.schema=shop_fleet",
                    "genericpool.fleet.jdbc.install=true");
            var byBean = member("genericpool.fleet.jdbc.data-source=ledger", "genericpool.fleet.jdbc.schema=shop_fleet")
                    .withUserConfiguration(LedgerSource.class);
            share(byUrl, byBean);
            byBean.run(context ->
                    assertThat(context).hasSingleBean(PostgresEngine.class).hasBean("masterDataSource"));
        }
    }

    @Test
    void anInstallThatFailsEndsTheStart() {
        member("genericpool.fleet.jdbc.url=jdbc:postgresql://127.0.0.1:1/x", "genericpool.fleet.jdbc.install=true")
                .run(context -> assertThat(context.getStartupFailure())
                        .hasStackTraceContaining(
                                "genericpool.fleet.jdbc.install is 'true': the ledger could not be created"));
    }
}
