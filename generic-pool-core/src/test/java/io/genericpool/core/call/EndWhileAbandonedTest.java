package io.genericpool.core.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.core.ConnectionPools;
import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.testkit.FakePoolClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A call comes back while the pool abandons it, before its slot has left the books: the connection is disposed all the
 * same, and is not counted as abandoned for ever. Shows I45.
 */
class EndWhileAbandonedTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration ABANDONED = Duration.ofSeconds(2);

    private final FakePoolClock clock = new FakePoolClock();
    private final DeafStage<Object> creating = new DeafStage<>();
    private final DeafStage<@Nullable Object> resetting = new DeafStage<>();
    private final DeafStage<@Nullable Object> disposing = new DeafStage<>();
    private CompletionStage<Object> created = CompletableFuture.completedFuture(new Object());
    private CompletionStage<?> reset = CompletableFuture.completedFuture(null);
    private CompletionStage<?> disposed = CompletableFuture.completedFuture(null);
    private int disposals;
    private Runnable inHookFailed = () -> {};
    private Runnable inExecutor = () -> {};

    /** It cannot be cancelled. */
    private static final class DeafStage<T> extends CompletableFuture<T> {
        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
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
            disposals++;
            return disposed;
        }
    }

    private final class Listener implements PoolListener<String> {
        @Override
        public void onHookFailed(ConnectionEvent<String> event) {
            inHookFailed.run();
        }
    }

    private static final class Governor implements ConnectGovernor<String> {
        @Override
        public Verdict beforeConnect(String endpoint, long nowNanos) {
            return Verdict.proceed();
        }
    }

    private ConnectionPool<String, Object> pool() {
        return ConnectionPools.builder(new Manager())
                .maxSize(1)
                .connectTimeout(TIMEOUT)
                .resetTimeout(TIMEOUT)
                .disposeTimeout(TIMEOUT)
                .listener(new Listener())
                .connectGovernor(new Governor())
                .clock(clock)
                .connectExecutor(task -> {
                    inExecutor.run();
                    task.run();
                })
                .completionExecutor(Runnable::run)
                .build();
    }

    private void assertNothingIsLeft(ConnectionPool<String, Object> pool) {
        assertThat(disposals).isOne();
        assertThat(pool.stats().abandoned()).isZero();
        assertThat(pool.stats().total()).isZero();
        assertThat(pool.stats().repaired()).isZero();
    }

    @Test
    void aResetThatEndsWhileItIsAbandonedIsFollowedByTheDisposal() {
        try (var pool = pool()) {
            reset = resetting;
            inHookFailed = () -> resetting.complete(null);
            pool.connectionAsync("a").join().release();

            clock.advance(ABANDONED);

            assertThat(resetting).isDone();
            assertNothingIsLeft(pool);
        }
    }

    @Test
    void aDisposalThatEndsWhileItIsAbandonedIsNotCounted() {
        try (var pool = pool()) {
            disposed = disposing;
            inHookFailed = () -> disposing.complete(null);
            pool.connectionAsync("a").join().invalidate();

            clock.advance(ABANDONED);

            assertThat(disposing).isDone();
            assertNothingIsLeft(pool);
        }
    }

    @Test
    void aConnectThatEndsWhileItIsAbandonedIsDisposedOf() {
        try (var pool = pool()) {
            created = creating;
            var request = pool.connectionAsync("a");
            clock.advance(TIMEOUT);
            inExecutor = () -> creating.complete(new Object());

            clock.advance(TIMEOUT);

            assertThat(creating).isDone();
            assertThatThrownBy(request::join).isInstanceOf(CompletionException.class);
            assertNothingIsLeft(pool);
        }
    }
}
