package io.genericpool.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.genericpool.CircuitState;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EndpointMetersTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final TestPool test = new TestPool("orders", knobs -> knobs.maxSize(3)
            .endpointRetention(Duration.ofSeconds(30))
            .idleTimeout(Duration.ofSeconds(10))
            .idleTimeoutJitter(0)
            .endpointLabel(endpoint -> endpoint.startsWith("#") ? "shared" : endpoint));

    @AfterEach
    void close() {
        test.close();
    }

    private double row(String name, String... tags) {
        return registry.get("genericpool.endpoint." + name).tags(tags).gauge().value();
    }

    /** Reads a meter, as each scrape does, and tells which rows there are then. */
    private Set<String> rows() {
        test.renew();
        assertThat(registry.get("genericpool.endpoints").gauge().value()).isNotNegative();
        return registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().equals("genericpool.endpoint.limit"))
                .map(id -> id.getTag("endpoint"))
                .collect(Collectors.toSet());
    }

    @Test
    void withoutTheOptionThereAreNone() {
        test.metrics().build().bindTo(registry);
        test.touch("a");
        assertThat(rows()).isEmpty();
    }

    @Test
    void eachEndpointHasItsRows() {
        test.metrics().endpoints().build().bindTo(registry);
        var leases = new ArrayList<>(List.of(
                test.pool.connectionAsync("a"),
                test.pool.connectionAsync("a"),
                test.pool.connectionAsync("a"),
                test.pool.connectionAsync("a")));
        test.tasks.runAll();
        test.touch("b");
        assertThat(rows()).containsExactlyInAnyOrder("a", "b");
        assertThat(row("connections", "endpoint", "a", "state", "leased")).isEqualTo(3);
        assertThat(row("connections", "endpoint", "b", "state", "idle")).isEqualTo(1);
        assertThat(row("waiters", "endpoint", "a")).isEqualTo(1);
        assertThat(row("limit", "endpoint", "a")).isEqualTo(3);
        assertThat(row("circuit", "endpoint", "a", "state", "closed")).isEqualTo(1);
        assertThat(row("circuit", "endpoint", "a", "state", "open")).isZero();
        assertThat(leases).hasSize(4);
    }

    @Test
    void anOpenCircuitIsSeen() {
        test.metrics().endpoints().build().bindTo(registry);
        var held = test.pool.connectionAsync("down");
        test.tasks.runAll();
        test.manager.script(Operation.CREATE, "down").always(Behaviour.fail(new IOException("refused")));
        for (int i = 0; i < 50 && circuit() != CircuitState.OPEN; i++) {
            assertThat(test.pool.connectionAsync("down")).isNotNull();
            test.pass(Duration.ofMillis(100));
        }
        assertThat(rows()).containsExactly("down");
        CircuitState state = circuit();
        assertThat(state).isNotEqualTo(CircuitState.CLOSED);
        assertThat(row("circuit", "endpoint", "down", "state", PoolMeters.tag(state)))
                .isEqualTo(1);
        assertThat(row("circuit", "endpoint", "down", "state", "closed")).isZero();
        held.join().close();
    }

    private CircuitState circuit() {
        return test.pool.stats("down").orElseThrow().circuit().state();
    }

    @Test
    void endpointsOfOneLabelShareTheirRows() {
        test.metrics().endpoints().build().bindTo(registry);
        test.touch("#1");
        test.touch("#2");
        assertThat(rows()).containsExactly("shared");
        assertThat(row("connections", "endpoint", "shared", "state", "idle")).isEqualTo(2);
        assertThat(row("limit", "endpoint", "shared")).isEqualTo(6);
    }

    @Test
    void theLargestEndpointsHaveRowsAndTheOthersShareOne() {
        test.metrics().endpoints(2).build().bindTo(registry);
        for (String endpoint : List.of("small-1", "small-2", "large-1", "large-2")) {
            var lease = test.pool.connectionAsync(endpoint);
            test.tasks.runAll();
            if (endpoint.startsWith("large")) {
                test.touch(endpoint);
            }
            lease.join().close();
        }
        assertThat(rows()).containsExactlyInAnyOrder("large-1", "large-2", "other");
        assertThat(row("connections", "endpoint", "other", "state", "idle")).isEqualTo(2);
        assertThat(row("limit", "endpoint", "other")).isEqualTo(6);
        assertThat(row("circuit", "endpoint", "other", "state", "closed")).isEqualTo(2);
    }

    @Test
    void anEndpointKeepsItsRowsUntilItLeavesAndThenTheyGo() {
        test.metrics().endpoints(1).build().bindTo(registry);
        test.touch("first");
        assertThat(rows()).containsExactly("first");
        for (int second = 0; second < 60; second++) {
            var one = test.pool.connectionAsync("later");
            var two = test.pool.connectionAsync("later");
            test.tasks.runAll();
            one.join().close();
            two.join().close();
            if (second == 0) {
                assertThat(rows()).containsExactlyInAnyOrder("first", "other");
            }
            test.pass(Duration.ofSeconds(1));
        }
        assertThat(test.pool.endpoints()).containsExactly("later");
        assertThat(rows()).containsExactly("later");
        test.close();
        assertThat(rows()).isEmpty();
    }

    @Test
    void anEndpointCalledOtherCountsInTheCommonRow() {
        test.metrics().endpoints(1).build().bindTo(registry);
        test.touch("other");
        test.touch("a");
        test.touch("b");
        assertThat(rows()).containsExactlyInAnyOrder("a", "other");
        assertThat(row("connections", "endpoint", "other", "state", "idle")).isEqualTo(2);
    }

    @Test
    void theNumberOfRowsHasBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> test.metrics().endpoints(0))
                .withMessage("endpoints must be 1 to 10,000, but is 0");
        assertThatIllegalArgumentException().isThrownBy(() -> test.metrics().endpoints(10_001));
    }
}
