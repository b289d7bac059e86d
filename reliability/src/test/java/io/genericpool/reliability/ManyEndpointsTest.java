package io.genericpool.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionCreateException;
import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pool that meets ever new endpoints keeps nothing of those it has left. Each is used twice; {@code -Dendpoints}
 * says how many there are. Shows I47.
 */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class ManyEndpointsTest {
    private static final int ENDPOINTS = Integer.getInteger("endpoints", 200_000);
    private static final int CYCLES = 2;

    private final FakePoolClock clock = new FakePoolClock();
    private final ManualExecutor executor = new ManualExecutor();
    private final AtomicInteger open = new AtomicInteger();
    private boolean isDown;

    private final ConnectionManager<Integer, Object> manager = new ConnectionManager<>() {
        @Override
        public Object create(Integer endpoint, Duration timeout) throws IOException {
            if (isDown) {
                throw new IOException("it is down");
            }
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

    private static void use(ConnectionPool<Integer, ?> pool, int endpoint) {
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            pool.connection(endpoint).release();
        }
    }

    private static void report(String kind, ConnectionPool<Integer, ?> pool, long start, Footprint before) {
        System.out.printf(
                "reliability H: %s: %,d endpoints, %,d leases, %.1f s; before: %s; after: %s%n",
                kind, ENDPOINTS, pool.stats().granted(), (System.nanoTime() - start) / 1e9, before, Footprint.take());
    }

    @Test
    void endpointsUsedLittleLeaveNothingBehindUnderTheCollector() {
        var pool = builder()
                .minIdle(1)
                .idleTimeout(Duration.ofSeconds(2))
                .endpointRetention(Duration.ofSeconds(3))
                .keepaliveInterval(Duration.ofSeconds(20))
                .build();
        use(pool, -1);
        var before = Footprint.take();
        long start = System.nanoTime();

        for (int endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
            use(pool, endpoint);
            if (endpoint % 50 == 0) {
                passTime(Duration.ofSeconds(1));
            }
        }
        assertThat(pool.endpoints()).as("those of the last seconds").hasSizeLessThan(1_000);
        passTime(Duration.ofSeconds(10));

        assertThat(pool.endpoints()).isEmpty();
        assertThat(open).hasValue(0);
        assertThat(pool.stats().created()).isEqualTo(ENDPOINTS + 1);
        assertThat(pool.stats().granted()).isEqualTo(CYCLES * (ENDPOINTS + 1L));
        before.awaitReturn();
        report("collector", pool, start, before);
        assertThat(clock.pendingTimers()).as("timers, besides the collector's").isLessThanOrEqualTo(1);
        assertThat(pool.close(Duration.ZERO).isClean()).isTrue();
    }

    @Test
    void endpointsUsedLittleMakeRoomForEachOtherWithoutACollector() {
        var pool =
                builder().maxSize(2).totalMaxSize(50).backgroundCollector(false).build();
        use(pool, -1);
        var before = Footprint.take();
        long start = System.nanoTime();

        for (int endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
            use(pool, endpoint);
        }
        executor.runAll();

        assertThat(pool.endpoints()).hasSize(50);
        assertThat(open).hasValue(50);
        assertThat(pool.stats().granted()).isEqualTo(CYCLES * (ENDPOINTS + 1L));
        before.awaitReturn();
        report("no collector", pool, start, before);
        assertThat(clock.pendingTimers()).isZero();
        pool.evictAll();
        executor.runAll();
        assertThat(pool.endpoints()).isEmpty();
        assertThat(pool.close(Duration.ZERO).isClean()).isTrue();
    }

    /** Each connection is a descriptor of the process, and the pool runs on its own clock and threads. */
    @Test
    void endpointsUsedLittleLeaveNeitherThreadNorDescriptorBehind(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("connected-to"));
        var files = new ConnectionManager<Integer, Closeable>() {
            @Override
            public Closeable create(Integer endpoint, Duration timeout) throws IOException {
                return new FileInputStream(file.toFile());
            }

            @Override
            public void dispose(Integer endpoint, Closeable connection, Duration timeout) throws IOException {
                connection.close();
            }
        };
        try (var first = ConnectionPools.builder(files).build()) {
            use(first, -1); // starts what the JDK keeps for good, such as its timer thread
        }
        var before = Footprint.take();
        long start = System.nanoTime();
        var pool = ConnectionPools.builder(files)
                .maxSize(2)
                .totalMaxSize(50)
                .idleTimeout(Duration.ofMillis(100))
                .build();

        for (int endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
            use(pool, endpoint);
        }
        assertThat(Footprint.take().descriptors()).isLessThanOrEqualTo(before.descriptors() + 50);
        Awaitility.await().pollInSameThread().until(() -> pool.endpoints().isEmpty());

        assertThat(pool.stats().granted()).isEqualTo((long) CYCLES * ENDPOINTS);
        assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();
        before.awaitReturn();
        report("real time and descriptors", pool, start, before);
    }

    @Test
    void endpointsThatFailOnceEachLeaveLittleBehind() {
        var pool = builder().build(); // with its own governor, which remembers failures for a while
        isDown = true;
        askInVain(pool, -1);
        var before = Footprint.take();
        long start = System.nanoTime();

        for (int endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
            askInVain(pool, endpoint);
        }

        assertThat(pool.endpoints()).isEmpty();
        assertThat(clock.pendingTimers()).as("timers, besides the collector's").isLessThanOrEqualTo(1);
        passTime(Duration.ofMinutes(2));
        isDown = false;
        pool.connection(-1).release();
        isDown = true;
        askInVain(pool, -2); // whoever fails next clears away what is forgotten
        before.awaitReturn();
        report("all failing", pool, start, before);
        assertThat(pool.close(Duration.ofSeconds(1)).isClean()).isTrue();
    }

    private static void askInVain(ConnectionPool<Integer, Object> pool, int endpoint) {
        try {
            pool.connection(endpoint).release();
            throw new AssertionError("it is down");
        } catch (ConnectionCreateException e) {
            assertThat(e).hasMessageContaining("it is down");
        }
    }

    private void passTime(Duration time) {
        executor.runAll();
        clock.advance(time);
        executor.runAll();
    }
}
