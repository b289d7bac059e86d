package io.genericpool.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.group.Routing;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many threads and futures ask a group, and its members on their own, while members die, come back and the group changes. In
 * the end no lease is out, nothing waits, and no connection was ever lent to two. Shows I12, I54 and I55.
 */
@Timeout(180)
class GroupStormTest {
    private static final int MAX_SIZE = 2;
    private static final int TOTAL = 5;
    private static final int ROUNDS = Integer.getInteger("group.storm.rounds", 1_500);
    private static final long SEED = Long.getLong("group.storm.seed", System.nanoTime());
    private static final List<String> MEMBERS = List.of("a", "b", "c");

    private final Server server = new Server();
    private final Queue<String> mistakes = new ConcurrentLinkedQueue<>();

    private static final class Connection {
        final String endpoint;
        final AtomicBoolean isUsed = new AtomicBoolean();
        volatile ConnectionSignals signals;

        Connection(String endpoint) {
            this.endpoint = endpoint;
        }
    }

    private final class Server implements ConnectionManager<String, Connection> {
        final Map<String, AtomicInteger> open = new ConcurrentHashMap<>();
        final Set<String> down = ConcurrentHashMap.newKeySet();
        final Set<Connection> connections = ConcurrentHashMap.newKeySet();

        @Override
        public Connection create(String endpoint, Duration timeout) throws Exception {
            int now = open.computeIfAbsent(endpoint, e -> new AtomicInteger()).incrementAndGet();
            if (now > MAX_SIZE) {
                mistakes.add(now + " connections to " + endpoint);
            }
            if (down.contains(endpoint)) {
                open.get(endpoint).decrementAndGet();
                throw new IOException(endpoint + " is down");
            }
            var connection = new Connection(endpoint);
            connections.add(connection);
            return connection;
        }

        @Override
        public void bind(String endpoint, Connection connection, ConnectionSignals signals) {
            connection.signals = signals;
        }

        @Override
        public void dispose(String endpoint, Connection connection, Duration timeout) {
            connections.remove(connection);
            open.get(endpoint).decrementAndGet();
        }

        void kill(String endpoint) {
            down.add(endpoint);
            for (Connection connection : connections) {
                if (connection.endpoint.equals(endpoint) && connection.signals != null) {
                    connection.signals.dead(new IOException("killed"));
                }
            }
        }
    }

    private void work(Lease<String, Connection> lease, SplittableRandom random) {
        Connection connection;
        try {
            connection = lease.connection();
        } catch (IllegalStateException e) {
            mistakes.add("a lease that has ended was handed out");
            return;
        }
        if (!connection.endpoint.equals(lease.endpoint())) {
            mistakes.add("a connection of another endpoint");
        }
        if (!connection.isUsed.compareAndSet(false, true)) {
            mistakes.add("a connection lent to two");
        }
        if (random.nextInt(4) == 0) {
            Thread.onSpinWait();
        }
        connection.isUsed.set(false);
        if (random.nextInt(16) == 0) {
            lease.invalidate();
        } else {
            lease.release();
        }
    }

    private Callable<Void> blocking(
            ConnectionPool<String, Connection> pool, EndpointGroup<String, Connection> group, long seed) {
        return () -> {
            var random = new SplittableRandom(seed);
            for (int i = 0; i < ROUNDS; i++) {
                Duration timeout = Duration.ofMillis(random.nextInt(8) == 0 ? 0 : random.nextInt(1, 50));
                try {
                    work(
                            random.nextInt(5) == 0
                                    ? pool.connection(MEMBERS.get(random.nextInt(3)), timeout)
                                    : random.nextInt(8) == 0 ? group.newConnection(timeout) : group.connection(timeout),
                            random);
                } catch (PoolException e) {
                    // down, paused or too late: it holds nothing
                }
            }
            return null;
        };
    }

    private Callable<Void> asynchronous(EndpointGroup<String, Connection> group, long seed) {
        return () -> {
            var random = new SplittableRandom(seed);
            List<CompletableFuture<?>> asked = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                long workSeed = random.nextLong();
                Duration timeout = Duration.ofMillis(random.nextInt(1, 30));
                var future =
                        random.nextInt(8) == 0 ? group.newConnectionAsync(timeout) : group.connectionAsync(timeout);
                asked.add(future.thenAccept(lease -> work(lease, new SplittableRandom(workSeed))));
                if (random.nextInt(3) == 0) {
                    future.cancel(true);
                }
                if (random.nextInt(4) == 0) {
                    settled(asked.get(random.nextInt(asked.size())));
                }
            }
            asked.forEach(GroupStormTest::settled);
            return null;
        };
    }

    private static void settled(CompletableFuture<?> future) {
        try {
            future.orTimeout(20, TimeUnit.SECONDS).join();
        } catch (CancellationException | CompletionException e) {
            if (e.getCause() instanceof java.util.concurrent.TimeoutException) {
                throw new AssertionError("a request of 30 ms did not end within 20 s", e);
            }
        }
    }

    private Callable<Void> killing(
            ConnectionPool<String, Connection> pool, EndpointGroup<String, Connection> group, AtomicBoolean goesOn) {
        return () -> {
            var random = new SplittableRandom(SEED + 99);
            while (goesOn.get()) {
                String member = MEMBERS.get(random.nextInt(3));
                server.kill(member);
                Thread.sleep(1); // the time that it is down
                server.down.remove(member);
                if (random.nextInt(8) == 0) {
                    pool.evict(member);
                }
                group.members(random.nextBoolean() ? MEMBERS : MEMBERS.subList(0, 2));
            }
            server.down.clear();
            return null;
        };
    }

    @Test
    void nothingIsLostWhileMembersDie() throws Exception {
        System.out.println("group storm, seed " + SEED);
        var pool = ConnectionPools.builder(server)
                .maxSize(MAX_SIZE)
                .totalMaxSize(TOTAL)
                .connectGovernor(CircuitGovernor.builder()
                        .initialBackoff(Duration.ofMillis(1))
                        .maxBackoff(Duration.ofMillis(2))
                        .build())
                .build();
        var group = pool.group(
                "storm",
                Routing.<String>leastLoaded()
                        .spillAfter(Duration.ofMillis(1))
                        .hedgeAfter(Duration.ofMillis(2))
                        .tier(member -> member.equals("c") ? 1 : 0),
                MEMBERS);
        var goesOn = new AtomicBoolean(true);
        var threads = Executors.newCachedThreadPool();
        try {
            var killer = threads.submit(killing(pool, group, goesOn));
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.add(threads.submit(blocking(pool, group, SEED + i)));
            }
            for (int i = 0; i < 2; i++) {
                all.add(threads.submit(asynchronous(group, SEED - i)));
            }
            for (Future<Void> each : all) {
                each.get(120, TimeUnit.SECONDS);
            }
            goesOn.set(false);
            killer.get(20, TimeUnit.SECONDS);
            awaitRest(pool);
        } finally {
            goesOn.set(false);
            threads.shutdownNow();
        }
        assertThat(mistakes).isEmpty();
        PoolWorld.assertBooks(pool.stats());
        assertThat(pool.stats().repaired()).isZero();
        assertThat(pool.close(Duration.ofSeconds(20)).abandoned()).isZero();
        assertThat(server.connections).isEmpty();
    }

    /** What was on its way when the last request ended may take a moment. */
    private static void awaitRest(ConnectionPool<String, Connection> pool) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (pool.stats().waiters() + pool.stats().leased() + pool.stats().pending() > 0) {
            assertThat(System.nanoTime() - end).as("%s", pool.stats()).isNegative();
            Thread.sleep(1); // between two looks
        }
    }
}
