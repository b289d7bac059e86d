package io.genericpool.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.FleetEngineContract;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InProcessEngineTest extends FleetEngineContract {
    private final FakePoolClock clock = new FakePoolClock(Long.MAX_VALUE - 5_000_000_000L);
    private final InProcessEngine engine = new InProcessEngine(clock);

    @Override
    protected FleetEngine engine() {
        return engine;
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
    }

    @Override
    protected boolean canRestart() {
        return true;
    }

    @Override
    protected void stop() {
        engine.stop();
    }

    @Override
    protected void start(boolean withData) {
        engine.start(withData);
    }

    @Test
    void knowsNothingOfAFleetThatNeverWas() {
        assertThat(engine.granted("unheard of", "endpoint")).isZero();
    }
}
