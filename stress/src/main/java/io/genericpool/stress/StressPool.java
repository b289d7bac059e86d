package io.genericpool.stress;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointStats;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A small pool whose every step is made by the thread that calls it: connects, disposals and completions run inline, and
 * the collector's timer never fires. No hook but {@code bind} is overridden, so releases take the fast path.
 */
final class StressPool {
    static final String A = "a";
    static final String B = "b";

    final StillClock clock = new StillClock();
    final AtomicInteger open = new AtomicInteger();
    /** The most connections that were open at once. */
    final AtomicInteger peak = new AtomicInteger();

    final ConnectionPool<String, StressConnection> pool;

    /** Stamped into each connection when it is made, as new credentials would be. */
    final AtomicInteger generation = new AtomicInteger();

    StressPool(int maxSize, int totalMaxSize) {
        this(maxSize, totalMaxSize, Runnable::run);
    }

    /** A pool whose connects are run by an executor of the test. */
    StressPool(int maxSize, int totalMaxSize, Executor connects) {
        this(maxSize, totalMaxSize, connects, builder -> builder);
    }

    /** The same, with more knobs. */
    StressPool(
            int maxSize,
            int totalMaxSize,
            Executor connects,
            UnaryOperator<ConnectionPoolBuilder<String, StressConnection>> knobs) {
        var builder = ConnectionPools.builder(new Manager())
                .name("stress")
                .maxSize(maxSize)
                .totalMaxSize(totalMaxSize)
                .clock(clock)
                .connectExecutor(connects)
                .completionExecutor(Runnable::run)
                .acquireTimeout(PoolConfig.NO_LIMIT)
                .connectTimeout(PoolConfig.NO_LIMIT)
                .disposeTimeout(PoolConfig.NO_LIMIT)
                .maxLifetime(PoolConfig.NO_LIMIT)
                .overtakeWindow(Duration.ZERO);
        pool = knobs.apply(builder).build();
    }

    private final class Manager implements ConnectionManager<String, StressConnection> {
        @Override
        public StressConnection create(String endpoint, Duration timeout) {
            int now = open.incrementAndGet();
            peak.accumulateAndGet(now, Math::max);
            return new StressConnection(generation.get());
        }

        @Override
        public void bind(String endpoint, StressConnection connection, ConnectionSignals signals) {
            connection.signals = signals;
        }

        @Override
        public void dispose(String endpoint, StressConnection connection, Duration timeout) {
            connection.isDisposed = true;
            open.decrementAndGet();
        }
    }

    /** Leases a connection that is idle or can be made at once. */
    Lease<String, StressConnection> lease(String endpoint) {
        return pool.connection(endpoint, PoolConfig.NO_LIMIT);
    }

    /** Queues a request that has no deadline. */
    CompletableFuture<Lease<String, StressConnection>> queue(String endpoint) {
        return pool.connectionAsync(endpoint, PoolConfig.NO_LIMIT);
    }

    /** Queues a request whose deadline is {@link StillClock#reachDeadline()}. */
    CompletableFuture<Lease<String, StressConnection>> queueWithDeadline(String endpoint) {
        return pool.connectionAsync(endpoint, Duration.ofNanos(StillClock.ACQUIRE));
    }

    /** What the books say about an endpoint, as one word of a result. */
    String books(String endpoint) {
        Optional<EndpointStats> stats = pool.stats(endpoint);
        if (stats.isEmpty()) {
            return "gone";
        }
        EndpointStats s = stats.get();
        String counts = s.leased() + " leased, " + s.idle() + " idle, " + s.waiters() + " waiting";
        int elsewhere = s.total() - s.leased() - s.idle();
        return elsewhere == 0 ? counts : counts + ", " + elsewhere + " lost on the way";
    }

    /** The books, and how many connections are open anywhere. */
    String booksAndOpen(String endpoint) {
        return books(endpoint) + ", " + open.get() + " open";
    }

    /** What became of a request, as one word of a result. */
    static String outcome(CompletableFuture<?> request) {
        if (!request.isDone()) {
            return "waits";
        }
        if (request.isCancelled()) {
            return "cancelled";
        }
        return request.isCompletedExceptionally() ? "timed out" : "granted";
    }
}
