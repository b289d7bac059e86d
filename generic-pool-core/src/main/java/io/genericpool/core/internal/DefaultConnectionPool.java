package io.genericpool.core.internal;

import io.genericpool.CloseReport;
import io.genericpool.ConnectionFunction;
import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.EndpointLimits;
import io.genericpool.EndpointStats;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.PoolException;
import io.genericpool.PoolStats;
import io.genericpool.QuiesceReport;
import io.genericpool.SuspendMode;
import io.genericpool.core.internal.config.PoolSettings;
import io.genericpool.core.internal.endpoint.Backlog;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.EndpointRegistry;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.slot.SlotLease;
import io.genericpool.core.internal.sweep.Collector;
import io.genericpool.group.Routing;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The façade: checks arguments, finds the endpoint, and takes the fast path where it is open and the slow one, {@link
 * SlowAcquire}, otherwise.
 *
 * @param <E> the type of endpoints
 * @param <C> the type of connections
 */
public final class DefaultConnectionPool<E, C> implements ConnectionPool<E, C> {
    private final PoolParts<E, C> context;
    private final EndpointRegistry<E, C> registry;
    private final EndpointLookup<E, C> lookup;
    private final SlowAcquire<E, C> slow;
    private final PoolCloser<E, C> closer;
    private final PoolQuiescer<E, C> quiescer;
    private final GroupAcquire<E, C> groupAcquire;
    /** Nothing but the lease itself happens at an acquire: no hook, no listener. */
    private final boolean acquiresPlainly;

    private DefaultConnectionPool(PoolParts<E, C> context, @Nullable Collector<E, C> collector) {
        this.context = context;
        this.registry = context.registry;
        this.lookup = new EndpointLookup<>(context);
        this.slow = new SlowAcquire<>(context, lookup, collector);
        this.groupAcquire = new GroupAcquire<>(context, slow);
        this.closer = new PoolCloser<>(context, collector);
        this.quiescer = new PoolQuiescer<>(context);
        this.acquiresPlainly =
                !context.traits.hasAcquireHooks && !context.settings.hears.acquires && !context.settings.hears.leases;
    }

    /**
     * Makes a pool and starts its collector.
     *
     * @param manager makes the connections
     * @param settings the settings
     * @param <E> the type of endpoints
     * @param <C> the type of connections
     * @return the pool
     */
    public static <E, C> ConnectionPool<E, C> start(ConnectionManager<E, C> manager, PoolSettings<E> settings) {
        var context = new PoolParts<>(settings, manager);
        Collector<E, C> collector = settings.backgroundCollector() ? collector(context) : null;
        var pool = new DefaultConnectionPool<>(context, collector);
        try {
            context.register(pool);
        } catch (Throwable e) {
            context.endObservation();
            throw e;
        }
        context.governor.observe();
        try {
            if (collector != null) {
                collector.start();
            }
            context.startWatch();
            context.shares.open();
        } catch (Throwable e) { // the clock refuses
            context.stopTimers(collector);
            context.governor.stopObserving();
            context.endObservation();
            throw e;
        }
        context.log.started(settings);
        return pool;
    }

    private static <E, C> Collector<E, C> collector(PoolParts<E, C> parts) {
        return new Collector<>(
                parts.endpoints,
                parts.registry,
                parts.serve,
                parts.backlog,
                parts.disposer,
                parts.repair,
                parts.events,
                () -> {
                    parts.states.afterSweep();
                    parts.recent.afterSweep();
                    parts.groups.values().forEach(SweptGroup::afterSweep);
                });
    }

    // ---- blocking

    @Override
    public Lease<E, C> connection(E endpoint) {
        SlotLease<E, C> lease = tryFast(endpoint);
        return lease != null ? granted(lease, 0) : slow.await(endpoint, context.settings.acquireTimeout, false);
    }

    @Override
    public Lease<E, C> connection(E endpoint, Duration timeout) {
        long nanos = Nanos.ofTimeout(timeout);
        SlotLease<E, C> lease = tryFast(endpoint);
        return lease != null ? granted(lease, nanos) : slow.await(endpoint, nanos, false);
    }

    @Override
    public Lease<E, C> newConnection(E endpoint) {
        return slow.await(endpoint, context.settings.acquireTimeout, true);
    }

    @Override
    public Lease<E, C> newConnection(E endpoint, Duration timeout) {
        return slow.await(endpoint, Nanos.ofTimeout(timeout), true);
    }

    @Override
    public Optional<Lease<E, C>> tryConnection(E endpoint) {
        SlotLease<E, C> lease = tryFast(endpoint);
        if (lease == null) {
            lease = slow.tryIdle(endpoint);
        }
        return lease == null ? Optional.empty() : Optional.of(granted(lease, 0));
    }

    private @Nullable SlotLease<E, C> tryFast(E endpoint) {
        EndpointPool<E, C> pool = registry.find(Objects.requireNonNull(endpoint, "endpoint"));
        return pool == null ? null : pool.tryLease();
    }

