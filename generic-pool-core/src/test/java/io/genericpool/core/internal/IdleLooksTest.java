package io.genericpool.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionPool;
import io.genericpool.IdleOrder;
import io.genericpool.Lease;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.internal.capacity.SlotTable;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Shows I41, and that a look costs the same for any number of connections: it counts places, not time. */
class IdleLooksTest {
    private static final int MANY = 10_000;
    private static final int CYCLES = 2_000;

    private final FakePoolClock clock = new FakePoolClock();
    private final List<Lease<String, FakeConnection<String>>> leases = new ArrayList<>();

    private ConnectionPoolBuilder<String, FakeConnection<String>> builder() {
        return ConnectionPools.builder(ScriptedManager.<String>full())
                .clock(clock)
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .maxSize(MANY)
                .totalMaxSize(MANY)
                .totalMaxConnects(MANY)
                .backgroundCollector(false)
                .idleTimeout(Duration.ofDays(1))
                .maxLifetime(Duration.ofDays(1))
                .closeTimeout(Duration.ZERO);
    }

    private void leaseAll(ConnectionPool<String, FakeConnection<String>> pool) {
        for (int i = 0; i < MANY; i++) {
            leases.add(pool.connection("e"));
        }
    }

    private static PoolParts<String, FakeConnection<String>> parts(ConnectionPool<String, FakeConnection<String>> pool)
            throws ReflectiveOperationException {
        var field = DefaultConnectionPool.class.getDeclaredField("context");
        field.setAccessible(true);
        @SuppressWarnings("unchecked")
        var parts = (PoolParts<String, FakeConnection<String>>) field.get(pool);
        return parts;
    }

    private static EndpointPool<String, FakeConnection<String>> endpoint(
            ConnectionPool<String, FakeConnection<String>> pool) throws ReflectiveOperationException {
        return parts(pool).registry.find("e");
    }

    private static long looks(ConnectionPool<String, FakeConnection<String>> pool) throws ReflectiveOperationException {
        return endpoint(pool).mapped().looks();
    }

    @Test
    void theOneThatWasReleasedIsFoundAmongManyLeased() throws Exception {
        try (var pool = builder().build()) {
            leaseAll(pool);
            var random = new SplittableRandom(3);
            long before = looks(pool);
            for (int i = 0; i < CYCLES; i++) {
                int at = random.nextInt(MANY);
                var released = leases.get(at).connection();
                leases.get(at).release();
                var next = pool.tryConnection("e").orElseThrow();
                assertThat(next.connection()).isSameAs(released);
                leases.set(at, next);
            }
            assertThat(looks(pool) - before).isLessThan(2L * CYCLES);
        }
    }

    @Test
    void whereAllAreLeasedARefusalLooksAtNone() throws Exception {
        try (var pool = builder().build()) {
            leaseAll(pool);
            assertThat(pool.tryConnection("e")).isEmpty();
            long before = looks(pool);
            for (int i = 0; i < CYCLES; i++) {
                assertThat(pool.tryConnection("e")).isEmpty();
            }
            assertThat(looks(pool) - before).isLessThan(3L * CYCLES); // each asks once or twice, and is told none
        }
    }

    @Test
    void aReleaseHandsOverWithoutALookAtTheOthers() throws Exception {
        try (var pool = builder().build()) {
            leaseAll(pool);
            for (int i = 0; i < 100; i++) {
                pool.connectionAsync("e");
            }
            long before = looks(pool);
            for (int i = 0; i < 100; i++) {
                leases.get(i).release();
            }
            assertThat(pool.stats().waiters()).isZero();
            assertThat(looks(pool) - before).isLessThan(1_000);
        }
    }

    /** Idle for longer than the bypass, each must be checked: a request has one checked, and does not pass by the others. */
    @Test
    void aStaleOneIsFoundAmongManyStale() throws Exception {
        try (var pool = builder().alivenessBypass(Duration.ofSeconds(1)).build()) {
            leaseAll(pool);
            leases.forEach(Lease::release);
            clock.advance(Duration.ofSeconds(2));
            pool.connection("e").release(); // moves all to where stale ones are
            clock.advance(Duration.ofSeconds(2));
            long before = looks(pool);
            for (int i = 0; i < 100; i++) {
                try (var lease = pool.connection("e")) {
                    assertThat(lease.connection().isOpen()).isTrue();
                }
                clock.advance(Duration.ofSeconds(2));
            }
            assertThat(looks(pool) - before).isLessThan(2_000);
            assertThat(pool.stats().idle()).isEqualTo(MANY);
        }
    }

    @Test
    void inOrderTheOneIdleLongestIsLentAmongMany() {
        try (var pool = builder().idleOrder(IdleOrder.FIFO).build()) {
            leaseAll(pool);
            var order = new ArrayList<FakeConnection<String>>();
            for (int i = 0; i < MANY; i += 3) {
                order.add(leases.get(i).connection());
                leases.get(i).release();
            }
            for (var expected : order) {
                assertThat(pool.tryConnection("e").orElseThrow().connection()).isSameAs(expected);
            }
            assertThat(pool.tryConnection("e")).isEmpty();
        }
    }

    /** Each arrival at an endpoint that starves searches; all connections of the pool are leased. */
    @Test
    void aStarvingEndpointLooksAtFew() throws Exception {
        try (var pool = builder().build()) {
            leaseAll(pool);
            SlotTable<?, ?> table = parts(pool).capacity.table;
            pool.connectionAsync("first"); // goes through all of them, in slices
            for (int i = 0; i < 50; i++) {
                long before = table.probes();
                var starved = pool.connectionAsync("starving-" + i);
                assertThat(table.probes() - before).isLessThanOrEqualTo(SlotTable.PROBES);
                leases.get(i).release();
                assertThat(starved.isDone() || pool.stats().waiters() > 0).isTrue();
            }
        }
    }

    /** What is idle is found wherever it is, after any order of leases, releases, checks and searches. */
    @Test
    void nothingIdleIsEverMissed() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            try (var pool = builder()
                    .maxSize(200)
                    .alivenessBypass(Duration.ofSeconds(1))
                    .build()) {
                var random = new SplittableRandom(seed);
                leases.clear();
                for (int step = 0; step < 3_000; step++) {
                    int what = random.nextInt(10);
                    if (what == 0) {
                        clock.advance(Duration.ofMillis(random.nextInt(900)));
                    } else if (what < 5 && !leases.isEmpty()) {
                        leases.remove(random.nextInt(leases.size())).release();
                    } else if (leases.size() < 200) {
                        int idle = pool.stats().idle();
                        int connections = pool.stats().total();
                        leases.add(pool.connection("e"));
                        if (idle > 0) {
                            assertThat(pool.stats().total()).as("seed %d", seed).isEqualTo(connections);
                        }
                    }
                }
            }
        }
    }
}
