package io.genericpool.core.internal.endpoint;

import io.genericpool.PoolConfig;
import io.genericpool.SuspendMode;
import io.genericpool.core.internal.capacity.Tenants;
import io.genericpool.core.internal.queue.Actions;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a pool. One joins with its first request and leaves when it has no connection, request or setting: a
 * bit in its state, set under its lock, tells those who still hold it to look it up again, and a thread that sees that bit takes
 * it out of the map.
 */
public final class EndpointRegistry<E, C> {
    private final EndpointContext<E, C> context;
    public final Tenants<E, C> tenants;
    private final ConcurrentHashMap<E, EndpointPool<E, C>> pools = new ConcurrentHashMap<>();
    /** Those that were empty at the end of a step, and are kept only because no connect to them may start yet. */
    private final Set<EndpointPool<E, C>> keptByGate = ConcurrentHashMap.newKeySet();

    /** Only endpoints that join a pool with maxEndpoints take it; equals and hashCode of endpoints run under it. */
    private final ReentrantLock joining = new ReentrantLock();

    /** Shared by endpoints that join, alone for the beginning and the end of a rest. */
    private final ReentrantReadWriteLock resting = new ReentrantReadWriteLock();

    private volatile @Nullable SuspendMode rest;

    private final ReentrantLock closing = new ReentrantLock();
    private volatile boolean isClosed;
    /** Written before {@link #isClosed}. */
    private long closedAt;

    public EndpointRegistry(EndpointContext<E, C> context) {
        this.context = context;
        this.tenants = new Tenants<>(context.settings.tenant, context.settings.labels::of);
    }

    public @Nullable EndpointPool<E, C> find(E endpoint) {
        return pools.get(endpoint);
    }

    /**
     * An endpoint joins, unless it is there already.
     *
     * @return null when it has joined; itself when there is no room for it; else the one that is there
     */
    public @Nullable EndpointPool<E, C> putIfAbsent(EndpointPool<E, C> created) {
        resting.readLock().lock();
        try {
            // I51: before others find it, and in one with the insertion
            created.rest(rest);
            return put(created);
        } finally {
            resting.readLock().unlock();
        }
    }

    private @Nullable EndpointPool<E, C> put(EndpointPool<E, C> created) {
        return context.settings.maxEndpoints() == PoolConfig.UNLIMITED
                ? pools.putIfAbsent(created.endpoint, created)
                : joinBounded(created.endpoint, created);
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

    /** Under the lock of an endpoint that is empty: it stays in the pool until its gate opens, or others need its place. */
    void keepForGate(EndpointPool<E, C> pool) {
        if (context.settings.maxEndpoints() != PoolConfig.UNLIMITED) {
            keptByGate.add(pool);
        }
    }

    /** Under the lock of an endpoint that is not empty any more. */
    void useAgain(EndpointPool<E, C> pool) {
        keptByGate.remove(pool);
    }

    /** Those that were kept for their gates only. A pool that is full of others refuses strangers without a look at them. */
    Collection<EndpointPool<E, C>> keptByGate() {
        return keptByGate;
    }

    /** Under the lock of an endpoint that is empty and marked REMOVED. */
    public void retire(EndpointPool<E, C> pool, Actions actions) {
        context.retired.retire(pool);
        actions.add(more -> {
            remove(pool);
            context.outlet.left(pool);
        });
    }

    /** Takes one that is marked REMOVED out of the map; any thread that sees the mark does so. */
    public void remove(EndpointPool<E, C> pool) {
        // I47: this one only, and never a later one of the same endpoint
        keptByGate.remove(pool);
        if (pools.remove(pool.endpoint, pool)) {
            tenants.leave(pool.tenant);
        }
    }

    public Collection<EndpointPool<E, C>> all() {
        return pools.values();
    }

    public Set<E> endpoints() {
        var present = new HashSet<E>();
        for (EndpointPool<E, C> pool : pools.values()) {
            if (!pool.has(EndpointPool.REMOVED)) {
                present.add(pool.endpoint);
            }
        }
        return Collections.unmodifiableSet(present);
    }

    /** The pool comes to rest, or goes on when the mode is null: each endpoint must be told afterwards. */
    public void rest(@Nullable SuspendMode mode) {
        resting.writeLock().lock();
        try {
            rest = mode;
        } finally {
            resting.writeLock().unlock();
        }
    }

    /** How the pool is at rest; null when it is not. */
    public @Nullable SuspendMode rest() {
        return rest;
    }

    public boolean isClosed() {
        return isClosed;
    }

    /** Lets no endpoint join any more. False when it was closed before. */
    public boolean close(long now) {
        closing.lock();
        try {
            boolean first = !isClosed;
            if (first) {
                closedAt = now;
                isClosed = true;
            }
            return first;
        } finally {
            closing.unlock();
        }
    }

    public long closedAt() {
        return closedAt;
    }
}
