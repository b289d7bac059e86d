package io.genericpool.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.PoolStats;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Many threads, few connections, faults everywhere, real time; then everything is at rest, and the books must be right.
 * {@code -Dstorm.acquires} says how many acquires each storm makes.
 */
@SuppressWarnings("ThreadPriorityCheck") // yields make interleavings likelier; nothing depends on them
class StormTest {
    private static final int ENDPOINTS = 8;
    private static final int THREADS = 64;
    private static final int MAX_SIZE = 5;

    private final AtomicLong leases = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    @ParameterizedTest(name = "total {0}, faults in a thousand {1}")
    @CsvSource({"40, 20, 200000", "13, 20, 100000", "13, 0, 100000"})
    @Timeout(value = 180, unit = TimeUnit.SECONDS)
    void aStormLeavesTheBooksRight(int totalMaxSize, int faults, int acquires) throws Exception {
        int count = Integer.getInteger("storm.acquires", acquires);
        var server = new StormServer(ENDPOINTS, faults);
        var pool = ConnectionPools.builder(server)
                .maxSize(MAX_SIZE)
                .totalMaxSize(totalMaxSize)
                .minIdle(1)
                .alivenessBypass(Duration.ofMillis(20))
                .idleTimeout(Duration.ofMillis(200))
                .maxLifetime(Duration.ofMillis(500))
                .acquireTimeout(Duration.ofSeconds(20))
                .name("storm")
                .build();
        long started = System.nanoTime();

        runThreads(pool, server, count / THREADS);

        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertBooks(pool, server));
        PoolStats stats = pool.stats();
        System.out.printf(
                "storm: %,d acquires, %,d leases, %,d failures, %,d faults, %,d connections, %.1f s%n",
                stats.acquires(),
                leases.get(),
                failures.get(),
                server.faults.get(),
                server.created.get(),
                (System.nanoTime() - started) / 1e9);
        assertThat(server.violation.get()).isNull();
        for (int endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
            assertThat(server.mostOpen(endpoint)).isBetween(1, MAX_SIZE);
        }
        assertThat(server.mostOpenInAll()).isLessThanOrEqualTo(totalMaxSize);
        assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();
        assertThat(server.openInAll()).isZero();
        assertThat(server.disposed.get()).isEqualTo(server.created.get());
        assertThat(pool.endpoints()).isEmpty();
    }

    private void runThreads(ConnectionPool<Integer, StormServer.Connection> pool, StormServer server, int each)
            throws InterruptedException {
        var start = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < THREADS; i++) {
            var thread = new Thread(() -> {
                try {
                    start.await();
                    for (int n = 0; n < each; n++) {
                        acquireOnce(pool, server);
                    }
                } catch (Throwable e) {
                    server.violated("a thread ended with " + e);
                }
            });
            thread.start();
            threads.add(thread);
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void acquireOnce(ConnectionPool<Integer, StormServer.Connection> pool, StormServer server)
            throws Exception {
        var random = ThreadLocalRandom.current();
        int endpoint = random.nextInt(ENDPOINTS);
        switch (random.nextInt(20)) {
            case 0 -> cancelSoon(pool, server, endpoint);
            case 1, 2, 3 -> acquireAsync(pool, server, endpoint);
            case 4 -> tryOnce(pool, server, endpoint);
            case 5 -> attempt(server, () -> pool.newConnection(endpoint));
            case 6 -> attempt(server, () -> pool.connection(endpoint, Duration.ofNanos(random.nextLong(200_000))));
            case 7 -> {
                if (random.nextInt(200) == 0) {
                    pool.evict(endpoint);
                }
                attempt(server, () -> pool.connection(endpoint));
            }
            case 8 -> {
                Thread.currentThread().interrupt();
                attempt(server, () -> pool.connection(endpoint));
                Thread.interrupted();
            }
            default -> attempt(server, () -> pool.connection(endpoint));
        }
    }

    private void tryOnce(ConnectionPool<Integer, StormServer.Connection> pool, StormServer server, int endpoint) {
        try {
            pool.tryConnection(endpoint).ifPresent(lease -> hold(lease, server));
        } catch (PoolException e) {
            failures.incrementAndGet();
        }
    }

    private interface Acquire {
        Lease<Integer, StormServer.Connection> lease();
    }

    private void attempt(StormServer server, Acquire acquire) {
        try {
            hold(acquire.lease(), server);
        } catch (PoolException e) {
            failures.incrementAndGet();
        }
    }

    private void acquireAsync(ConnectionPool<Integer, StormServer.Connection> pool, StormServer server, int endpoint)
            throws Exception {
        try {
            hold(pool.connectionAsync(endpoint).get(), server);
        } catch (java.util.concurrent.ExecutionException e) {
            failures.incrementAndGet();
        }
    }

    /** The future is cancelled at about the moment of its grant: either nothing was granted, or it comes back by itself. */
    private void cancelSoon(ConnectionPool<Integer, StormServer.Connection> pool, StormServer server, int endpoint) {
        CompletableFuture<Lease<Integer, StormServer.Connection>> future = pool.connectionAsync(endpoint);
        if (future.isDone()) {
            try {
                hold(future.join(), server);
            } catch (CompletionException e) {
                failures.incrementAndGet();
            }
            return;
        }
        if (ThreadLocalRandom.current().nextBoolean()) {
            Thread.yield();
        }
        if (!future.cancel(true) && !future.isCompletedExceptionally()) {
            hold(future.join(), server);
        }
    }

    private void hold(Lease<Integer, StormServer.Connection> lease, StormServer server) {
        var random = ThreadLocalRandom.current();
        leases.incrementAndGet();
        StormServer.Connection connection = lease.connection();
        if (connection.endpoint != lease.endpoint()) {
            server.violated("a connection to another endpoint");
        }
        if (!connection.holder.compareAndSet(null, lease)) {
            server.violated("leased twice at once");
        }
        if (connection.disposals.get() != 0) {
            server.violated("leased after its disposal");
        }
        if (random.nextInt(8) == 0) {
            Thread.yield();
        }
        if (server.isFault() && connection.signals != null) {
            connection.signals.dead(new IOException("died while leased"));
        }
        if (!connection.holder.compareAndSet(lease, null)) {
            server.violated("taken over while leased");
        }
        if (server.isFault()) {
            lease.invalidate(new IOException("broken"));
        } else {
            lease.release();
        }
        if (random.nextInt(50) == 0) {
            lease.release(); // stale: must change nothing
        }
    }

    /** At rest, which may take a moment: connects, checks, resets and disposals end, and expiry goes on all the time. */
    private void assertBooks(ConnectionPool<Integer, StormServer.Connection> pool, StormServer server) {
        PoolStats stats = pool.stats();
        assertThat(stats.total()).isEqualTo(stats.idle()).isEqualTo(server.openInAll());
        assertThat(stats.waiters()).isZero();
        assertThat(stats.granted()).isEqualTo(leases.get());
        assertThat(stats.acquires())
                .isEqualTo(stats.granted() + stats.timedOut() + stats.cancelled() + stats.failed() + stats.rejected());
        assertThat(stats.created() - stats.disposed()).isEqualTo(stats.total());
        assertThat(stats.created()).isEqualTo(server.created.get());
        assertThat(stats.abandoned()).isZero();
        assertThat(stats.starving()).isZero();
    }
}
