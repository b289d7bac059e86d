package io.genericpool.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.SuspendMode;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.testkit.FakePoolClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The owner of a slot is merely late, and the repair cannot know: it does no harm. Shows I30. */
class LateOwnerTest {
    private static final Duration SOME_SWEEPS = Duration.ofSeconds(5);

    private final FakePoolClock clock = new FakePoolClock();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger created = new AtomicInteger();

    /** The first connect takes some sweeps. */
    private final class SlowAtFirst implements ConnectionManager<String, Object> {
        @Override
        public Object create(String endpoint, Duration timeout) {
            if (created.incrementAndGet() == 1) {
                clock.advance(SOME_SWEEPS);
            }
            open.incrementAndGet();
            return new Object();
        }

        @Override
        public void dispose(String endpoint, Object connection, Duration timeout) {
            open.decrementAndGet();
        }
    }

    @Test
    void connectThatWaitsBehindAnotherOnItsThreadIsReplaced() {
        try (var pool = ConnectionPools.builder(new SlowAtFirst())
                .maxSize(2)
                .connectTimeout(Duration.ofMinutes(1))
                .clock(clock)
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .build()) {
            pool.suspend("a", SuspendMode.WAIT);
            var first = pool.connectionAsync("a");
            var second = pool.connectionAsync("a");

            pool.resume("a"); // decides on two connects, and makes them one after the other

            assertThat(first).isCompleted();
            assertThat(second).isCompleted();
            assertThat(pool.stats().repaired()).isEqualTo(1);
            assertThat(pool.stats().leased()).isEqualTo(2);
            assertThat(pool.stats().total()).isEqualTo(2);
            assertThat(open).hasValue(2);
            first.join().release();
            second.join().release();
        }
        assertThat(open).hasValue(0);
    }
}
