package io.genericpool.commons;

import java.time.Duration;
import java.util.Objects;
import org.apache.commons.pool2.DestroyMode;
import org.apache.commons.pool2.ObjectPool;

/**
 * A view of one endpoint of a pool with the interface of Commons Pool 2. Code written for {@link ObjectPool} runs on it
 * unchanged. {@link CommonsPools} creates it. It behaves like {@link KeyedObjectPoolView} with one key. The only
 * difference is that {@code returnObject} ignores exceptions of {@code destroyObject}, as {@code GenericObjectPool}
 * does.
 *
 * <p><b>Close.</b> Closing a view of one endpoint leaves the pool open when the pool also serves others. The view then
 * lends no more objects. Idle objects of its endpoint are destroyed now, and borrowed ones when they are returned. A
 * borrow that already waits continues until it would be served, or until it times out. A view created over a factory
 * closes its pool.
 *
 * @param <K> the type of the pool's endpoints
 * @param <V> the type of objects: the pool's connections
 */
public final class ObjectPoolView<K, V> implements ObjectPool<V> {
    private final KeyedObjectPoolView<K, V> view;
    private final K key;
    private final boolean ownsPool;
    private volatile boolean isClosed;

    ObjectPoolView(KeyedObjectPoolView<K, V> view, K key, boolean ownsPool) {
        this.view = view;
        this.key = Objects.requireNonNull(key, "key");
        this.ownsPool = ownsPool;
    }

    /**
     * Returns the view of all keys that this view belongs to.
     *
     * @return the view
     */
    public KeyedObjectPoolView<K, V> keyed() {
        return view;
    }

    /**
     * {@inheritDoc}
     *
     * @throws Exception as for {@link KeyedObjectPoolView#borrowObject(Object)}
     */
    @Override
    public V borrowObject() throws Exception {
        requireOpen();
        return lent(view.borrowObject(key));
    }

    /**
     * Borrows an object as {@link #borrowObject()} does, within the given time.
     *
     * @param maxWait the time limit from now; negative for no limit, zero to borrow only an idle object
     * @return an object
     * @throws Exception as for {@link KeyedObjectPoolView#borrowObject(Object)}
     */
    public V borrowObject(Duration maxWait) throws Exception {
        requireOpen();
        return lent(view.borrowObject(key, maxWait));
    }

    private V lent(V object) throws Exception {
        if (isClosed) {
            view.invalidateObject(key, object);
            throw PoolErrors.closed(null);
        }
        return object;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException when the object is not borrowed from this endpoint
     */
    @Override
    public void returnObject(V object) {
        var unused = view.giveBack(key, object); // the pool has logged it
    }

    @Override
    public void invalidateObject(V object) throws Exception {
        view.invalidateObject(key, object);
    }

    @Override
    public void invalidateObject(V object, DestroyMode mode) throws Exception {
        view.invalidateObject(key, object, mode);
    }

    /**
     * {@inheritDoc}
     *
     * @throws Exception as for {@link KeyedObjectPoolView#addObject}
     */
    @Override
    public void addObject() throws Exception {
        requireOpen();
        view.addObject(key);
    }

    /** {@inheritDoc} Borrowed objects are destroyed when they are returned. */
    @Override
    public void clear() {
        view.clear(key);
    }

    @Override
    public void close() {
        isClosed = true;
        if (ownsPool) {
            view.close();
        } else {
            view.clear(key);
        }
    }

    private void requireOpen() {
        if (isClosed) {
            throw PoolErrors.closed(null);
        }
    }

    @Override
    public int getNumActive() {
        return view.getNumActive(key);
    }

    @Override
    public int getNumIdle() {
        return view.getNumIdle(key);
    }

    @Override
    public String toString() {
        return "ObjectPoolView[" + view.pool().config().name() + (isClosed ? ", closed]" : "]");
    }
}
