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
 * A view of a pool with the interface of Commons Pool 2. Code written for {@link KeyedObjectPool} runs on it unchanged.
 * {@link CommonsPools} creates it, over an existing pool or over a factory.
 *
 * <p>The view knows borrowed objects by their identity, so {@code equal} objects are not confused. Returning an object
 * that was not borrowed here under an equal key, or was already returned, throws {@link IllegalStateException}.
 *
 * <p><b>Factories.</b> Over a {@link FactoryConnectionManager}, the view calls the factory when and as Commons Pool 2
 * does. An idle object that cannot be activated or is invalid is destroyed, and the next one is tried. Calls of
 * {@code addObject} do not activate. Calls of {@code invalidateObject}, {@code clear} and a refused return end when
 * {@code destroyObject} has ended, or after the pool's {@code disposeTimeout}. Over any other manager, the pool
 * disposes objects asynchronously and logs failures of the disposal.
 *
 * <p><b>Waiting.</b> The timeout of a borrow is the pool's {@code acquireTimeout} or the one given. It covers queue,
 * connection attempt and check together. The time that a factory takes to activate and to test an object is additional.
 *
 * <p><b>Interrupts.</b> An interrupted borrow throws {@link InterruptedException}, as in Commons Pool 2. An interrupted
 * wait for {@code destroyObject} just ends, and the interrupt flag is set again.
 *
 * <p><b>Close.</b> {@link #close()} ends borrowing at once and revokes no borrowed object. The pool itself is closed
 * when the last borrowed object has been returned.
 *
 * <p><b>Threads.</b> Any number of threads may call all methods. No lock is shared by all of them.
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
     * Returns the underlying pool, which has functions that Commons Pool 2 does not have. Objects borrowed here count
     * there as leased.
     *
     * @return the pool
     */
    public ConnectionPool<K, V> pool() {
        return pool;
    }

    /**
     * Returns a view of one key. Closing it does not affect this view and its other keys.
     *
     * @param key the key
     * @return the view of the key
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
     * @throws NoSuchElementException when no object became available within the pool's {@code acquireTimeout}, too many
     *     requests wait, the endpoint refuses connection attempts for now, or the factory refused a new object
     * @throws InterruptedException when the thread was interrupted while it waited
     * @throws Exception the exception of the factory's {@code makeObject}, or of the manager's {@code create}
     */
    @Override
    public V borrowObject(K key) throws Exception {
        return borrow(key, null);
    }

    /**
     * Borrows an object as {@link #borrowObject(Object)} does, within the given time. The errors are the same.
     *
     * @param key the key
     * @param maxWait the time limit from now; negative for no limit, as in Commons Pool 2; zero to borrow only an idle
     *     object
     * @return an object
     * @throws Exception as for {@link #borrowObject(Object)}
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
                throw new NoSuchElementException("the pool is exhausted: the maximum number of objects is borrowed");
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
     * {@inheritDoc} An object that cannot be passivated is destroyed, without an error.
     *
     * @throws IllegalStateException when the object is not borrowed here under an equal key
     * @throws Exception the exception of {@code destroyObject} for an object that could not be passivated
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
     * {@inheritDoc} Managers other than a {@link FactoryConnectionManager} ignore the mode.
     *
     * @throws IllegalStateException when the object is not borrowed here under an equal key
     * @throws Exception the exception of the factory's {@code destroyObject}; the object is removed all the same
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
                    "the object is not borrowed from this pool under this key, or was already returned");
        }
        return lease;
    }

    // ---- fill and empty

    /**
     * {@inheritDoc} Nothing happens when the key or the pool already has the maximum number of objects.
     *
     * @throws IllegalStateException when this view or the pool is closed
     * @throws NoSuchElementException when no object could be created within the pool's {@code acquireTimeout}
     * @throws Exception the exception of the factory's {@code makeObject} or {@code passivateObject}. An object that
     *     could not be passivated is never lent. The pool destroys it when it is due to be lent, expires or is cleared
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

    /** {@inheritDoc} Idle objects are destroyed now, and borrowed ones when they are returned. */
    @Override
    public void clear() {
        List<FactoryObject<V>> idle = manager == null ? List.of() : manager.idle(null);
        pool.evictAll();
        awaitEvicted(idle);
    }

    /** {@inheritDoc} Idle objects are destroyed now, and borrowed ones when they are returned. */
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
     * {@inheritDoc} Idle objects are destroyed now, and borrowed ones when they are returned. Waiting borrows throw
     * {@link IllegalStateException}. Nothing happens when the view is already closed.
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
            // By another caller; a closed pool refuses all requests.
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

    /** {@inheritDoc} Leases acquired from the pool itself also count. */
    @Override
    public int getNumActive() {
        return pool.stats().leased();
    }

    /** {@inheritDoc} Leases acquired from the pool itself also count. */
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
