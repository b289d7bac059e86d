package io.genericpool.core.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.PoolConfig;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PeriodsTest {
    private final Knobs<String> knobs = new Knobs<>();

    private long tick(ConnectionManager<?, ?> manager) {
        return Periods.tick(new PoolSettings<>(knobs, ConnectGovernor.unlimited()), new ManagerHooks(manager))
                / 1_000_000;
    }

    private long sweep(ConnectionManager<?, ?> manager) {
        var settings = new PoolSettings<>(knobs, ConnectGovernor.unlimited());
        return Periods.sweep(settings, Periods.tick(settings, new ManagerHooks(manager))) / 1_000_000;
    }

    @Test
    void theTickIsHalfTheSmallestTimeThatIsOn() {
        assertThat(tick(ScriptedManager.plain())).as("defaults, no check").isEqualTo(1_000);
        assertThat(tick(ScriptedManager.full())).as("the bypass of 500 ms").isEqualTo(250);
        knobs.keepaliveInterval(Duration.ofMillis(400));
        assertThat(tick(ScriptedManager.full())).isEqualTo(200);
        knobs.leakDetectionThreshold(Duration.ofMillis(300));
        assertThat(tick(ScriptedManager.full())).isEqualTo(150);
        knobs.endpointRetention(Duration.ofMillis(200));
        assertThat(tick(ScriptedManager.full())).isEqualTo(100);
        knobs.maxLifetime(Duration.ofMillis(100));
        assertThat(tick(ScriptedManager.full())).isEqualTo(50);
        knobs.idleTimeout(Duration.ofMillis(60));
        assertThat(tick(ScriptedManager.full())).isEqualTo(30);
        knobs.idleTimeout(Duration.ofNanos(1));
        assertThat(tick(ScriptedManager.full())).as("at least").isEqualTo(10);
    }

    @Test
    void withAllTimesOffTheTickIsASecond() {
        knobs.idleTimeout(PoolConfig.NO_LIMIT);
        knobs.maxLifetime(PoolConfig.NO_LIMIT);
        knobs.endpointRetention(PoolConfig.NO_LIMIT);
        knobs.alivenessBypass(Duration.ZERO);
        assertThat(tick(ScriptedManager.full())).isEqualTo(1_000);
        assertThat(sweep(ScriptedManager.full())).isEqualTo(1_000);
    }

    @Test
    void theSweepDoesNotRegardTheBypassAndIsAMultipleOfTheTick() {
        knobs.alivenessBypass(Duration.ofMillis(60));
        assertThat(tick(ScriptedManager.full())).isEqualTo(30);
        assertThat(sweep(ScriptedManager.full())).isEqualTo(990);
    }
}
