package io.genericpool.benchmarks.subject;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolBuilder;
import reactor.pool.PooledRef;

/**
 * reactor-pool. It is not keyed: a pool an endpoint in a map, so that it has no total limit. No eviction, no metrics. A
 * release without a handler is done when {@code block} is called, and waits for nothing.
 */
public final class ReactorSubject extends Subject<PooledRef<BenchConnection>> {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final ConcurrentHashMap<String, InstrumentedPool<BenchConnection>> pools = new ConcurrentHashMap<>();
    private final int maxSize;
    private final Opener opener;

    public ReactorSubject(int maxSize, Opener opener) {
        this.maxSize = maxSize;
        this.opener = opener;
    }

    private InstrumentedPool<BenchConnection> pool(String endpoint) {
        InstrumentedPool<BenchConnection> pool = pools.get(endpoint);
        return pool != null ? pool : pools.computeIfAbsent(endpoint, this::newPool);
    }

    private InstrumentedPool<BenchConnection> newPool(String endpoint) {
        return PoolBuilder.from(Mono.fromSupplier(() -> opener.open(endpoint)))
                .destroyHandler(connection -> Mono.fromRunnable(() -> opener.close(connection)))
                .sizeBetween(0, maxSize)
                .maxPendingAcquireUnbounded()
                .idleResourceReuseMruOrder()
                .buildPool();
    }

    @Override
    public PooledRef<BenchConnection> acquire(String endpoint) {
        return Objects.requireNonNull(pool(endpoint).acquire(TIMEOUT).block());
    }

    @Override
    public CompletionStage<PooledRef<BenchConnection>> acquireAsync(String endpoint) {
        return pool(endpoint).acquire(TIMEOUT).toFuture();
    }

    @Override
    public BenchConnection connection(PooledRef<BenchConnection> lease) {
        return lease.poolable();
    }

    @Override
    public void release(String endpoint, PooledRef<BenchConnection> lease) {
        lease.release().block();
    }

    @Override
    public void close() {
        pools.values().forEach(InstrumentedPool::dispose);
    }
}
