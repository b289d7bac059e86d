package io.genericpool.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.fleet.FleetLimits;
import io.genericpool.fleet.InProcessEngine;
import io.genericpool.fleet.redis.RedisEngine;
import io.genericpool.jdbc.JdbcPool;
import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Reply;
import io.genericpool.spring.internal.failure.InvalidPropertyException;
import io.genericpool.testkit.RealWait;
import io.genericpool.websocket.WebSocketPool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Limits of a fleet from properties, over an engine in this process. */
@Timeout(120)
class FleetTest {
    private final InProcessEngine engine = new InProcessEngine();

    private ApplicationContextRunner fleet() {
        return Contexts.twoDatabases()
                .withBean(FleetEngine.class, () -> engine)
                .withPropertyValues(
                        "genericpool.fleet.name=shop", "genericpool.fleet.cap=3", "genericpool.jdbc.close-timeout=5s");
    }

    @Test
    void withoutPropertiesOfAFleetNothingIsShared() {
        Contexts.twoDatabases().run(context -> {
            assertThat(context).doesNotHaveBean(FleetLimits.class);
            assertThat(context.getBean(JdbcPool.class).stats().hasSharedLimits())
                    .isFalse();
        });
    }

    @Test
    void thePoolKeepsToTheCapThatItSharesWithOthers() {
        fleet().run(context -> {
            var pool = context.getBean(JdbcPool.class);
            try (var one = pool.connection("master");
                    var two = pool.connection("master")) {
                assertThat(engine.granted("shop", "e:master")).isEqualTo(2);
                assertThat(pool.stats("master").orElseThrow().share()).hasValue(2);
                assertThat(one.connection()).isNotSameAs(two.connection());
            }
        });
        assertThat(engine.granted("shop", "e:master")).as("given back").isZero();
    }

    @Test
    void databasesAndWebSocketPoolsHaveCapsOfTheirOwn() {
        fleet().withPropertyValues(
                        "genericpool.fleet.caps.archive=1",
                        "genericpool.fleet.caps.prices=7",
                        "genericpool.websocket.prices.base-uri=ws://127.0.0.1:9",
                        "genericpool.websocket.prices.connect-timeout=30s",
                        "genericpool.jdbc.acquire-timeout=60s")
                .run(context -> {
                    var pool = context.getBean(JdbcPool.class);
                    assertThat(context.getBean("pricesWebSocketPool", WebSocketPool.class)
                                    .pool()
                                    .stats()
                                    .hasSharedLimits())
                            .isTrue();
                    try (var only = pool.connection("archive")) {
                        var waiting = pool.pool().connectionAsync("archive");
                        await().untilAsserted(() -> assertThat(
                                        pool.stats("archive").orElseThrow().waiters())
                                .isEqualTo(1));
                        assertThat(engine.granted("shop", "e:archive")).isEqualTo(1);
                        assertThat(only.connection()).isNotNull();
                        waiting.cancel(false);
                    }
                });
    }

    @Test
    void thePoolsUseOneBeanAndTheEngineClosesAfterThem() {
        var order = new ConcurrentLinkedQueue<String>();
        FleetEngine watched = new Watched(engine, order);
        Contexts.twoDatabases()
                .withBean(FleetEngine.class, () -> watched)
                .withPropertyValues("genericpool.fleet.name=shop", "genericpool.fleet.total-cap=3")
                .run(context -> {
                    assertThat(context).hasSingleBean(FleetLimits.class);
                    context.getBean(JdbcPool.class).connection("master").close();
                    order.clear();
                });
        assertThat(order).endsWith("leaving", "closed");
    }

    private record Watched(InProcessEngine engine, ConcurrentLinkedQueue<String> order) implements FleetEngine {
        @Override
        public CompletionStage<Reply> sync(Batch batch) {
            order.add(batch.leaving() ? "leaving" : "call");
            return engine.sync(batch);
        }

        @Override
        public Subscription subscribe(String fleet, String session, HintListener listener) {
            return engine.subscribe(fleet, session, listener);
        }

