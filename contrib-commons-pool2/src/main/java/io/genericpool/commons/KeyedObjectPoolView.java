package io.genericpool.commons;

import io.genericpool.ConnectionCreateException;
import io.genericpool.ConnectionPool;
import io.genericpool.ConnectionStats;
import io.genericpool.Lease;
import io.genericpool.PoolClosedException;
import io.genericpool.PoolConfig;
import io.genericpool.PoolException;
import io.genericpool.SuspendMode;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.pool2.DestroyMode;
import org.apache.commons.pool2.KeyedObjectPool;
import org.jspecify.annotations.Nullable;

/**
 * A pool as Commons Pool 2 sees it, so that code that was written to {@link KeyedObjectPool} runs on it unchanged.
 * {@link CommonsPools} makes it, over a pool that exists or over a factory.
 *
 * <p>A borrowed object is known by its identity: objects that are {@code equal} are not mixed up, and one that was not
 * borrowed here under an equal key, or was given back before, is an {@link IllegalStateException}.
 *
 * <p><b>Factories.</b> Over a {@link FactoryConnectionManager} the view calls the factory when and as Commons Pool 2 does:
 * an idle object that cannot be activated or is not valid is destroyed and the next one tried; {@code addObject} does not
 * activate; {@code invalidateObject}, {@code clear} and a refused return end when {@code destroyObject} has, or after the
 * pool's {@code disposeTimeout}. Over any other manager objects are disposed by the pool in its own time, and what goes
 * wrong with that is logged there.
 *
 * <p><b>Waiting.</b> A borrow waits within the pool's {@code acquireTimeout}, or its own time, for all of it: queue, connect
 * and check. The time that a factory takes to activate and to test an object comes on top.
 *
 * <p><b>Interrupts.</b> A borrow that waits ends with {@link InterruptedException}, as in Commons Pool 2. Waiting for
 * {@code destroyObject} just ends, with the flag set again.
 *
 * <p><b>Close.</b> Nobody's object is taken away: {@link #close()} ends borrowing at once, and the pool itself is closed
 * when the last borrowed object has come back.
 *
 * <p><b>Threads.</b> All methods may be called by any number of threads; no lock is common to all of them.
 *
 * @param <K> the type of keys: the pool's endpoints
 * @param <V> the type of objects: the pool's connections
 */
public final class KeyedObjectPoolView<K, V> implements KeyedObjectPool<K, V> {
    private final ConnectionPool<K, V> pool;
    private final @Nullable FactoryConnectionManager<K, V> manager;
    private final boolean blocksWhenExhausted;
    private final Room<K> room;
    private final Duration acquireTimeout;
    private final Duration disposeTimeout;
    private final IdentityMap<K, Lease<K, V>> borrowed = new IdentityMap<>();
    private volatile boolean isClosed;

    /**
     * Makes a view.
     *
     * @param manager the pool's manager, if it takes its connections from a factory
     * @param blocksWhenExhausted false for a borrow that fails where it would have to wait for others to return
     */
    KeyedObjectPoolView(
            ConnectionPool<K, V> pool, @Nullable FactoryConnectionManager<K, V> manager, boolean blocksWhenExhausted) {
        this.pool = Objects.requireNonNull(pool, "pool");
        this.manager = manager;
        this.blocksWhenExhausted = blocksWhenExhausted;
        this.room = new Room<>(pool);
        this.acquireTimeout = pool.config().acquireTimeout();
        this.disposeTimeout = pool.config().disposeTimeout();
    }

    /**
     * The pool behind, for what Commons Pool 2 has no word for. Objects borrowed here count there as leased.
     *
     * @return the pool
     */
    public ConnectionPool<K, V> pool() {
        return pool;
    }

    /**
     * The objects of one key as a pool of their own. Closing it leaves this view and its other keys as they are.
     *
     * @param key the key
     * @return a view of this view
     * @throws NullPointerException when the key is null
     */
    public ObjectPoolView<K, V> objectPool(K key) {
        return new ObjectPoolView<>(this, key, false);
    }

    // ---- borrow

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException when this view or the pool is closed
     * @throws NoSuchElementException when none could be had within the pool's {@code acquireTimeout}, too many wait, the
     *     endpoint may not be connected to for now, or the factory refused an object made for this call
     * @throws InterruptedException when the thread was interrupted while it waited
     * @throws Exception what the factory's {@code makeObject}, or the manager's {@code create}, threw
     */
    @Override
    public V borrowObject(K key) throws Exception {
        return borrow(key, null);
    }

