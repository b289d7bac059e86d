package io.genericpool.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Reply;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.FleetEngineContract;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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

    @Test
    void aListenerThatThrowsFailsNoOtherSessionsCall() {
        engine.subscribe("fleet", "one", endpoints -> {
            throw new IllegalStateException("the listener fails");
        });
        sync("one", 1, 5); // they are nice to have for this one
        assertThat(sync("two", 2, 0)).isCompleted();
    }

    private CompletableFuture<Reply> sync(String session, int wanted, int nice) {
        var claim = new Claim("endpoint", 6, 0, wanted, nice);
        var batch = new Batch("fleet", session, 1, Duration.ofSeconds(15), 0, 0, Batch.Kind.CHANGES, List.of(claim));
        return engine.sync(batch).toCompletableFuture();
    }
}
