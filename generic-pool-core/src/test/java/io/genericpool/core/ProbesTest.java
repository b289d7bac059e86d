package io.genericpool.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An acquire that does not wait looks at a bounded number of connections. */
class ProbesTest {
    private static final int MANY = 100;
    private static final int BOUND = 16;

    @Test
    void tryConnectionChecksABoundedNumberOfDeadConnections() {
        var executor = new ManualExecutor();
        ScriptedManager<String> manager = ScriptedManager.<String>full().checkInstantly();
        try (var pool = ConnectionPools.builder(manager)
                .clock(new FakePoolClock())
                .connectExecutor(executor)
                .completionExecutor(executor)
                .maxSize(MANY)
                .alivenessBypass(Duration.ZERO)
                .closeTimeout(Duration.ZERO)
                .build()) {
            var warmUp = pool.warmUp("e", MANY);
            executor.runAll();
            assertThat(warmUp).isCompletedWithValue(MANY);
            manager.script(Operation.CHECK).always(Behaviour.answerNo());
            assertThat(pool.tryConnection("e")).isEmpty();
            assertThat(manager.calls(Operation.CHECK)).isEqualTo(BOUND);
            assertThat(pool.stats().idle()).isEqualTo(MANY - BOUND);
            executor.runAll();
        }
        executor.runAll();
    }
}
