package io.genericpool.stress.support;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointStats;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.group.Routing;
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
public final class StressPool {
    public static final String A = "a";
    public static final String B = "b";

    public final StillClock clock = new StillClock();
    public final AtomicInteger open = new AtomicInteger();
    /** The most connections that were open at once. */
    public final AtomicInteger peak = new AtomicInteger();

    public final ConnectionPool<String, StressConnection> pool;

    /** Stamped into each connection when it is made, as new credentials would be. */
    public final AtomicInteger generation = new AtomicInteger();

    public StressPool(int maxSize, int totalMaxSize) {
        this(maxSize, totalMaxSize, Runnable::run);
    }

    /** A pool whose connects are run by an executor of the test. */
    public StressPool(int maxSize, int totalMaxSize, Executor connects) {
        this(maxSize, totalMaxSize, connects, builder -> builder);
    }

    /** The same, with more knobs. */
    public StressPool(
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
    public Lease<String, StressConnection> lease(String endpoint) {
        return pool.connection(endpoint, PoolConfig.NO_LIMIT);
    }

    /** Queues a request that has no deadline. */
    public CompletableFuture<Lease<String, StressConnection>> queue(String endpoint) {
        return pool.connectionAsync(endpoint, PoolConfig.NO_LIMIT);
    }

    /** Queues a request of a group of both endpoints that has no deadline. */
    public CompletableFuture<Lease<String, StressConnection>> queueAtBoth() {
        return pool.group("both", Routing.inOrder(), A, B).connectionAsync(PoolConfig.NO_LIMIT);
    }

    /** Queues a request whose deadline is {@link StillClock#reachDeadline()}. */
    public CompletableFuture<Lease<String, StressConnection>> queueWithDeadline(String endpoint) {
        return pool.connectionAsync(endpoint, Duration.ofNanos(StillClock.ACQUIRE));
    }

    /** What the books say about an endpoint, as one word of a result. */
    public String books(String endpoint) {
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
    public String booksAndOpen(String endpoint) {
        return books(endpoint) + ", " + open.get() + " open";
    }

    /** What became of a request, as one word of a result. */
    public static String outcome(CompletableFuture<?> request) {
        if (!request.isDone()) {
            return "waits";
        }
        if (request.isCancelled()) {
            return "cancelled";
        }
        return request.isCompletedExceptionally() ? "timed out" : "granted";
    }
}