    /** What a caller gets who did not have to wait. */
    Lease<E, C> granted(SlotLease<E, C> lease, long timeout) {
        if (acquiresPlainly) {
            return lease;
        }
        try {
            return context.hooks.prepare(lease, null, timeout);
        } catch (Throwable e) {
            context.hooks.endLost(lease, e);
            throw e;
        }
    }

    // ---- asynchronous

    @Override
    public CompletableFuture<Lease<E, C>> connectionAsync(E endpoint) {
        return acquireAsync(endpoint, context.settings.acquireTimeout, false);
    }

    @Override
    public CompletableFuture<Lease<E, C>> connectionAsync(E endpoint, Duration timeout) {
        return acquireAsync(endpoint, Nanos.ofTimeout(timeout), false);
    }

    @Override
    public CompletableFuture<Lease<E, C>> newConnectionAsync(E endpoint) {
        return acquireAsync(endpoint, context.settings.acquireTimeout, true);
    }

    @Override
    public CompletableFuture<Lease<E, C>> newConnectionAsync(E endpoint, Duration timeout) {
        return acquireAsync(endpoint, Nanos.ofTimeout(timeout), true);
    }

    private LeaseFuture<E, C> acquireAsync(E endpoint, long timeout, boolean isNewOnly) {
        Objects.requireNonNull(endpoint, "endpoint");
        SlotLease<E, C> idle = isNewOnly ? null : tryFast(endpoint);
        try {
            return idle != null ? completed(idle, timeout) : slow.enter(endpoint, timeout, isNewOnly);
        } catch (PoolException e) {
            return failed(e);
        } catch (Error e) {
            endLost(idle, e);
            throw e;
        }
    }

    /** The future of a lease that was found at once. */
    LeaseFuture<E, C> completed(SlotLease<E, C> idle, long timeout) {
        var future = new LeaseFuture<E, C>();
        future.grant(granted(idle, timeout));
        return future;
    }

    static <E, C> LeaseFuture<E, C> failed(PoolException failure) {
        var future = new LeaseFuture<E, C>();
        future.fail(failure);
        return future;
    }

    /** An error has kept a lease from its requester, if there was one. */
    void endLost(@Nullable SlotLease<E, C> lease, Error why) {
        if (lease != null) {
            context.hooks.endLost(lease, why);
        }
    }

    // ---- with a function

    @Override
    @SuppressWarnings("NullAway") // the bound of R is read as non-null from the class file of the interface
    public <R extends @Nullable Object, X extends Exception> R use(
            E endpoint, ConnectionFunction<? super C, ? extends R, X> work) throws X {
        Objects.requireNonNull(work, "work");
        Lease<E, C> lease = connection(endpoint);
        try {
            return apply(work, lease);
        } catch (Error e) {
            context.hooks.endLost((SlotLease<E, C>) lease, e);
            throw e;
        }
    }

    @Override
    @SuppressWarnings("NullAway") // the bound of R is read as non-null from the class file of the interface
    public <R extends @Nullable Object, X extends Exception> R use(
            E endpoint, Duration timeout, ConnectionFunction<? super C, ? extends R, X> work) throws X {
        Objects.requireNonNull(work, "work");
        Lease<E, C> lease = connection(endpoint, timeout);
        try {
            return apply(work, lease);
        } catch (Error e) {
            context.hooks.endLost((SlotLease<E, C>) lease, e);
            throw e;
        }
    }

    /** Works with a lease, and ends it; but not where an error strikes before. */
    <R extends @Nullable Object, X extends Exception> R apply(
            ConnectionFunction<? super C, ? extends R, X> work, Lease<E, C> lease) throws X {
        R result;
        try {
            result = work.apply(lease.connection());
        } catch (Throwable e) {
            context.hooks.endFailedUse((SlotLease<E, C>) lease, e);
            throw e;
        }
        lease.release();
        return result;
    }

    @Override
    @SuppressWarnings("NullAway") // the bound of R is read as non-null from the class file of the interface
    public <R extends @Nullable Object> CompletableFuture<R> useAsync(
            E endpoint, Function<? super C, ? extends CompletionStage<R>> work) {
        Objects.requireNonNull(work, "work");
        LeaseFuture<E, C> acquire = acquireAsync(endpoint, context.settings.acquireTimeout, false);
        try {
            return new AsyncUse<E, C, R>(context, acquire, work).start();
        } catch (Throwable e) {
            acquire.giveUp();
            throw e;
        }
    }

    @Override
    @SuppressWarnings("NullAway") // the bound of R is read as non-null from the class file of the interface
    public <R extends @Nullable Object> CompletableFuture<R> useAsync(
            E endpoint, Duration timeout, Function<? super C, ? extends CompletionStage<R>> work) {
        Objects.requireNonNull(work, "work");
        LeaseFuture<E, C> acquire = acquireAsync(endpoint, Nanos.ofTimeout(timeout), false);
        try {
            return new AsyncUse<E, C, R>(context, acquire, work).start();
        } catch (Throwable e) {
            acquire.giveUp();
            throw e;
        }
    }

