package io.genericpool.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.support.SteppedClock;
import io.genericpool.spi.AsyncConnectionManager;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/**
 * The process stands still for longer than twice a timeout, and the first sweep afterwards comes before the timers: it
 * cancels what is in flight and leaves it as long again to end. Shows I45.
 */
class OverdueAfterStopTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration STOP = Duration.ofMinutes(5);
    private static final Duration TWO_TICKS = Duration.ofMillis(200);

    private final SteppedClock clock = new SteppedClock(true);
    private final DeafStage hanging = new DeafStage();
    private CompletionStage<Object> created = CompletableFuture.completedFuture(new Object());
    private CompletionStage<?> reset = CompletableFuture.completedFuture(null);

    /** It notes that it is cancelled, and goes on. */
    private static final class DeafStage extends CompletableFuture<Object> {
        private int cancels;

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            cancels++;
            return false;
        }
    }

    private final class Manager implements AsyncConnectionManager<String, Object> {
        @Override
        public CompletionStage<Object> createAsync(String endpoint, Duration timeout) {
            return created;
        }

        @Override
        public CompletionStage<Boolean> checkAlivenessAsync(String endpoint, Object connection, Duration timeout) {
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletionStage<?> resetAsync(String endpoint, Object connection) {
            return reset;
        }

        @Override
        public CompletionStage<?> disposeAsync(
                String endpoint, Object connection, DisposeReason reason, Duration timeout) {
            return CompletableFuture.completedFuture(null);
        }
    }

    private ConnectionPool<String, Object> pool() {
        return ConnectionPools.builder(new Manager())
                .connectTimeout(TIMEOUT)
                .resetTimeout(TIMEOUT)
                .alivenessBypass(TWO_TICKS)
                .clock(clock)
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .build();
    }

    private void stopAndAwaitAbandonment(ConnectionPool<String, Object> pool) {
        clock.jump(STOP);
        clock.advance(TWO_TICKS);
        assertThat(hanging.cancels).isOne();
        assertThat(pool.stats().abandoned()).isZero();

        clock.advance(TIMEOUT.minusMillis(300));
        assertThat(pool.stats().abandoned()).isZero();
        clock.advance(TWO_TICKS);
        assertThat(pool.stats().abandoned()).isOne();
        hanging.complete(new Object());
        assertThat(pool.stats().abandoned()).isZero();
    }

    @Test
    void aConnectIsCancelledBeforeItIsAbandoned() {
        try (var pool = pool()) {
            created = hanging;
            var request = pool.connectionAsync("a");
            stopAndAwaitAbandonment(pool);
            assertThat(request).isCompletedExceptionally();
        }
    }

    @Test
    void aResetIsCancelledBeforeItIsAbandoned() {
        try (var pool = pool()) {
            reset = hanging;
            pool.connectionAsync("a").join().release();
            stopAndAwaitAbandonment(pool);
        }
    }
}
