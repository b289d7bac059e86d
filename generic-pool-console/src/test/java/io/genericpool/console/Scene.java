package io.genericpool.console;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointLimits;
import io.genericpool.Lease;
import io.genericpool.SuspendMode;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A pool under a load that one can look at: some endpoints are busy, one is down, one is suspended, one has a leak. */
final class Scene implements AutoCloseable {
    private static final List<String> KINDS = List.of("orders", "billing", "search", "prices", "users", "mail");

    final PoolActivity activity = PoolActivity.eventsAndWaits();
    final ConnectionPool<String, Object> pool;
    private final ExecutorService users = Executors.newCachedThreadPool();
    private final List<Lease<String, Object>> kept = new ArrayList<>();
    private volatile boolean ended;

    Scene(String name) {
        pool = ConnectionPools.builder(new Manager())
                .name(name)
                .maxSize(8)
                .totalMaxSize(120)
                .acquireTimeout(Duration.ofSeconds(2))
                .leakDetectionThreshold(Duration.ofSeconds(2))
                .endpointLimits(endpoint -> EndpointLimits.of(0, endpoint.startsWith("search") ? 16 : 8))
                .listener(activity)
                .build();
        kept.add(pool.connection("billing-2.example:5432"));
        for (int i = 0; i < 24; i++) {
            String endpoint = KINDS.get(i % KINDS.size()) + "-" + (i / KINDS.size() + 1) + ".example:5432";
            int busy = endpoint.startsWith("orders-2") ? 14 : 1 + i * 7 % 5;
            for (int user = 0; user < busy; user++) {
                long seed = i * 100L + user;
                users.execute(() -> use(endpoint, new Random(seed)));
            }
        }
        pool.suspend("users-3.example:5432", SuspendMode.WAIT);
    }

    private void use(String endpoint, Random random) {
        while (!ended) {
            try {
                pool.use(endpoint, connection -> {
                    pause(10 + random.nextInt(60), () -> ended);
                    return null;
                });
            } catch (RuntimeException e) {
                pause(200, () -> ended);
            }
            pause(random.nextInt(endpoint.startsWith("orders-2") ? 3 : 90), () -> ended);
        }
    }

    /** Plays the work of a user, which takes its time. */
    private static void pause(long millis, BooleanSupplier end) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!end.getAsBoolean() && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    @Override
    public void close() {
        ended = true;
        kept.forEach(Lease::close);
        users.shutdownNow();
        pool.close(Duration.ofSeconds(5));
    }

    private static final class Manager implements ConnectionManager<String, Object> {
        @Override
        public Object create(String endpoint, Duration timeout) throws Exception {
            pause(30, () -> false);
            if (endpoint.startsWith("prices-3")) {
                throw new ConnectException("Connection refused: " + endpoint);
            }
            return new Object();
        }

        @Override
        public void dispose(String endpoint, Object connection, Duration timeout) {}
    }
}
