package io.genericpool.core.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.Lease;
import io.genericpool.core.ConnectionPools;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Shows I40: what an operator asks of very many connections is decided when the call returns, and carried out in
 * slices: the number of tasks handed to the executor says so, not a time.
 */
class BacklogTest {
    private static final int MANY = 1_000;
    private static final int MOST_TASKS = 64;

    private final FakePoolClock clock = new FakePoolClock();
    private final ManualExecutor executor = new ManualExecutor();
    private final ScriptedManager<String> manager = ScriptedManager.plain();
    private final ConnectionPool<String, FakeConnection<String>> pool = ConnectionPools.builder(manager)
            .clock(clock)
            .connectExecutor(executor)
            .completionExecutor(executor)
            .maxSize(MANY)
            .totalMaxSize(MANY)
            .totalMaxDisposals(100)
            .closeTimeout(Duration.ZERO)
            .build();

    @AfterEach
    void close() {
        pool.close();
        executor.runAll();
        manager.server().assertAllClosed();
        manager.assertNoViolations();
    }

    private void idle(int endpoints) {
        for (int i = 0; i < endpoints; i++) {
            var warmUp = pool.warmUp("e" + i, MANY / endpoints);
            executor.runAll();
            assertThat(warmUp).isCompletedWithValue(MANY / endpoints);
        }
    }

    private Set<FakeConnection<String>> open(int endpoints) {
        Set<FakeConnection<String>> open = new HashSet<>();
        for (int i = 0; i < endpoints; i++) {
            open.addAll(manager.server().connections("e" + i));
        }
        return open;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 500})
    void anEvictionIsDecidedAtOnceAndCarriedOutInSlices(int endpoints) {
        idle(endpoints);
        pool.evictAll();
        assertThat(executor.pending()).isBetween(1, MOST_TASKS);
        assertThat(pool.stats().total()).as("each keeps its permit").isEqualTo(MANY);
        executor.runAll();
        assertThat(manager.server().open()).isZero();
        assertThat(pool.stats().total()).isZero();
        assertThat(pool.stats().disposed(DisposeReason.EVICTED)).isEqualTo(MANY);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void noEvictedConnectionIsLent(int endpoints) {
        idle(endpoints);
        Set<FakeConnection<String>> evicted = open(endpoints);
        assertThat(evicted).hasSize(MANY);
        pool.evictAll();
        boolean goesOn = true;
        while (goesOn) {
            for (int i = 0; i < endpoints; i++) {
                assertThat(pool.tryConnection("e" + i)).isEmpty();
            }
            goesOn = executor.runNext();
        }
        var asked = pool.connectionAsync("e0");
        executor.runAll();
        try (Lease<String, FakeConnection<String>> lease = asked.join()) {
            assertThat(evicted).doesNotContain(lease.connection());
        }
    }

    @Test
    void aRequestThatWaitsGetsANewConnectionWhileTheEvictionGoesOn() {
        idle(1);
        Set<FakeConnection<String>> evicted = open(1);
        pool.evictAll();
        var asked = pool.connectionAsync("e0");
        executor.runAll();
        try (Lease<String, FakeConnection<String>> lease = asked.join()) {
            assertThat(evicted).doesNotContain(lease.connection());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void aCloseOfManyIdleConnectionsGoesOnAfterItsDeadline(int endpoints) {
        idle(endpoints);
        var report = pool.close(Duration.ZERO);
        assertThat(executor.pending()).isBetween(1, MOST_TASKS);
        assertThat(report.abandoned()).isEqualTo(MANY);
        executor.runAll();
        assertThat(pool.stats().disposed(DisposeReason.CLOSED)).isEqualTo(MANY);
        assertThat(pool.stats().total()).isZero();
    }

    @Test
    void aCloseTakesAllLeasesFromTheirHoldersByItsDeadline() {
        idle(1);
        List<Lease<String, FakeConnection<String>>> leases = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            leases.add(pool.tryConnection("e0").orElseThrow());
        }
        var report = pool.close(Duration.ZERO);
        assertThat(report.revoked()).isEqualTo(MANY);
        assertThat(executor.pending()).isBetween(1, MOST_TASKS);
        leases.forEach(Lease::release);
        assertThat(pool.stats().total()).as("a late release changes nothing").isEqualTo(MANY);
        executor.runAll();
        assertThat(pool.stats().disposed(DisposeReason.CLOSED)).isEqualTo(MANY);
    }

    @Test
    void aLowerMaximumIsCarriedOutInSlicesAndThoseIdleLongestGo() {
        idle(1);
        Set<FakeConnection<String>> used = new HashSet<>();
        clock.advance(Duration.ofSeconds(10));
        List<Lease<String, FakeConnection<String>>> leases = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            leases.add(pool.connection("e0"));
        }
        leases.forEach(lease -> {
            used.add(lease.connection());
            lease.release();
        });
        pool.resize("e0", EndpointLimits.of(0, 10));
        assertThat(executor.pending()).isBetween(1, MOST_TASKS);
        executor.runAll();
        assertThat(open(1)).hasSize(10).containsAll(used);
        assertThat(pool.stats().disposed(DisposeReason.RESIZED)).isEqualTo(MANY - 10);
    }

    @Test
    void aLowerTotalIsCarriedOutInSlices() {
        idle(100);
        pool.resizeTotal(10);
        assertThat(executor.pending()).isBetween(1, MOST_TASKS + 1);
        executor.runAll();
        assertThat(pool.stats().total()).isEqualTo(10);
        assertThat(pool.stats().disposed(DisposeReason.RESIZED)).isEqualTo(MANY - 10);
    }
}
