package io.genericpool.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.ConnectionManager;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool that meets ever new endpoints keeps nothing of those it has left. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ManyEndpointsTest {
    private static final int ENDPOINTS = 200_000;
    private static final long MEGABYTE = 1 << 20;

    private final FakePoolClock clock = new FakePoolClock();
    private final ManualExecutor executor = new ManualExecutor();
    private final AtomicInteger open = new AtomicInteger();

    private final ConnectionManager<Integer, Object> manager = new ConnectionManager<>() {
        @Override
        public Object create(Integer endpoint, Duration timeout) {
            open.incrementAndGet();
            return new Object();
        }

        @Override
        public void dispose(Integer endpoint, Object connection, Duration timeout) {
            open.decrementAndGet();
        }
    };

    private ConnectionPoolBuilder<Integer, Object> builder() {
        clock.autoAdvance(executor::runAll);
        return ConnectionPools.builder(manager)
                .clock(clock)
                .connectExecutor(executor)
                .completionExecutor(executor);
    }

    @Test
    void endpointsUsedOnceEachLeaveNothingBehindUnderTheCollector() {
        var pool = builder()
                .minIdle(1)
                .idleTimeout(Duration.ofSeconds(2))
                .endpointRetention(Duration.ofSeconds(3))
                .keepaliveInterval(Duration.ofSeconds(20))
                .build();
        pool.connection(-1).release();
        long before = usedHeap();

        for (int endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
            pool.connection(endpoint).release();
            if (endpoint % 50 == 0) {
                passTime(Duration.ofSeconds(1));
            }
        }
        assertThat(pool.endpoints()).as("those of the last seconds").hasSizeLessThan(1_000);
        passTime(Duration.ofSeconds(10));

        assertThat(pool.endpoints()).isEmpty();
        assertThat(open).hasValue(0);
        assertThat(pool.stats().created()).isEqualTo(ENDPOINTS + 1);
        assertThat(usedHeap() - before).isLessThan(5 * MEGABYTE);
        assertThat(clock.pendingTimers()).as("timers, besides the collector's").isLessThanOrEqualTo(1);
        assertThat(pool.close(Duration.ZERO).isClean()).isTrue();
    }

    @Test
    void endpointsUsedOnceEachMakeRoomForEachOtherWithoutACollector() {
        var pool =
                builder().maxSize(2).totalMaxSize(50).backgroundCollector(false).build();
        pool.connection(-1).release();
        long before = usedHeap();

        for (int endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
            pool.connection(endpoint).release();
        }
        executor.runAll();

        assertThat(pool.endpoints()).hasSize(50);
        assertThat(open).hasValue(50);
        assertThat(usedHeap() - before).isLessThan(5 * MEGABYTE);
        assertThat(clock.pendingTimers()).isZero();
        pool.evictAll();
        executor.runAll();
        assertThat(pool.endpoints()).isEmpty();
        assertThat(pool.close(Duration.ZERO).isClean()).isTrue();
    }

    private void passTime(Duration time) {
        executor.runAll();
        clock.advance(time);
        executor.runAll();
    }

    /** The least of a few looks, since a collection may leave something for the next. */
    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }
}
