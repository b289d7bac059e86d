package io.genericpool.core.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.EndpointStats;
import io.genericpool.core.ConnectionPools;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** An acquire that does not wait looks at a bounded number of connections. */
class ProbesTest {
    private static final int MANY = 100;
    private static final int BOUND = 16;
    private static final int LARGE = 300;
    private static final Duration SHORT = Duration.ofMillis(10);
    private static final Duration LATER = Duration.ofMillis(30);

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

    /** Shows I41. */
    @Test
    void requestsThatTimeOutTogetherAtALargeEndpointCountItsConnectionsOnce() {
        var executor = new ManualExecutor();
        var clock = new FakePoolClock();
        try (var pool = ConnectionPools.builder(ScriptedManager.<String>full())
                .clock(clock)
                .connectExecutor(executor)
                .completionExecutor(executor)
                .maxSize(LARGE)
                .totalMaxSize(LARGE)
                .closeTimeout(Duration.ZERO)
                .build()) {
            pool.warmUp("e", LARGE);
            executor.runAll();
            for (int i = 0; i < LARGE; i++) {
                pool.connection("e");
            }
            var first = pool.connectionAsync("e", SHORT).toCompletableFuture();
            var second = pool.connectionAsync("e", SHORT).toCompletableFuture();
            clock.advance(SHORT);
            executor.runAll();
            var third = pool.connectionAsync("e", LATER).toCompletableFuture();
            clock.advance(LATER);
            executor.runAll();
            assertThat(stats(first).leased()).isEqualTo(LARGE);
            assertThat(stats(second)).isSameAs(stats(first));
            assertThat(stats(third)).isNotSameAs(stats(first));
        }
        executor.runAll();
    }

    private static EndpointStats stats(CompletableFuture<?> failed) {
        var failure = catchThrowableOfType(ExecutionException.class, failed::get);
        return ((AcquireTimeoutException) failure.getCause()).stats().orElseThrow();
    }
}
