package io.genericpool.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real threads, real time: the servers count their connections, and none ever has more than the cap. */
@Timeout(120)
class FleetStormTest {
    private static final int CAP = 5;
    private static final int POOLS = 4;
    private static final int THREADS_PER_POOL = 4;
    private static final int ROUNDS = Integer.getInteger("fleet.rounds", 300);
    private static final List<String> ENDPOINTS = List.of("a", "b", "c");

    private final Map<String, AtomicInteger> open = new ConcurrentHashMap<>();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private final AtomicLong leases = new AtomicLong();

    private final class CountingManager implements ConnectionManager<String, Object> {
        @Override
        public Object create(String endpoint, Duration timeout) {
            mostOpen.accumulateAndGet(count(endpoint).incrementAndGet(), Math::max);
            return new Object();
        }

        @Override
        public void dispose(String endpoint, Object connection, Duration timeout) {
            count(endpoint).decrementAndGet();
        }
    }

    private AtomicInteger count(String endpoint) {
        return open.computeIfAbsent(endpoint, e -> new AtomicInteger());
    }

    @Test
    void noServerHasMoreThanTheCapAndEverythingGoesBack() throws Exception {
        long seed = Long.getLong("fleet.seed", System.nanoTime());
        System.out.println("fleet storm, seed " + seed + " (replay: -Dfleet.seed=" + seed + ")");
        var engine = new InProcessEngine();
        List<ConnectionPool<String, Object>> pools = new ArrayList<>();
        for (int i = 0; i < POOLS; i++) {
            pools.add(ConnectionPools.builder(new CountingManager())
                    .name("storm-" + i)
                    .idleTimeout(Duration.ofMillis(200))
                    .endpointRetention(Duration.ofMillis(400))
                    .sharedLimits(FleetLimits.<String>builder(engine)
                            .name("storm")
                            .cap(endpoint -> CAP)
                            .gather(Duration.ofMillis(1))
                            .heartbeat(Duration.ofMillis(100))
                            .lease(Duration.ofMinutes(2)) // no pause of this machine is longer
                            .build())
                    .build());
        }
        var threads = new ArrayList<Thread>();
        var failures = new ArrayList<Throwable>();
        var random = new SplittableRandom(seed);
        for (ConnectionPool<String, Object> pool : pools) {
            for (int i = 0; i < THREADS_PER_POOL; i++) {
                SplittableRandom own = random.split();
                var thread = new Thread(() -> work(pool, own));
                thread.setUncaughtExceptionHandler((t, e) -> {
                    synchronized (failures) {
                        failures.add(e);
                    }
                });
                threads.add(thread);
            }
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        pools.forEach(pool -> pool.close(Duration.ofSeconds(20)));

        assertThat(failures).isEmpty();
        assertThat(mostOpen.get()).isBetween(1, CAP);
        assertThat(leases.get()).isGreaterThan(POOLS * THREADS_PER_POOL * ROUNDS / 2);
        assertThat(open.values()).allSatisfy(count -> assertThat(count.get()).isZero());
        for (String endpoint : ENDPOINTS) {
            assertThat(engine.granted("storm", "e:" + endpoint)).as(endpoint).isZero();
        }
        engine.close();
    }

    private void work(ConnectionPool<String, Object> pool, SplittableRandom random) {
        for (int round = 0; round < ROUNDS; round++) {
            String endpoint = ENDPOINTS.get(random.nextInt(ENDPOINTS.size()));
            try (Lease<String, Object> lease = pool.connection(endpoint, Duration.ofSeconds(30))) {
                leases.incrementAndGet();
                if (random.nextInt(10) == 0) {
                    lease.invalidate();
                } else if (random.nextInt(50) == 0) {
                    pool.evict(endpoint);
                } else if (random.nextInt(4) == 0) {
                    Thread.sleep(1); // a lease that is held while others wait
                }
            } catch (AcquireTimeoutException e) {
                throw new AssertionError(pool + " was not served: " + e.getMessage(), e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
