package io.genericpool.core.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.PoolStats;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.support.VirtualThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Many threads, few connections, faults everywhere, real time; then everything is at rest, and the books must be
 * right. {@code -Dstorm.acquires} says how many acquires the first storm and that of the virtual threads make, {@code
 * -Dstorm.faults} how many faults in a thousand decisions, {@code -Dstorm.seed} what the threads do and which
 * decisions are faults (not when: that is up to the scheduler). Shows I1, I9, I12, I13, I14, I22, I41 and I53.
 */
@SuppressWarnings("ThreadPriorityCheck") // yields make interleavings likelier; nothing depends on them
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class StormTest {
    private static final int ACQUIRES = Integer.getInteger("storm.acquires", 200_000);
    private static final int FAULTS = Integer.getInteger("storm.faults", 20);
    private static final long SEED = Long.getLong("storm.seed", System.nanoTime());
    private static final int ENDPOINTS = 8;
    private static final int MAX_SIZE = 5;
    private static final int PLATFORM_THREADS = 64;
    private static final int VIRTUAL_THREADS = 10_000;

    private Duration overtakeWithin = Duration.ZERO;
    private final AtomicLong leases = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong cancelledFirst = new AtomicLong();

    @ParameterizedTest(name = "total {0}, {2}% of the acquires, faults: {1}, overtaking within {3} ms")
    @CsvSource({"40, true, 100, 0", "13, true, 50, 0", "13, false, 50, 0", "13, true, 50, 1", "40, false, 50, 1"})
    void aStormLeavesTheBooksRight(int totalMaxSize, boolean hasFaults, int percent, int overtakeMillis)
            throws Exception {
        overtakeWithin = Duration.ofMillis(overtakeMillis);
        int acquires = (int) (ACQUIRES * (long) percent / 100);
        storm(Thread::new, PLATFORM_THREADS, acquires, totalMaxSize, hasFaults ? FAULTS : 0);
    }

    @Test
    void aStormOfVirtualThreadsLeavesTheBooksRightAndPinsNoCarrier() throws Exception {
        assumeTrue(VirtualThreads.areUnpinned(), "needs JDK 24 or later: before, synchronized pins virtual threads");
        ThreadFactory threads = VirtualThreads.factory();
        storm(threads, VIRTUAL_THREADS, VIRTUAL_THREADS, 40, FAULTS); // loads classes: waiting for one pins
        leases.set(0);
        failures.set(0);
        try (var pinning = new Pinning()) {
            storm(threads, VIRTUAL_THREADS, ACQUIRES, 40, FAULTS);

            assertThat(pinning.stop()).as("where a virtual thread was pinned").isEmpty();
        }
    }

    /** A class whose initializer waits: native frames below it pin a virtual thread on every JDK so far. */
    private static final class SlowToLoad {
        static final long LOADED_AT = park();

        private static long park() {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            return System.nanoTime();
        }
    }

    @Test
    void aThreadThatIsPinnedWouldBeNoticed() throws Exception {
        assumeTrue(VirtualThreads.areUnpinned(), "needs JDK 24 or later: the storm of virtual threads does");
        try (var pinning = new Pinning()) {
            var seen = new AtomicLong();
            Thread thread = VirtualThreads.factory().newThread(() -> seen.set(SlowToLoad.LOADED_AT));
            thread.start();
            thread.join();

            assertThat(seen).doesNotHaveValue(0);
            assertThat(pinning.stop()).hasSize(1).first().asString().contains("SlowToLoad");
        }
    }

    private void storm(ThreadFactory threads, int threadCount, int acquires, int totalMaxSize, int faults)
            throws Exception {
        System.out.printf("reliability C: storm, seed %d (replay: -Dstorm.seed=%d)%n", SEED, SEED);
        var server = new StormServer(ENDPOINTS, faults, SEED);
        var pool = ConnectionPools.builder(server)
                .maxSize(MAX_SIZE)
                .totalMaxSize(totalMaxSize)
                .minIdle(1)
                .overtakeWithin(overtakeWithin)
                .connectGovernor(CircuitGovernor.builder()
                        .initialBackoff(Duration.ofMillis(1))
                        .maxBackoff(Duration.ofMillis(10))
                        .failFastAfter(3)
                        .build())
                .tooManyRecovery(Duration.ofMillis(5))
                .alivenessBypass(Duration.ofMillis(20))
                .idleTimeout(Duration.ofMillis(200))
                .maxLifetime(Duration.ofMillis(500))
                .acquireTimeout(Duration.ofSeconds(60))
                .name("storm")
                .build();
        long started = System.nanoTime();

        runThreads(threads, threadCount, pool, server, acquires / threadCount);

        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertBooks(pool, server));
        PoolStats stats = pool.stats();
        System.out.printf(
                "reliability C: %,d threads, %,d acquires, %,d leases, %,d failures, %,d cancelled while queued or as"
                        + " they were granted, %,d faults, %,d connections, %.1f s, seed %d%n",
                threadCount,
                stats.acquires(),
                leases.get(),
                failures.get(),
                cancelledFirst.get(),
                server.faults.get(),
                server.created.get(),
                (System.nanoTime() - started) / 1e9,
                SEED);
        assertThat(server.violation.get()).as("with seed %d", SEED).isNull();
        for (int endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
            assertThat(server.mostOpen(endpoint)).isBetween(1, MAX_SIZE);
        }
        assertThat(server.mostOpenInAll()).isLessThanOrEqualTo(totalMaxSize);
        assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();
        assertThat(server.openInAll()).isZero();
        assertThat(server.disposed.get()).isEqualTo(server.created.get());
        assertThat(pool.endpoints()).isEmpty();
    }

    private void runThreads(
            ThreadFactory factory,
            int count,
            ConnectionPool<Integer, StormServer.Connection> pool,
            StormServer server,
            int each)
            throws InterruptedException {
        var start = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < count; i++) {
            var user = new User(pool, server, new SplittableRandom(SEED * 31 + i));
            Thread thread = factory.newThread(() -> {
                try {
                    start.await();
                    for (int n = 0; n < each; n++) {
                        user.acquireOnce();
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

    private interface Acquire {
        Lease<Integer, StormServer.Connection> lease();
    }

    /** What one thread does, one thing after the other, as its dice say. */
    private final class User {
        private final ConnectionPool<Integer, StormServer.Connection> pool;
        private final StormServer server;
        private final SplittableRandom random;

        User(ConnectionPool<Integer, StormServer.Connection> pool, StormServer server, SplittableRandom random) {
            this.pool = pool;
            this.server = server;
            this.random = random;
        }

        void acquireOnce() throws Exception {
            int endpoint = random.nextInt(ENDPOINTS);
            switch (random.nextInt(20)) {
                case 0 -> cancelSoon(endpoint);
                case 1, 2, 3 -> acquireAsync(endpoint);
                case 4 -> tryOnce(endpoint);
                case 5 -> attempt(() -> pool.newConnection(endpoint));
                case 6 -> {
                    var timeout = Duration.ofNanos(random.nextLong(200_000));
                    attempt(() -> pool.connection(endpoint, timeout));
                }
                case 7 -> {
                    if (random.nextInt(200) == 0) {
                        pool.evict(endpoint);
                    }
                    attempt(() -> pool.connection(endpoint));
                }
                case 8 -> {
                    Thread.currentThread().interrupt();
                    attempt(() -> pool.connection(endpoint));
                    Thread.interrupted();
                }
                default -> attempt(() -> pool.connection(endpoint));
            }
        }

        private void tryOnce(int endpoint) {
            try {
                pool.tryConnection(endpoint).ifPresent(this::hold);
            } catch (PoolException e) {
                failures.incrementAndGet();
            }
        }

        private void attempt(Acquire acquire) {
            try {
                hold(acquire.lease());
            } catch (PoolException e) {
                failures.incrementAndGet();
            }
        }

        private void acquireAsync(int endpoint) throws Exception {
            try {
                hold(pool.connectionAsync(endpoint).get());
            } catch (ExecutionException e) {
                failures.incrementAndGet();
            }
        }

        /** Cancelled at about the moment of its grant: either nothing was granted, or it comes back by itself. */
        private void cancelSoon(int endpoint) {
            CompletableFuture<Lease<Integer, StormServer.Connection>> future = pool.connectionAsync(endpoint);
            if (future.isDone()) {
                try {
                    hold(future.join());
                } catch (CompletionException e) {
                    failures.incrementAndGet();
                }
                return;
            }
            if (random.nextBoolean()) {
                Thread.yield();
            }
            if (future.cancel(true)) {
                cancelledFirst.incrementAndGet();
            } else if (!future.isCompletedExceptionally()) {
                hold(future.join());
            }
        }

        private void hold(Lease<Integer, StormServer.Connection> lease) {
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
    }

    /** At rest, which may take a moment: connects, checks, resets and disposals end, and expiry goes on all the time. */
    private void assertBooks(ConnectionPool<Integer, StormServer.Connection> pool, StormServer server) {
        PoolStats stats = pool.stats();
        assertThat(stats.total()).isEqualTo(stats.idle()).isEqualTo(server.openInAll());
        assertThat(stats.waiters()).isZero();
        assertThat(stats.granted()).isEqualTo(leases.get());
        assertThat(stats.acquires())
                .isEqualTo(stats.granted() + stats.timedOut() + stats.cancelled() + stats.failed() + stats.rejected());
        assertThat(stats.repaired()).as("owners taken for lost").isZero();
        assertThat(stats.created() - stats.disposed()).isEqualTo(stats.total());
        assertThat(stats.created()).isEqualTo(server.created.get());
        assertThat(stats.abandoned()).isZero();
        assertThat(stats.starving()).isZero();
    }
}