    /**
     * As {@link #borrowObject(Object)}, with a time of its own; errors are the same.
     *
     * @param key the key
     * @param maxWait the deadline from now; negative for any time, as in Commons Pool 2; zero for an idle object or none
     * @return an object
     * @throws Exception as {@link #borrowObject(Object)}
     */
    public V borrowObject(K key, Duration maxWait) throws Exception {
        return borrow(key, maxWait.isNegative() ? PoolConfig.NO_LIMIT : maxWait);
    }

    private V borrow(K key, @Nullable Duration timeout) throws Exception {
        requireOpen();
        long made = manager == null ? 0 : manager.made();
        Duration left = timeout;
        for (; ; ) {
            Lease<K, V> lease;
            try {
                lease = acquire(key, left);
            } catch (PoolException e) {
                left = leftForAnother(e, left == null ? acquireTimeout : left, made);
                continue;
            }
            return lent(lease);
        }
    }

    private Lease<K, V> acquire(K key, @Nullable Duration timeout) {
        if (!blocksWhenExhausted) {
            Optional<Lease<K, V>> idle = pool.tryConnection(key);
            if (idle.isPresent()) {
                return idle.get();
            }
            if (room.isExhausted(key)) {
                throw new NoSuchElementException("the pool is exhausted: all objects it may have are borrowed");
            }
        }
        return timeout == null ? pool.connection(key) : pool.connection(key, timeout);
    }

    private V lent(Lease<K, V> lease) {
        V object = lease.connection();
        borrowed.add(lease.endpoint(), object, lease);
        if (isClosed) {
            // A close that did not see this object has left it to this thread; one that did waits for it.
            if (borrowed.remove(lease.endpoint(), object) != null) {
                lease.invalidate();
            }
            closeIfAllIsBack();
            throw PoolErrors.closed(null);
        }
        return object;
    }

