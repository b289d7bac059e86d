package io.genericpool.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.GenericPoolException;
import io.genericpool.SuspendMode;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.jdbc.JdbcPool;
import io.genericpool.spring.GenericPoolEndpoint.Action;
import io.genericpool.testkit.RefusingPort;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ApplicationContext;

/** Health, meters and the actuator of the pools. */
@Timeout(60)
class ObservingTest {
    private static Health health(ApplicationContext context) {
        return Objects.requireNonNull(
                context.getBean("dbHealthContributor", HealthIndicator.class).health());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> endpoint(Health health, String name) {
        var endpoints = (Map<String, Object>) health.getDetails().get("endpoints");
        return (Map<String, Object>) endpoints.get(name);
    }

    @Test
    void anExhaustedPoolIsUpAndHealthTakesNoLease() {
        Contexts.twoDatabases()
                .withPropertyValues("genericpool.jdbc.max-size=1")
                .run(context -> {
                    var pool = context.getBean(JdbcPool.class);
                    assertThat(endpoint(health(context), "master")).containsEntry("used", false);
                    try (var held = pool.connection("master")) {
                        long acquires = pool.stats().acquires();
                        await().untilAsserted(() -> assertThat(endpoint(health(context), "master"))
                                .containsEntry("exhausted", true)
                                .containsEntry("leased", 1)
                                .containsEntry("circuit", "CLOSED"));
                        assertThat(health(context).getStatus()).isEqualTo(Status.UP);
                        assertThat(pool.stats().acquires()).isEqualTo(acquires);
                        assertThat(held.connection()).isNotNull();
                    }
                });
    }

    @Test
    void anOpenCircuitOfARequiredDatabaseIsDown() {
        try (var refusing = new RefusingPort()) {
            String url = "genericpool.jdbc.endpoints.archive.url=jdbc:h2:tcp://127.0.0.1:" + refusing.number() + "/x";
            Contexts.twoDatabases()
                    .withBean(JdbcPoolCustomizer.class, ObservingTest::opensAtOnce)
                    .withPropertyValues(url)
                    .run(context -> awaitOpenCircuit(context, Status.DOWN));
            Contexts.twoDatabases()
                    .withBean(JdbcPoolCustomizer.class, ObservingTest::opensAtOnce)
                    .withPropertyValues(url, "genericpool.jdbc.endpoints.archive.required=false")
                    .run(context -> awaitOpenCircuit(context, Status.UP));
        }
    }

    /** And stays open for longer than the test lasts. */
    private static JdbcPoolCustomizer opensAtOnce() {
        return builder -> builder.pool(pool -> pool.connectGovernor(CircuitGovernor.builder()
                .failFastAfter(1)
                .initialBackoff(Duration.ofMinutes(5))
                .maxBackoff(Duration.ofMinutes(5))
                .build()));
    }

    private static void awaitOpenCircuit(ApplicationContext context, Status expected) {
        var pool = context.getBean(JdbcPool.class);
        assertThatThrownBy(() -> pool.connection("archive")).isInstanceOf(GenericPoolException.class);
        await().untilAsserted(() -> {
            assertThat(endpoint(health(context), "archive")).containsEntry("circuit", "OPEN");
            assertThat(health(context).getStatus()).isEqualTo(expected);
        });
    }

    @Test
    void aSuspendedDatabaseIsOutOfService() {
        Contexts.twoDatabases().run(context -> {
            var pool = context.getBean(JdbcPool.class).pool();
            pool.suspend("master", SuspendMode.WAIT);
            await().untilAsserted(() -> assertThat(health(context).getStatus()).isEqualTo(Status.OUT_OF_SERVICE));
            pool.resume("master");
            await().untilAsserted(() -> assertThat(health(context).getStatus()).isEqualTo(Status.UP));
        });
    }

    @Test
    void healthCanBeSwitchedOff() {
        Contexts.twoDatabases()
                .withPropertyValues("management.health.db.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("dbHealthContributor"));
    }

    @Test
    void metersTellTheLeasesOfThePool() {
        Contexts.twoDatabases()
                .withPropertyValues("genericpool.metrics.endpoints=true")
                .run(context -> {
                    var registry = new SimpleMeterRegistry();
                    context.getBean("genericPoolMetrics", MeterBinder.class).bindTo(registry);
                    try (var held = context.getBean(JdbcPool.class).connection("master")) {
                        await().untilAsserted(() -> assertThat(registry.get("genericpool.connections")
                                        .tags("pool", "jdbc", "state", "leased")
                                        .gauge()
                                        .value())
                                .isEqualTo(1));
                        await().untilAsserted(() -> assertThat(registry.get("genericpool.endpoint.connections")
                                        .tags("endpoint", "master", "state", "leased")
                                        .gauge()
                                        .value())
                                .isEqualTo(1));
                        assertThat(held.connection()).isNotNull();
                    }
                });
    }

    private static SimpleMeterRegistry bound(ApplicationContext context) {
        var registry = new SimpleMeterRegistry();
        context.getBean("genericPoolMetrics", MeterBinder.class).bindTo(registry);
        return registry;
    }

    @ParameterizedTest
    @CsvSource({"none,0,0,0", "connects,1,0,0", "waits,1,1,0", "leases,1,1,1"})
    void timersMeasureWhatTheirPropertySays(String timers, int connects, int waits, int leases) {
        Contexts.twoDatabases()
                .withPropertyValues(
                        "genericpool.metrics.timers=" + timers,
                        "genericpool.websocket.prices.base-uri=wss://prices.example.com")
                .run(context -> {
                    var registry = bound(context);
                    for (String pool : List.of("jdbc", "prices")) {
                        var found = registry.find("genericpool.connect").tags("pool", pool, "outcome", "opened");
                        assertThat(found.timers()).hasSize(connects);
                        assertThat(registry.find("genericpool.acquire.wait")
                                        .tags("pool", pool)
                                        .timers())
                                .hasSize(waits);
                        assertThat(registry.find("genericpool.lease")
                                        .tags("pool", pool)
                                        .timers())
                                .hasSize(leases);
                    }
                    context.getBean(JdbcPool.class).connection("master").close();
                    await().untilAsserted(() -> assertThat(registry.find("genericpool.connect").timers().stream()
                                    .mapToLong(Timer::count)
                                    .sum())
                            .isEqualTo(connects));
                    await().untilAsserted(() -> assertThat(registry.find("genericpool.lease").timers().stream()
                                    .mapToLong(Timer::count)
                                    .sum())
                            .isEqualTo(leases));
                });
    }

    @Test
    void timersLeaveTheListenersOfTheApplicationTheirEvents() {
        var opened = new AtomicInteger();
        PoolListener<Object> listener = new PoolListener<>() {
            @Override
            public void onConnectionCreated(ConnectionEvent<Object> event) {
                opened.incrementAndGet();
            }
        };
        Contexts.twoDatabases()
                .withBean(PoolListener.class, () -> listener)
                .withPropertyValues("genericpool.metrics.timers=waits")
                .run(context -> {
                    var registry = bound(context);
                    context.getBean(JdbcPool.class).connection("master").close();
                    await().untilAsserted(() -> assertThat(registry.get("genericpool.connect")
                                    .tag("outcome", "opened")
                                    .timer()
                                    .count())
                            .isEqualTo(1));
                    await().untilAsserted(() -> assertThat(opened).hasValue(1));
                });
    }

    @Test
    void aPoolOfTheApplicationsOwnHasMetersButNoTimers() {
        Contexts.twoDatabases()
                .withBean(JdbcPool.class, () -> JdbcPool.builder()
                        .endpoint("master", "jdbc:h2:mem:own")
                        .endpoint("archive", "jdbc:h2:mem:own")
                        .build())
                .withPropertyValues("genericpool.metrics.timers=leases")
                .run(context -> {
                    var registry = bound(context);
                    assertThat(registry.find("genericpool.waiters").gauges()).hasSize(1);
                    assertThat(registry.find("genericpool.lease").timers()).isEmpty();
                });
    }

    @Test
    void metersByOpenTelemetrysNamesAreThoseOfDatabasesOnly() {
        var runner = Contexts.twoDatabases()
                .withPropertyValues(
                        "genericpool.metrics.timers=leases",
                        "genericpool.websocket.prices.base-uri=wss://prices.example.com");
        runner.run(context -> assertThat(bound(context).getMeters())
                .noneMatch(meter -> meter.getId().getName().startsWith("db.client.")));
        runner.withPropertyValues("genericpool.metrics.open-telemetry=true").run(context -> {
            var registry = bound(context);
            assertThat(registry.get("db.client.connection.max").gauges())
                    .extracting(gauge -> gauge.getId().getTag("db.client.connection.pool.name"))
                    .containsExactly("jdbc");
            assertThat(registry.get("db.client.connection.use_time").timers()).hasSize(1);
        });
    }

    @Test
    void theActuatorReadsAndChangesAnEndpoint() {
        Contexts.twoDatabases()
                .withPropertyValues("management.endpoints.web.exposure.include=genericpool")
                .run(context -> {
                    var actuator = context.getBean(GenericPoolEndpoint.class);
                    var pool = context.getBean(JdbcPool.class);
                    assertThat(actuator.pools()).extracting("pools").asString().contains("master", "archive");
                    assertThat(actuator.endpoint("jdbc", "master")).containsEntry("used", false);
                    pool.connection("master").close();
                    await().untilAsserted(() ->
                            assertThat(actuator.endpoint("jdbc", "master")).containsEntry("idle", 1));

                    assertThat(actuator.change("jdbc", "master", Action.EVICT, null, null))
                            .isNotNull();
                    await().untilAsserted(() -> assertThat(pool.stats().total()).isZero());

                    actuator.change("jdbc", "master", Action.RESIZE, 3, 1);
                    assertThat(pool.stats("master").orElseThrow().limits().maxSize())
                            .isEqualTo(3);
                    assertThat(pool.stats("master").orElseThrow().limits().minIdle())
                            .isEqualTo(1);
                    assertThatThrownBy(() -> actuator.change("jdbc", "master", Action.RESIZE, 0, null))
                            .isInstanceOf(InvalidEndpointRequestException.class)
                            .hasMessageContaining("maxSize must be at least 1, but is 0");
                    assertThatThrownBy(() -> actuator.change("jdbc", "master", Action.RESIZE, null, null))
                            .isInstanceOf(InvalidEndpointRequestException.class);

                    actuator.change("jdbc", "archive", Action.SUSPEND, null, null);
                    assertThat(pool.stats("archive").orElseThrow().isSuspended())
                            .isTrue();
                    actuator.change("jdbc", "archive", Action.RESUME, null, null);
                    pool.connection("archive").close();

                    assertThat(actuator.pool("nosuch")).isNull();
                    assertThat(actuator.endpoint("jdbc", "nosuch")).isNull();
                    assertThat(actuator.change("jdbc", "nosuch", Action.EVICT, null, null))
                            .isNull();
                });
    }

    @Test
    void theActuatorIsThereOnlyWhereItIsExposed() {
        Contexts.twoDatabases().run(context -> assertThat(context).doesNotHaveBean(GenericPoolEndpoint.class));
    }
}
