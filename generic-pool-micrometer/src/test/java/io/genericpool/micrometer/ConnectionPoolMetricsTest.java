package io.genericpool.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ConnectionPoolMetricsTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final TestPool orders =
            new TestPool("orders", knobs -> knobs.maxSize(2).totalMaxSize(7));

    @AfterEach
    void close() {
        orders.close();
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private double counter(String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }

    @Test
    void theMetersHaveTheNamesTypesUnitsAndTagsOfTheDocumentation() {
        orders.metrics().build().bindTo(registry);
        var meters = new TreeSet<String>();
        for (Meter meter : registry.getMeters()) {
            Meter.Id id = meter.getId();
            assertThat(id.getTag("pool")).isEqualTo("orders");
            assertThat(id.getDescription()).isNotBlank();
            String more = id.getTags().stream()
                    .filter(tag -> !tag.getKey().equals("pool"))
                    .map(tag -> " " + tag)
                    .reduce("", String::concat);
            meters.add(id.getName() + " " + id.getType() + " " + id.getBaseUnit() + more);
        }
        assertThat(meters)
                .contains(
                        "genericpool.acquires COUNTER null tag(outcome=timed_out)",
                        "genericpool.connections GAUGE connections tag(state=connecting)",
                        "genericpool.connections.abandoned GAUGE connections",
                        "genericpool.connections.disposed COUNTER null tag(reason=idle_timeout)",
                        "genericpool.connections.limit GAUGE connections",
                        "genericpool.connections.opened COUNTER null",
                        "genericpool.connects.failed COUNTER null",
                        "genericpool.endpoints GAUGE null",
                        "genericpool.endpoints.starving GAUGE null",
                        "genericpool.hooks.failed COUNTER null",
                        "genericpool.leaks COUNTER null",
                        "genericpool.leases.longest GAUGE seconds",
                        "genericpool.listener.failures COUNTER null",
                        "genericpool.releases.stale COUNTER null",
                        "genericpool.repairs COUNTER null",
                        "genericpool.waiters GAUGE null")
                .hasSize(6 + 5 + 10 + 13);
    }

    @Test
    void theMetersSayWhatTheStatisticsSay() {
        orders.metrics().build().bindTo(registry);
        orders.manager.script(Operation.CREATE, "down").always(Behaviour.fail(new IOException("refused")));
        var first = orders.pool.connectionAsync("a");
        var second = orders.pool.connectionAsync("a");
        var waiting = orders.pool.connectionAsync("a");
        var failing = orders.pool.connectionAsync("down");
        orders.tasks.runAll();
        orders.touch("b");
        orders.pass(Duration.ofSeconds(5));
        assertThat(gauge("genericpool.connections", "state", "leased")).isEqualTo(2);
        assertThat(gauge("genericpool.connections", "state", "idle")).isEqualTo(1);
        assertThat(gauge("genericpool.connections.limit")).isEqualTo(7);
        assertThat(gauge("genericpool.waiters")).isEqualTo(1);
        assertThat(gauge("genericpool.endpoints")).isEqualTo(2);
        assertThat(registry.get("genericpool.leases.longest").timeGauge().value())
                .isEqualTo(5);
        assertThat(counter("genericpool.acquires", "outcome", "granted")).isEqualTo(3);
        assertThat(counter("genericpool.connections.opened")).isEqualTo(3);
        assertThat(counter("genericpool.connects.failed")).isPositive();
        first.join().invalidate();
        assertThat(waiting.cancel(false)).isTrue();
        orders.renew();
        assertThat(counter("genericpool.acquires", "outcome", "cancelled")).isEqualTo(1);
        assertThat(counter("genericpool.connections.disposed", "reason", "invalidated"))
                .isEqualTo(1);
        second.join().close();
        assertThat(failing).isCompletedExceptionally();
    }

    @Test
    void oneSnapshotServesAllMetersForASecond() {
        orders.metrics().build().bindTo(registry);
        orders.touch("a");
        orders.pass(Duration.ofMillis(999));
        assertThat(counter("genericpool.connections.opened")).isZero();
        orders.pass(Duration.ofMillis(1));
        assertThat(counter("genericpool.connections.opened")).isEqualTo(1);
        orders.touch("b");
        assertThat(gauge("genericpool.connections", "state", "idle")).isEqualTo(1);
    }

    @Test
    void aClosedPoolHasNoConnectionsAndKeepsItsCounters() {
        orders.metrics().build().bindTo(registry);
        orders.touch("a");
        orders.close();
        orders.renew();
        assertThat(gauge("genericpool.connections", "state", "idle")).isZero();
        assertThat(gauge("genericpool.endpoints")).isZero();
        assertThat(counter("genericpool.connections.disposed", "reason", "closed"))
                .isEqualTo(1);
        assertThat(counter("genericpool.acquires", "outcome", "granted")).isEqualTo(1);
    }

    @Test
    void closingTheMetricsRemovesTheirMetersFromEachRegistryAndNoOthers() {
        var other = new SimpleMeterRegistry();
        registry.counter("genericpool.connections.of.mine", "pool", "mine");
        ConnectionPoolMetrics metrics = orders.metrics().endpoints().build();
        metrics.bindTo(registry);
        metrics.bindTo(other);
        orders.touch("a");
        orders.renew();
        assertThat(gauge("genericpool.endpoints")).isEqualTo(1);
        assertThat(gauge("genericpool.endpoint.waiters", "endpoint", "a")).isZero();
        assertThat(other.get("genericpool.endpoint.waiters").gauges()).hasSize(1);
        metrics.close();
        metrics.close();
        assertThat(registry.getMeters()).hasSize(1);
        assertThat(other.getMeters()).isEmpty();
        orders.renew();
        assertThatIllegalStateException()
                .isThrownBy(() -> metrics.bindTo(registry))
                .withMessage("the metrics of pool orders are closed");
        orders.metrics().build().bindTo(registry);
        orders.touch("b");
    }

    @Test
    void aSecondPoolOfOneNameIsRefusedAndTheFirstKeepsItsMeters() {
        orders.metrics().build().bindTo(registry);
        int meters = registry.getMeters().size();
        try (var same = new TestPool("orders")) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> same.metrics().build().bindTo(registry))
                    .withMessage("pool orders is bound to this registry already, or another pool of this name is: give"
                            + " each pool a name of its own (ConnectionPoolBuilder.name), or give the metrics of both"
                            + " pools a tag (tag) with different values");
            assertThatIllegalStateException()
                    .isThrownBy(() -> same.metrics().tag("cell", "2").build().bindTo(registry));
            assertThat(registry.getMeters()).hasSize(meters);
            same.touch("a");
        }
        orders.touch("a");
        orders.renew();
        assertThat(counter("genericpool.connections.opened")).isEqualTo(1);
    }

    @Test
    void twoPoolsOfOneNameAreToldApartByATag() {
        orders.metrics().tag("cell", "1").build().bindTo(registry);
        try (var same = new TestPool("orders")) {
            same.metrics().tag("cell", "2").build().bindTo(registry);
            same.touch("a");
            same.renew();
            assertThat(counter("genericpool.connections.opened", "cell", "1")).isZero();
            assertThat(counter("genericpool.connections.opened", "cell", "2")).isEqualTo(1);
            assertThatIllegalStateException()
                    .isThrownBy(() -> same.metrics().build().bindTo(registry));
        }
    }

    @Test
    void aRegistryThatIsClosedFirstHarmsNothing() {
        ConnectionPoolMetrics metrics = orders.metrics().endpoints().build();
        metrics.bindTo(registry);
        registry.close();
        orders.touch("a");
        orders.renew();
        assertThat(gauge("genericpool.connections", "state", "idle")).isEqualTo(1);
        metrics.close();
        orders.touch("a");
        assertThatIllegalStateException()
                .isThrownBy(() -> orders.metrics().build().bindTo(registry))
                .withMessage("meters of pool orders cannot be bound: the registry is closed; bind before it closes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pool", "state", "outcome", "reason", "endpoint", " "})
    void aTagOfTheMetersOwnIsRefused(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> orders.metrics().tag(key, "mine"))
                .withMessageContaining("tag");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> orders.metrics().tag("cell", ""))
                .withMessageStartingWith("the value of tag cell must not be blank");
    }

    @Test
    void nullIsRefused() {
        assertThatNullPointerException().isThrownBy(() -> ConnectionPoolMetrics.of(null));
        assertThatNullPointerException().isThrownBy(() -> orders.metrics().tag(null, "value"));
        assertThatNullPointerException().isThrownBy(() -> orders.metrics().tag("key", null));
        assertThatNullPointerException().isThrownBy(() -> orders.metrics().timers(null));
        assertThatNullPointerException()
                .isThrownBy(() -> ConnectionPoolMetrics.of(orders.pool).bindTo(null));
    }

    @Test
    void theTextNamesThePool() {
        assertThat(orders.metrics().tag("cell", "1").build())
                .hasToString("ConnectionPoolMetrics[tag(cell=1),tag(pool=orders)]");
    }

    /** Prometheus would take that for a restart, and count all grants again. */
    @Test
    void aCounterDoesNotFallWhenAGrantIsTakenBack() {
        try (TestPool test = new TestPool("orders", knobs -> knobs.maxSize(1))) {
            test.metrics().build().bindTo(registry);
            test.touch("a");
            var held = test.pool.connectionAsync("a");
            var waiting = test.pool.connectionAsync("a");
            held.join().close(); // it is granted to the other one, who is not told yet
            test.clock.advance(Duration.ofSeconds(1));
            assertThat(granted()).isEqualTo(3);
            assertThat(waiting.cancel(false)).isTrue();
            test.renew();
            assertThat(test.pool.stats().granted()).as("taken back").isEqualTo(2);
            assertThat(granted()).isEqualTo(3);
            test.touch("a");
            test.touch("a");
            test.renew();
            assertThat(granted()).isEqualTo(4);
        }
    }

    private double granted() {
        return registry.get("genericpool.acquires")
                .tag("outcome", "granted")
                .functionCounter()
                .count();
    }
}
