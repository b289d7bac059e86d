package io.genericpool.core.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.testkit.FakePoolClock;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** {@code isFatal} does not answer in time, and there is no thread to go on without it: the lease ends. Shows I45. */
class UnansweredFatalQuestionTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final FakePoolClock clock = new FakePoolClock();
    private boolean threadsAreExhausted;
    private int disposals;

    private final class Manager implements ConnectionManager<String, Object> {
        @Override
        public Object create(String endpoint, Duration timeout) {
            return new Object();
        }

        @Override
        public void dispose(String endpoint, Object connection, Duration timeout) {
            disposals++;
        }

        @Override
        public boolean isFatal(String endpoint, Object connection, Throwable failure) {
            threadsAreExhausted = true;
            clock.advance(TIMEOUT.multipliedBy(2));
            threadsAreExhausted = false;
            return false;
        }
    }

    private ConnectionPool<String, Object> pool() {
        Executor executor = task -> {
            if (threadsAreExhausted) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
        };
        return ConnectionPools.builder(new Manager())
                .maxSize(1)
                .checkTimeout(TIMEOUT)
                .clock(clock)
                .connectExecutor(executor)
                .completionExecutor(executor)
                .build();
    }

    @Test
    void aLeaseOfUseEndsOnTheTimersThread() {
        try (var pool = pool()) {
            var failure = new IOException("by test");
            assertThatThrownBy(() -> pool.use("a", connection -> {
                        throw failure;
                    }))
                    .isSameAs(failure);
            assertItIsGone(pool);
        }
    }

    @Test
    void anInvalidatedConnectionGoesOnTheTimersThread() {
        try (var pool = pool()) {
            pool.connection("a").invalidate(new IOException("by test"));
            assertItIsGone(pool);
        }
    }

    private void assertItIsGone(ConnectionPool<String, Object> pool) {
        assertThat(pool.stats().leased()).isZero();
        assertThat(pool.stats().staleReleases()).isZero();
        clock.advance(TIMEOUT.multipliedBy(2)); // the disposal, too, has waited for a thread
        assertThat(disposals).isOne();
        assertThat(pool.stats().total()).isZero();
    }
}