    // ---- groups

    @Override
    public EndpointGroup<E, C> group(String name, Routing<? super E> routing, Collection<? extends E> endpoints) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(routing, "routing");
        Objects.requireNonNull(endpoints, "endpoints");
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of a group must not be blank, but is '" + name + "'");
        }
        if (isClosed()) {
            throw new IllegalStateException(
                    "group " + name + " cannot be created: pool " + context.settings.name() + " is closed");
        }
        var group = new DefaultEndpointGroup<>(
                this, context, groupAcquire, name, routing, endpoints, () -> context.groups.remove(name));
        if (context.groups.putIfAbsent(name, group) != null) {
            throw new IllegalArgumentException("group " + name + " exists already in pool " + context.settings.name()
                    + "; close it first, or choose another name");
        }
        return group;
    }

    @Override
    public Map<String, EndpointGroup<E, C>> groups() {
        return Map.copyOf(context.groups);
    }

    /** Leases an idle connection the slow way, without waiting. */
    @Nullable
    SlotLease<E, C> tryIdle(E endpoint) {
        return slow.tryIdle(endpoint);
    }

    // ---- operation

    @Override
    public CompletableFuture<Integer> warmUp(E endpoint, int connections) {
        Objects.requireNonNull(endpoint, "endpoint");
        if (connections < 0) {
            throw new IllegalArgumentException("connections must be at least 0, but is " + connections);
        }
        try {
            return lookup.at(endpoint, 0, pool -> context.admin.warmUp(pool, connections)).result;
        } catch (PoolException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void evict(E endpoint) {
        context.evict(Objects.requireNonNull(endpoint, "endpoint"));
    }

    @Override
    public void evictAll() {
        context.governor.forgetAll();
        var slice = new Backlog.Slice();
        registry.all().forEach(pool -> context.admin.evict(pool, slice));
        context.backlog.handOn();
    }

    @Override
    public void suspend(E endpoint, SuspendMode mode) {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(mode, "mode");
        lookup.at(endpoint, 0, pool -> context.admin.suspend(pool, mode) ? pool : null);
    }

    @Override
    public void resume(E endpoint) {
        EndpointPool<E, C> pool = registry.find(Objects.requireNonNull(endpoint, "endpoint"));
        context.governor.forget(endpoint);
        if (pool != null) {
            context.admin.suspend(pool, null);
        }
    }

    @Override
    public QuiesceReport quiesce(SuspendMode mode, Duration timeout) {
        Objects.requireNonNull(mode, "mode");
        return quiescer.quiesce(mode, Nanos.ofTimeout(timeout));
    }

    @Override
    public void endQuiesce() {
        quiescer.end();
    }

    @Override
    public void resize(E endpoint, EndpointLimits limits) {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(limits, "limits");
        PoolSettings.requireWithinTotal(limits.validated(), context.capacity.own());
        lookup.at(endpoint, 0, pool -> context.admin.resize(pool, limits) ? pool : null);
    }

    @Override
    public void resetLimits(E endpoint) {
        EndpointPool<E, C> pool = registry.find(Objects.requireNonNull(endpoint, "endpoint"));
        if (pool != null) {
            context.admin.resetLimits(pool, context.joins.limitsOf(endpoint));
        }
    }

    @Override
    public void resizeTotal(int totalMaxSize) {
        if (totalMaxSize < 1) {
            throw new IllegalArgumentException("totalMaxSize must be at least 1, but is " + totalMaxSize);
        }
        var actions = new Actions();
        context.capacity.resize(totalMaxSize, actions);
        actions.run();
    }

    @Override
    public PoolStats stats() {
        return context.snapshots.ofPool();
    }

    @Override
    public Optional<EndpointStats> stats(E endpoint) {
        EndpointPool<E, C> pool = registry.find(Objects.requireNonNull(endpoint, "endpoint"));
        return pool == null || pool.has(EndpointPool.REMOVED)
                ? Optional.empty()
                : Optional.of(context.snapshots.of(pool));
    }

    @Override
    public PoolStats recentStats() {
        return context.recent.ofPool();
    }

    @Override
    public Map<E, EndpointStats> recentEndpointStats() {
        return context.recent.ofEndpoints();
    }

    @Override
    public Set<E> endpoints() {
        return registry.endpoints();
    }

    @Override
    public PoolConfig config() {
        return context.settings;
    }

    @Override
    public boolean isClosed() {
        return registry.isClosed();
    }

    @Override
    public void close() {
        closer.close(context.settings.closeTimeout);
    }

    @Override
    public CloseReport close(Duration timeout) {
        return closer.close(Nanos.ofTimeout(timeout));
    }

    @Override
    public String toString() {
        return "ConnectionPool[" + context.settings.name() + (isClosed() ? ", closed]" : "]");
    }
}
