package io.genericpool.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointStats;
import io.genericpool.PoolStats;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ScriptedManager;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The snapshot that observers share, and the walk that takes it. Shows I50, I52. */
@Timeout(60)
class RecentStatsTest {
    private static final List<String> ENDPOINTS = List.of("a", "b", "c", "d", "e");

    private final FakePoolClock clock = new FakePoolClock();
    /** Asked in the midst of each walk that reads endpoints. */
    private UnaryOperator<String> label = UnaryOperator.identity();

    private ConnectionPool<String, FakeConnection<String>> open() {
        return ConnectionPools.<String, FakeConnection<String>>builder(ScriptedManager.plain())
                .clock(clock)
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .connectGovernor(ConnectGovernor.unlimited())
                .idleTimeout(Duration.ofHours(1))
                .endpointLabel(endpoint -> label.apply(endpoint))
                .build();
    }

    private void useAll(ConnectionPool<String, FakeConnection<String>> pool) {
        for (String endpoint : ENDPOINTS) {
            pool.connection(endpoint).release();
        }
    }

    @Test
    void allObserversShareOneSnapshotForASecond() {
        try (var pool = open()) {
            PoolStats empty = pool.recentStats();
            useAll(pool);
            clock.advance(Duration.ofMillis(999));
            assertThat(pool.recentStats()).isSameAs(empty);
            clock.advance(Duration.ofMillis(1));
            PoolStats later = pool.recentStats();
            assertThat(later.granted()).isEqualTo(5);
            assertThat(later.endpoints()).isEqualTo(5);
            assertThat(pool.recentStats()).isSameAs(later);
            assertThat(pool.stats()).isNotSameAs(later);
        }
    }

    @Test
    void oneWalkReadsThePoolAndItsEndpointsWhileBothAreAskedFor() {
        try (var pool = open()) {
            var walks = new AtomicInteger();
            useAll(pool);
            label = endpoint -> {
                walks.incrementAndGet();
                return "<" + endpoint + ">";
            };
            for (int second = 1; second <= 3; second++) {
                PoolStats stats = pool.recentStats();
                Map<String, EndpointStats> endpoints = pool.recentEndpointStats();
                assertThat(endpoints).containsOnlyKeys(ENDPOINTS);
                assertThat(endpoints.get("a").label()).isEqualTo("<a>");
                if (second > 1) {
                    assertThat(pool.recentStats()).isSameAs(stats);
                }
                assertThat(walks.get()).isEqualTo(5 * second);
                clock.advance(Duration.ofSeconds(1));
            }
            assertThat(pool.recentStats().endpoints()).isEqualTo(5);
            clock.advance(Duration.ofSeconds(1));
            assertThat(pool.recentStats().endpoints()).isEqualTo(5);
            assertThat(walks.get())
                    .as("walks that read endpoints, until one that none asked for")
                    .isEqualTo(20);
        }
    }

    @Test
    void aReaderDoesNotWaitForTheOneThatRenews() throws Exception {
        try (var pool = open()) {
            useAll(pool);
            Map<String, EndpointStats> old = pool.recentEndpointStats();
            PoolStats oldStats = pool.recentStats();
            clock.advance(Duration.ofSeconds(1));
            var inside = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            label = endpoint -> {
                inside.countDown();
                await(goOn);
                return endpoint;
            };
            var renewing = new FutureTask<>(pool::recentEndpointStats);
            new Thread(renewing, "renewing").start();
            await(inside);
            assertThat(pool.recentEndpointStats()).isSameAs(old);
            assertThat(pool.recentStats()).isSameAs(oldStats);
            goOn.countDown();
            assertThat(renewing.get(20, TimeUnit.SECONDS)).isNotSameAs(old);
            assertThat(pool.recentEndpointStats()).isSameAs(renewing.get());
        }
    }

    /** The label of a pool's user may wait for what that other reader holds. */
    @Test
    void aReaderDoesNotWaitForTheFirstOneEither() throws Exception {
        try (var pool = open()) {
            useAll(pool);
            var inside = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            label = endpoint -> {
                if (Thread.currentThread().getName().equals("first")) {
                    inside.countDown();
                    await(goOn);
                }
                return endpoint;
            };
            var first = new FutureTask<>(pool::recentEndpointStats);
            new Thread(first, "first").start();
            await(inside);
            var second = new FutureTask<>(pool::recentEndpointStats);
            new Thread(second, "second").start();
            try {
                assertThat(second.get(20, TimeUnit.SECONDS)).containsOnlyKeys(ENDPOINTS);
                assertThat(pool.recentEndpointStats()).isSameAs(second.get());
            } finally {
                goOn.countDown();
            }
            assertThat(first.get(20, TimeUnit.SECONDS))
                    .as("its walk began before the one that was shown ended")
                    .isSameAs(second.get());
            assertThat(pool.recentEndpointStats()).isSameAs(second.get());
        }
    }

    @Test
    void aClosedPoolKeepsNoEndpoints() {
        var pool = open();
        useAll(pool);
        assertThat(pool.recentEndpointStats()).hasSize(5);
        pool.close();
        assertThat(pool.recentEndpointStats()).isEmpty();
        assertThat(pool.recentStats().granted()).isEqualTo(5);
    }

    /** Its observers have gone, and it has no sweep that would forget what they read. */
    @Test
    void aPoolWithoutACollectorLetsGoOfTheEndpointsWhenMemoryIsShort() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ShortOfMemory.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("read 1000, kept true, then false, read 1000");
    }

    @Test
    void aLabelMayAskInTheMidstOfAWalk() {
        try (var pool = open()) {
            useAll(pool);
            label = endpoint -> endpoint
                    + pool.recentStats().endpoints()
                    + pool.recentEndpointStats().size();
            assertThat(pool.recentEndpointStats().get("a").label()).isEqualTo("a50");
            clock.advance(Duration.ofSeconds(1));
            assertThat(pool.recentEndpointStats().get("a").label()).isEqualTo("a55");
        }
    }

    /** Each of the five endpoints has been read by then, or not. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void anEndpointThatLeavesInTheMidstOfAWalkIsCountedOnce(int turn) {
        try (var pool = open()) {
            useAll(pool);
            pool.evict("e");
            useAll(pool);
            assertThat(pool.stats().granted()).isEqualTo(10);
            var turns = new AtomicInteger();
            label = endpoint -> {
                if (turns.incrementAndGet() == turn) {
                    ENDPOINTS.forEach(pool::evict);
                    assertThat(pool.endpoints()).isEmpty();
                    pool.connection("late").release();
                    pool.evict("late");
                }
                return endpoint;
            };
            Map<String, EndpointStats> endpoints = pool.recentEndpointStats();
            PoolStats stats = pool.recentStats();
            assertThat(endpoints).hasSize(turn - 1);
            assertThat(stats.endpoints()).isEqualTo(turn - 1);
            assertThat(stats.granted()).as("with the one of the late endpoint").isEqualTo(11);
            assertThat(stats.acquires()).isEqualTo(11);
            assertThat(stats.created()).isEqualTo(7);
            assertThat(stats.disposed()).isEqualTo(7 - stats.total());
            assertThat(pool.stats().granted()).isEqualTo(11);
            assertThat(pool.stats().disposed()).isEqualTo(7);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
