package io.genericpool.reactor;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A pool as seen from Reactor. Nothing happens before a subscription asks for a value, and each subscription uses a
 * connection of its own. When a subscription is cancelled, its request is withdrawn or its connection goes back, whatever
 * happens at the same moment.
 *
 * <p>The work starts on the pool's completion executor, or on the subscribing thread when a connection is idle. It must
 * not block. The Reactor context of the subscriber reaches it. Errors are those of
 * {@link ConnectionPool#connectionAsync(Object)} and those of the work, unchanged. Thread-safe.
 *
 * @param <E> the type of endpoints
 * @param <C> the type of connections
 */
public final class ReactorPool<E, C> {
    private final ConnectionPool<E, C> pool;
    private final @Nullable Duration timeout;

    private ReactorPool(ConnectionPool<E, C> pool, @Nullable Duration timeout) {
        this.pool = pool;
        this.timeout = timeout;
    }

    /**
     * Shows a pool to Reactor. Requests have the pool's own {@code acquireTimeout}.
     *
     * @param pool the pool, which stays the caller's to close
     * @param <E> the type of endpoints
     * @param <C> the type of connections
     * @return the pool for Reactor
     */
    public static <E, C> ReactorPool<E, C> of(ConnectionPool<E, C> pool) {
        return new ReactorPool<>(Objects.requireNonNull(pool, "pool"), null);
    }

    /**
     * Returns the same pool with another timeout of requests. The timeout does not cover the work.
     *
     * @param value the time limit for queue, connection attempt and check together; zero or more
     * @return the pool with this timeout
     * @throws IllegalArgumentException if the timeout is negative
     */
    public ReactorPool<E, C> acquireTimeout(Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException("acquireTimeout must not be negative, but is " + value);
        }
        return new ReactorPool<>(pool, value);
    }

    /**
     * Runs some work that has at most one result. The connection goes back before the result reaches the subscriber. When
     * the work fails or is cancelled, the manager decides ({@code isFatal}) whether the connection is pooled again.
     *
     * @param endpoint the endpoint
     * @param work makes the work from the connection; must not keep the connection
     * @param <R> the type of the result
     * @return the result
     */
    public <R> Mono<R> use(E endpoint, Function<? super C, ? extends Mono<? extends R>> work) {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(work, "work");
        return Mono.deferContextual(context -> {
            var use = new SingleUse<C, R>(work, context);
            return Mono.fromFuture(use.start(start(endpoint)), true).doOnCancel(use::cancel);
        });
    }

    /**
     * Runs some work that has any number of results. The subscriber holds the connection until the work has ended, so
     * a subscriber that takes only some of the results cancels the work. When the work fails or is cancelled, the manager
     * decides ({@code isFatal}) whether the connection is pooled again.
     *
     * @param endpoint the endpoint
     * @param work makes the work from the connection; must not keep the connection
     * @param <R> the type of the results
     * @return the results
     */
    public <R> Flux<R> useMany(E endpoint, Function<? super C, ? extends Publisher<? extends R>> work) {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(work, "work");
        return Flux.defer(() -> {
            var use = new StreamUse<C>();
            return Mono.fromFuture(use.start(start(endpoint)), true)
                    .<R>flatMapMany(work)
                    .doOnComplete(use::succeeded)
                    .doOnError(use::failed)
                    .doFinally(use::ended);
        });
    }

    private Start<C> start(E endpoint) {
        Duration limit = timeout;
        return new Start<>() {
            @Override
            public <R extends @Nullable Object> CompletableFuture<R> use(Function<C, CompletableFuture<R>> work) {
                return limit == null ? pool.useAsync(endpoint, work) : pool.useAsync(endpoint, limit, work);
            }
        };
    }

    /** One call of {@code useAsync}. */
    interface Start<C> {
        <R extends @Nullable Object> CompletableFuture<R> use(Function<C, CompletableFuture<R>> work);
    }

    /**
     * Acquires a lease, which its receiver must release. A cancellation before the lease is emitted withdraws the request
     * or releases the lease. An operator that drops the emitted lease does not release it, so prefer {@link #use}, or
     * add {@code doOnDiscard(Lease.class, Lease::release)} after the last operator.
     *
     * @param endpoint the endpoint
     * @return the lease
     */
    public Mono<Lease<E, C>> acquire(E endpoint) {
        Objects.requireNonNull(endpoint, "endpoint");
        Duration limit = timeout;
        Supplier<CompletableFuture<Lease<E, C>>> request =
                () -> limit == null ? pool.connectionAsync(endpoint) : pool.connectionAsync(endpoint, limit);
        return new LeaseMono<>(request);
    }
}
