package io.genericpool.benchmarks.group;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.benchmarks.load.Waits;
import io.genericpool.benchmarks.subject.Hold;
import io.genericpool.core.ConnectionPools;
import io.genericpool.group.Routing;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Callers of a group of three members, one of which is killed and stays down for half of the time. */
final class DyingMember implements AutoCloseable {
    private static final int CALLERS = 64;
    private static final int MAX_SIZE = 40;
    private static final long HOLD = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long CONNECT = TimeUnit.MILLISECONDS.toNanos(2);
    private static final List<String> MEMBERS = List.of("r1", "r2", "r3");
    private static final String VICTIM = "r3";

    private final Server server = new Server();
    private final ConnectionPool<String, Connection> pool;
    private final EndpointGroup<String, Connection> group;

    DyingMember() {
        pool = ConnectionPools.builder(server)
                .maxSize(MAX_SIZE)
                .totalMaxSize(MAX_SIZE * MEMBERS.size())
                .build();
        group = pool.group("replicas", Routing.leastLoaded(), MEMBERS);
    }

    private static final class Connection {
        final String endpoint;
        volatile @Nullable ConnectionSignals signals;

        Connection(String endpoint) {
            this.endpoint = endpoint;
        }
    }

    private static final class Server implements ConnectionManager<String, Connection> {
        final Set<Connection> connections = ConcurrentHashMap.newKeySet();
        volatile boolean isDown;

        @Override
        public Connection create(String endpoint, Duration timeout) throws IOException {
            Hold.sleep(CONNECT);
            if (isDown && endpoint.equals(VICTIM)) {
                throw new IOException("down");
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
        }

        void kill() {
            isDown = true;
            for (Connection connection : connections) {
                ConnectionSignals signals = connection.signals;
                if (connection.endpoint.equals(VICTIM) && signals != null) {
                    signals.dead(new IOException("down"));
                }
            }
        }
    }

    /** What callers saw. */
    record Seen(Waits waits, int failed) {}

    Seen healthy(long millis) throws Exception {
        return run(millis, false);
    }

    Seen dying(long millis) throws Exception {
        return run(millis, true);
    }

    private Seen run(long millis, boolean kills) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Future<Seen>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(threads.submit(() -> call(end)));
            }
            while (kills && System.nanoTime() - end < 0) {
                server.kill();
                Thread.sleep(50); // it is down
                server.isDown = false;
                Thread.sleep(50); // it is up
            }
            var all = new Waits();
            int failed = 0;
            for (Future<Seen> caller : callers) {
                Seen seen = caller.get(60, TimeUnit.SECONDS);
                all.add(seen.waits);
                failed += seen.failed;
            }
            return new Seen(all, failed);
        } finally {
            threads.shutdownNow();
        }
    }

    private Seen call(long end) {
        var waits = new Waits();
        int failed = 0;
        while (System.nanoTime() - end < 0) {
            long start = System.nanoTime();
            try (Lease<String, Connection> lease = group.connection(Duration.ofSeconds(5))) {
                waits.add(System.nanoTime() - start);
                Hold.sleep(HOLD);
            } catch (PoolException e) {
                failed++;
            }
        }
        return new Seen(waits, failed);
    }

    @Override
    public void close() {
        pool.close();
    }
}