        @Override
        public void close() {
            order.add("closed");
            engine.close();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnLimits {
        static final InProcessEngine ENGINE = new InProcessEngine();

        @Bean
        FleetLimits<String> databaseLimits() {
            return FleetLimits.<String>builder(ENGINE)
                    .name("own")
                    .cap(name -> 1)
                    .build();
        }
    }

    @Test
    void limitsOfTheApplicationsOwnServeThePoolsWhoseEndpointsTheyTake() {
        Contexts.twoDatabases()
                .withUserConfiguration(OwnLimits.class)
                .withPropertyValues("genericpool.websocket.prices.base-uri=ws://127.0.0.1:9")
                .run(context -> {
                    assertThat(context.getBean(JdbcPool.class).stats().hasSharedLimits())
                            .isTrue();
                    assertThat(context.getBean("pricesWebSocketPool", WebSocketPool.class)
                                    .pool()
                                    .stats()
                                    .hasSharedLimits())
                            .as("endpoints of another type")
                            .isFalse();
                });
    }

    @Test
    void aCustomizerOfTheApplicationComesAfterTheProperties() {
        var other = new InProcessEngine();
        FleetLimits<String> limits =
                FleetLimits.<String>builder(other).name("other").cap(name -> 1).build();
        fleet().withBean(
                        "last",
                        JdbcPoolCustomizer.class,
                        () -> builder -> builder.pool(pool -> pool.sharedLimits(limits)))
                .run(context -> {
                    try (var held = context.getBean(JdbcPool.class).connection("master")) {
                        assertThat(other.granted("other", "e:master")).isEqualTo(1);
                        assertThat(engine.granted("shop", "e:master")).isZero();
                        assertThat(held.connection()).isNotNull();
                    }
                });
    }

    // ---- health

    private static Health health(ApplicationContext context) {
        return Objects.requireNonNull(
                context.getBean("dbHealthContributor", HealthIndicator.class).health());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> detail(Health health, String name) {
        return (Map<String, Object>) health.getDetails().get(name);
    }

    @Test
    void anEngineThatIsAwayIsADetailAndNotDown() {
        fleet().withPropertyValues(
                        "genericpool.fleet.total-cap=5",
                        "genericpool.fleet.heartbeat=50ms",
                        "genericpool.fleet.lease=1h",
                        "management.endpoints.web.exposure.include=genericpool")
                .run(context -> {
                    context.getBean(JdbcPool.class).connection("master").close();
                    await().atMost(Duration.ofNanos(RealWait.NANOS))
                            .untilAsserted(() -> assertThat(detail(health(context), "fleet"))
                                    .containsEntry("reachable", true)
                                    .containsKey("share")
                                    .doesNotContainKey("failure"));
                    assertThat((Map<?, ?>) detail(health(context), "endpoints").get("master"))
                            .extracting("share")
                            .isEqualTo(1);
                    engine.stop();
                    await().atMost(Duration.ofNanos(RealWait.NANOS))
                            .untilAsserted(() -> assertThat(detail(health(context), "fleet"))
                                    .containsEntry("reachable", false)
                                    .containsEntry("failure", "java.io.IOException: the engine is stopped"));
                    assertThat(health(context).getStatus()).isEqualTo(Status.UP);
                    var actuator = context.getBean(GenericPoolEndpoint.class);
                    assertThat(actuator.pool("jdbc"))
                            .extracting("fleet")
                            .asString()
                            .contains("reachable=false");
                    assertThat(actuator.endpoint("jdbc", "master")).containsEntry("share", 1);
                    engine.start(true);
                    await().atMost(Duration.ofNanos(RealWait.NANOS))
                            .untilAsserted(() ->
                                    assertThat(detail(health(context), "fleet")).containsEntry("reachable", true));
                });
    }

    @Test
    void aPoolThatSharesNothingHasNoSuchDetail() {
        Contexts.twoDatabases().run(context -> {
            context.getBean(JdbcPool.class).connection("master").close();
            assertThat(health(context).getDetails()).doesNotContainKey("fleet");
        });
    }

    // ---- engines

    @Test
    void theEngineInRedisIsMadeFromItsUrlAndNeedsNoServerAtTheStart() {
        Contexts.twoDatabases()
                .withPropertyValues(
                        "genericpool.fleet.name=shop",
                        "genericpool.fleet.cap=3",
                        "genericpool.fleet.redis.url=redis://user:secret@127.0.0.1:9",
                        "genericpool.fleet.redis.prefix=test",
                        "genericpool.fleet.redis.timeout=100ms")
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(RedisEngine.class);
                    assertThat(context.getBean(RedisEngine.class))
                            .hasToString("ledger in Redis at 'test', timeout 100 ms");
                    assertThat(context.getBean(GenericPoolProperties.class).toString())
                            .doesNotContain("secret");
                });
    }

    @Test
    void anEngineOfTheApplicationsOwnTakesThePlaceOfTheOneInRedis() {
        fleet().withPropertyValues("genericpool.fleet.redis.url=redis://127.0.0.1:9")
                .run(context -> {
                    assertThat(context).doesNotHaveBean(RedisEngine.class);
                    context.getBean(JdbcPool.class).connection("master").close();
                    assertThat(engine.granted("shop", "e:master")).isEqualTo(1);
                });
    }

    @Test
    void withoutTheModulesAStartFailsAndSaysWhatToAdd() {
        for (var missing : List.of(
                List.of("io.genericpool.fleet.FleetLimits", "generic-pool-fleet"),
                List.of("io.genericpool.fleet.redis.RedisEngine", "fleet-redis"))) {
            Contexts.twoDatabases()
                    .withClassLoader(new FilteredClassLoader(missing.get(0)))
                    .withPropertyValues(
                            "genericpool.fleet.name=shop",
                            "genericpool.fleet.cap=3",
                            "genericpool.fleet.redis.url=redis://127.0.0.1:9")
                    .run(context -> assertThat(context.getStartupFailure())
                            .rootCause()
                            .isInstanceOf(InvalidPropertyException.class)
                            .hasMessageContaining("the module " + missing.get(1)));
        }
    }
}
