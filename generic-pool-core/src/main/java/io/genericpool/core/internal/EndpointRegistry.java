package io.genericpool.core.internal;

import io.genericpool.EndpointLimits;
import io.genericpool.PoolConfig;
import io.genericpool.PoolException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a pool. One joins with its first request and leaves when it has no connection, request or setting: a
 * bit in its state, set under its lock, tells those who still hold it to look it up again, and whoever sees that bit takes
 * it out of the map.
 */
final class EndpointRegistry<E, C> {
    private final PoolContext<E, C> context;
    private final ConcurrentHashMap<E, EndpointPool<E, C>> pools = new ConcurrentHashMap<>();
    /** Only endpoints that join a pool with maxEndpoints take it; equals and hashCode of endpoints run under it. */
    private final ReentrantLock joining = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    /** What the endpoints that have left had counted. Guarded by the lock, a leaf. */
    private final EndpointCounters retired = new EndpointCounters();

    private volatile boolean isClosed;
    /** Written before {@link #isClosed}. */
    private long closedAt;
    /** How many endpoints have left; guarded by the lock. */
    private long retirements;

    EndpointRegistry(PoolContext<E, C> context) {
        this.context = context;
    }

    @Nullable
    EndpointPool<E, C> find(E endpoint) {
        return pools.get(endpoint);
    }

    /**
     * Finds an endpoint or lets it join.
     *
     * @param timeout the timeout to name in a refusal; 0 when there is none
     * @throws PoolException when the pool is closed or holds as many endpoints as it may
     * @throws IllegalArgumentException when the endpoint's own limits are wrong
     */
    EndpointPool<E, C> require(E endpoint, long timeout) {
        EndpointPool<E, C> pool = isClosed ? null : join(endpoint);
        if (pool == null) {
            throw isClosed
                    ? context.failures.closed(endpoint, timeout)
                    : context.failures.tooManyEndpoints(endpoint, timeout);
        }
        return pool;
    }

    /**
     * Finds an endpoint or lets it join.
     *
     * @return null when the pool holds as many endpoints as it may
     * @throws IllegalArgumentException when the endpoint's own limits are wrong
     */
    private @Nullable EndpointPool<E, C> join(E endpoint) {
        boolean hasMadeRoom = false;
        for (; ; ) {
            EndpointPool<E, C> present = pools.get(endpoint);
            if (present != null) {
                if (!present.has(EndpointPool.REMOVED)) {
                    return present;
                }
                remove(present);
                continue;
            }
            EndpointLimits limits = limitsOf(endpoint);
            EndpointPool<E, C> created = new EndpointPool<>(context, endpoint, limits, context.tenants.join(endpoint));
            try {
                present = context.settings.maxEndpoints() == PoolConfig.UNLIMITED
                        ? pools.putIfAbsent(endpoint, created)
                        : joinBounded(endpoint, created);
            } catch (Throwable e) { // by equals or hashCode of the endpoint
                context.tenants.leave(created.tenant);
                throw e;
            }
            if (present == null) {
                if (isClosed) {
                    context.admin.close(created, new Backlog.Slice()); // others may have found it and queued by now
                }
                return created;
            }
            context.tenants.leave(created.tenant);
            if (present == created) { // no room
                if (hasMadeRoom) {
                    return null;
                }
                hasMadeRoom = true;
                pools.values().forEach(context.admin::retireIfUnused);
            }
        }
    }

    /** As {@code putIfAbsent}, one at a time; gives the new one back when there is no room for it. */
    private @Nullable EndpointPool<E, C> joinBounded(E endpoint, EndpointPool<E, C> created) {
        joining.lock();
        try {
            EndpointPool<E, C> present = pools.get(endpoint);
            if (present != null) {
                return present;
            }
            if (pools.mappingCount() >= context.settings.maxEndpoints()) {
                return created;
            }
            return pools.putIfAbsent(endpoint, created);
        } finally {
            joining.unlock();
        }
    }

    /** The limits of an endpoint that was not resized. */
    EndpointLimits limitsOf(E endpoint) {
        Function<? super E, ? extends @Nullable EndpointLimits> own = context.settings.endpointLimits;
        EndpointLimits limits = own == null ? null : own.apply(endpoint);
        if (limits == null) {
            return context.settings.defaultLimits();
        }
        PoolSettings.requireWithinTotal(limits.validated(), context.settings.totalMaxSize());
        return limits;
    }

    /** Under the lock of an endpoint that is empty and marked REMOVED. */
    void retire(EndpointPool<E, C> pool, Actions actions) {
        countRetired(total -> {
            retirements++;
            pool.addCountersTo(total);
        });
        actions.add(more -> {
            remove(pool);
            context.governor.endpointRemoved(pool);
        });
    }

    /** One that is empty and marked REMOVED; more than once does no harm. */
    void remove(EndpointPool<E, C> pool) {
        if (pools.remove(pool.endpoint, pool)) {
            context.tenants.leave(pool.tenant);
        }
    }

    void countRetired(Consumer<EndpointCounters> change) {
        lock.lock();
        try {
            change.accept(retired);
        } finally {
            lock.unlock();
        }
    }

    Collection<EndpointPool<E, C>> all() {
        return pools.values();
    }

    Set<E> endpoints() {
        var present = new HashSet<E>();
        for (EndpointPool<E, C> pool : pools.values()) {
            if (!pool.has(EndpointPool.REMOVED)) {
                present.add(pool.endpoint);
            }
        }
        return Collections.unmodifiableSet(present);
    }

    boolean isClosed() {
        return isClosed;
    }

    /** Lets no endpoint join any more. False when it was closed before. */
    boolean close(long now) {
        lock.lock();
        try {
            boolean first = !isClosed;
            if (first) {
                closedAt = now;
                isClosed = true;
            }
            return first;
        } finally {
            lock.unlock();
        }
    }

    long closedAt() {
        return closedAt;
    }

    long retirements() {
        lock.lock();
        try {
            return retirements;
        } finally {
            lock.unlock();
        }
    }

    /** An endpoint's name for people; never its {@code toString()} when the user has given a function. */
    String label(E endpoint) {
        return context.settings.labels.of(endpoint);
    }
}
