package io.genericpool.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

/** Runs as a module, with Micrometer as another one. */
class ModulePathIT {
    @Test
    void thePoolsMetersAreBoundOnTheModulePath() {
        Module module = ConnectionPoolMetrics.class.getModule();
        assertThat(module.isNamed()).isTrue();
        assertThat(module.getName()).isEqualTo("io.genericpool.micrometer");
        assertThat(MeterRegistry.class.getModule().getName()).isEqualTo("micrometer.core");
        var registry = new SimpleMeterRegistry();
        PoolTimers timers = PoolTimers.connectsWaitsAndLeases();
        try (TestPool test = new TestPool("orders", knobs -> knobs.listener(timers))) {
            test.metrics().endpoints().timers(timers).build().bindTo(registry);
            test.touch("a");
            test.renew();
            assertThat(registry.get("genericpool.endpoints").gauge().value()).isEqualTo(1);
            assertThat(registry.get("genericpool.lease").timer().count()).isEqualTo(1);
        }
    }
}