    /** How long another try may take, after an idle object was refused; throws what the borrow ends with otherwise. */
    private Duration leftForAnother(PoolException e, Duration timeout, long made) throws Exception {
        long start = System.nanoTime();
        FactoryObject<?> refused = refusedBy(e);
        if (refused != null) {
            refused.awaitDestroyed(disposeTimeout); // it holds its place until then
        }
        if (isClosed) {
            throw PoolErrors.closed(e);
        }
        if (refused == null || refused.isNewSince(made)) {
            throw PoolErrors.ofAcquire(e);
        }
        Duration left = timeout.minus(e.waited()).minusNanos(System.nanoTime() - start);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static @Nullable FactoryObject<?> refusedBy(PoolException e) {
        return e instanceof ConnectionCreateException && e.getCause() instanceof ObjectRefusedException refused
                ? refused.object()
                : null;
    }

    // ---- return

    /**
     * {@inheritDoc} An object that cannot be passivated is destroyed, which is no error.
     *
     * @throws IllegalStateException when the object is not borrowed here under an equal key
     * @throws Exception what the factory's {@code destroyObject} threw for an object that could not be passivated
     */
    @Override
    public void returnObject(K key, V object) throws Exception {
        Throwable failure = giveBack(key, object);
        if (failure != null) {
            throw PoolErrors.checked(failure);
        }
    }

    /** Returns an object. @return what the destruction of one that was not accepted threw */
    @Nullable
    Throwable giveBack(K key, V object) {
        Lease<K, V> lease = take(key, object);
        FactoryObject<V> made = manager == null ? null : manager.find(key, object);
        lease.release();
        Throwable failure = made != null && made.isReturnRefused() ? made.awaitDestroyed(disposeTimeout) : null;
        closeIfAllIsBack();
        return failure;
    }

    @Override
    public void invalidateObject(K key, V object) throws Exception {
        invalidateObject(key, object, DestroyMode.NORMAL);
    }

    /**
     * {@inheritDoc} Managers other than a {@link FactoryConnectionManager} know of no mode.
     *
     * @throws IllegalStateException when the object is not borrowed here under an equal key
     * @throws Exception what the factory's {@code destroyObject} threw; the object is gone all the same
     */
    @Override
    public void invalidateObject(K key, V object, DestroyMode mode) throws Exception {
        Objects.requireNonNull(mode, "mode");
        Lease<K, V> lease = take(key, object);
        FactoryObject<V> made = manager == null ? null : manager.find(key, object);
        Throwable failure = null;
        if (made == null) {
            lease.invalidate();
        } else {
            made.destroyMode(mode);
            lease.invalidate();
            failure = made.awaitDestroyed(disposeTimeout);
        }
        closeIfAllIsBack();
        if (failure != null) {
            throw PoolErrors.checked(failure);
        }
    }

    /** Of several who give the same object back, one gets its lease. */
    private Lease<K, V> take(K key, V object) {
        Lease<K, V> lease = borrowed.remove(key, object);
        if (lease == null) {
            throw new IllegalStateException(
                    "the object is not borrowed from this pool under this key, or was given back before");
        }
        return lease;
    }

    // ---- fill and empty

    /**
     * {@inheritDoc} Nothing happens when the key or the pool has all the objects it may have.
     *
     * @throws IllegalStateException when this view or the pool is closed
     * @throws NoSuchElementException when none could be made within the pool's {@code acquireTimeout}
     * @throws Exception what the factory's {@code makeObject} or {@code passivateObject} threw. An object that could not be
     *     passivated is never lent; the pool destroys it when it is due to be lent, expires or is cleared
     */
    @Override
    public void addObject(K key) throws Exception {
        requireOpen();
        if (room.isFull(key)) {
            return;
        }
        Throwable failure;
        try {
            failure = manager == null ? add(key) : addQuietly(manager, key);
        } catch (PoolException e) {
            throw isClosed ? PoolErrors.closed(e) : PoolErrors.ofAcquire(e);
        }
        if (failure != null) {
            throw PoolErrors.checked(failure);
        }
    }

    private @Nullable Throwable add(K key) {
        pool.newConnection(key).release();
        return null;
    }

    private @Nullable Throwable addQuietly(FactoryConnectionManager<K, V> manager, K key) {
        Lease<K, V> lease;
        manager.expectAdding();
        try {
            lease = pool.newConnection(key);
        } finally {
            manager.expectAddingNoMore();
        }
        FactoryObject<V> made = manager.find(key, lease.connection());
        lease.release();
        return made == null ? null : made.addFailure();
    }

    /** {@inheritDoc} Idle objects go now, borrowed ones when they are returned. */
    @Override
    public void clear() {
        List<FactoryObject<V>> idle = manager == null ? List.of() : manager.idle(null);
        pool.evictAll();
        awaitEvicted(idle);
    }

    /** {@inheritDoc} Idle objects go now, borrowed ones when they are returned. */
    @Override
    public void clear(K key) {
        Objects.requireNonNull(key, "key");
        List<FactoryObject<V>> idle = manager == null ? List.of() : manager.idle(key);
        pool.evict(key);
        awaitEvicted(idle);
    }

    private void awaitEvicted(List<FactoryObject<V>> idle) {
        long start = System.nanoTime();
        for (FactoryObject<V> object : idle) {
            object.awaitEvicted(disposeTimeout.minusNanos(System.nanoTime() - start));
        }
    }

    // ---- close

    /**
     * {@inheritDoc} Idle objects are destroyed, borrowed ones when they are returned; those who wait get an
     * {@link IllegalStateException}. Nothing happens when it is closed already.
     */
    @Override
    public void close() {
        isClosed = true;
        if (!closeIfAllIsBack()) {
            for (K endpoint : pool.endpoints()) {
                turnAway(endpoint);
            }
            clear();
        }
    }

    private void turnAway(K endpoint) {
        try {
            pool.suspend(endpoint, SuspendMode.FAIL);
        } catch (PoolClosedException e) {
            // By somebody else, which turns everybody away.
        }
    }

    /** @return false when that is left to one who returns an object, or was not asked for */
    private boolean closeIfAllIsBack() {
        if (!isClosed || !borrowed.isEmpty()) {
            return false;
        }
        pool.close();
        return true;
    }

    private void requireOpen() {
        if (isClosed) {
            throw PoolErrors.closed(null);
        }
    }

    // ---- counts

    @Override
    public List<K> getKeys() {
        return List.copyOf(pool.endpoints());
    }

    /** {@inheritDoc} Leases that were acquired from the pool itself count as well. */
    @Override
    public int getNumActive() {
        return pool.stats().leased();
    }

    /** {@inheritDoc} Leases that were acquired from the pool itself count as well. */
    @Override
    public int getNumActive(K key) {
        return pool.stats(key).map(ConnectionStats::leased).orElse(0);
    }

    @Override
    public int getNumIdle() {
        return pool.stats().idle();
    }

    @Override
    public int getNumIdle(K key) {
        return pool.stats(key).map(ConnectionStats::idle).orElse(0);
    }

    @Override
    public String toString() {
        return "KeyedObjectPoolView[" + pool.config().name() + (isClosed ? ", closed]" : "]");
    }
}
