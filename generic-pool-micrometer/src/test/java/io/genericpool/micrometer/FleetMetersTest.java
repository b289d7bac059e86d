package io.genericpool.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.PoolConfig;
import io.genericpool.testkit.fleet.FixedShares;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FleetMetersTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    private Collection<Gauge> shares(TestPool test, String name) {
        test.renew();
        assertThat(registry.get("genericpool.endpoints").gauge().value()).isNotNegative();
        return registry.find(name).gauges();
    }

    private double reachable(TestPool test) {
        test.renew();
        return registry.get("genericpool.fleet.reachable")
                .tag("pool", "orders")
                .gauge()
                .value();
    }

    @Test
    void aPoolThatSharesNothingHasNone() {
        try (TestPool test = new TestPool("orders")) {
            test.metrics().endpoints().build().bindTo(registry);
            test.touch("a");
            assertThat(shares(test, "genericpool.endpoint.share")).isEmpty();
            assertThat(shares(test, "genericpool.fleet.share")).isEmpty();
            assertThat(registry.find("genericpool.fleet.reachable").gauges()).isEmpty();
        }
    }

    @Test
    void theShareOfEachEndpointIsThere() {
        try (TestPool test = new TestPool("orders", knobs -> knobs.sharedLimits(new FixedShares<>(3)))) {
            test.metrics().endpoints(1).build().bindTo(registry);
            test.touch("a");
            test.touch("b");
            test.touch("c");
            assertThat(shares(test, "genericpool.endpoint.share"))
                    .allSatisfy(gauge -> assertThat(gauge.getId().getBaseUnit()).isEqualTo("connections"))
                    .extracting(gauge -> gauge.getId().getTag("endpoint") + " " + gauge.value())
                    .containsExactlyInAnyOrder("a 3.0", "other 6.0");
        }
    }

    @Test
    void aShareWithoutABoundIsNoRow() {
        try (TestPool test =
                new TestPool("orders", knobs -> knobs.sharedLimits(new FixedShares<>(PoolConfig.UNLIMITED)))) {
            test.metrics().endpoints().build().bindTo(registry);
            test.touch("a");
            assertThat(shares(test, "genericpool.endpoint.share")).isEmpty();
            assertThat(registry.get("genericpool.endpoint.limit")
                            .tag("endpoint", "a")
                            .gauge()
                            .value())
                    .isEqualTo(10);
        }
    }

    @Test
    void theShareOfTheTotalComesWithTheFirstOne() {
        var limits = new FixedShares<String>(3);
        try (TestPool test = new TestPool("orders", knobs -> knobs.sharedLimits(limits))) {
            ConnectionPoolMetrics metrics = test.metrics().endpoints().build();
            metrics.bindTo(registry);
            test.touch("a");
            assertThat(shares(test, "genericpool.fleet.share")).isEmpty();
            limits.total(7);
            assertThat(shares(test, "genericpool.fleet.share"))
                    .extracting(Gauge::value)
                    .containsExactly(7.0);
            limits.total(9);
            assertThat(shares(test, "genericpool.fleet.share"))
                    .extracting(Gauge::value)
                    .containsExactly(9.0);
            metrics.close();
            assertThat(registry.getMeters()).isEmpty();
        }
    }

    @Test
    void anEngineThatIsAwayIsSeen() {
        var limits = new FixedShares<String>(3);
        try (TestPool test = new TestPool("orders", knobs -> knobs.sharedLimits(limits))) {
            test.metrics().build().bindTo(registry);
            assertThat(reachable(test)).isEqualTo(1);
            limits.reachable(new IOException("refused"));
            assertThat(reachable(test)).isZero();
            limits.reachable(null);
            assertThat(reachable(test)).isEqualTo(1);
        }
    }
}
