package io.genericpool.testkit.fleet;

import io.genericpool.spi.SharedLimits;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Shared limits for tests of what a pool shows of them. The pool has the same share of each endpoint, at once and for good,
 * and no other process exists. It serves one pool. Thread-safe.
 *
 * @param <E> the type of endpoints
 */
public final class FixedShares<E> implements SharedLimits<E>, SharedLimits.Session<E> {
    private final int perEndpoint;
    private final AtomicLong versions = new AtomicLong();
    private final Set<E> told = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Holder<E> pool;

    /**
     * Makes shared limits.
     *
     * @param perEndpoint the share of each endpoint; at least 0
     */
    public FixedShares(int perEndpoint) {
        this.perEndpoint = perEndpoint;
    }

    private Holder<E> pool() {
        return Objects.requireNonNull(pool, "the pool is not built yet");
    }

    /**
     * Sets the share of all endpoints together.
     *
     * @param connections the share; at least 0
     */
    public void total(int connections) {
        pool().share(null, share(connections));
    }

    /**
     * Tells the pool that the other processes can be reached, or why they cannot.
     *
     * @param failure why they cannot be reached; null when they can
     */
    public void reachable(@Nullable Throwable failure) {
        pool().reachable(failure == null, failure);
    }

    private Share share(int connections) {
        return new Share(versions.incrementAndGet(), connections, Giving.ALL, connections, 0, null);
    }

    @Override
    public Session<E> open(Holder<E> holder) {
        pool = holder;
        return this;
    }

    @Override
    public void demand(@Nullable E endpoint, Demand demand) {
        if (endpoint != null && told.add(endpoint)) {
            pool().share(endpoint, share(perEndpoint));
        }
    }

    @Override
    public void gone(E endpoint, long version) {
        told.remove(endpoint);
    }

    @Override
    public CompletionStage<?> close(Duration timeout) {
        return CompletableFuture.completedFuture(this);
    }
}
