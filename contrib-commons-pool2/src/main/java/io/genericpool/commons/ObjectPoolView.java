package io.genericpool.commons;

import java.time.Duration;
import java.util.Objects;
import org.apache.commons.pool2.DestroyMode;
import org.apache.commons.pool2.ObjectPool;

/**
 * One endpoint of a pool as Commons Pool 2 sees it, so that code that was written to {@link ObjectPool} runs on it
 * unchanged. {@link CommonsPools} makes it. Everything is as {@link KeyedObjectPoolView} says, with one key; only
 * {@code returnObject} swallows what {@code destroyObject} throws, as {@code GenericObjectPool} does.
 *
 * <p><b>Close.</b> A view of one endpoint of a pool that serves others too leaves that pool open: it lends no more, idle
 * objects of its endpoint are destroyed, borrowed ones when they are returned. One who waits in it already stays until he
 * would be served, or his time is over. A view that was made over a factory closes its pool.
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
     * The view of all keys that this one is a part of.
     *
     * @return the view
     */
    public KeyedObjectPoolView<K, V> keyed() {
        return view;
    }

    /**
     * {@inheritDoc}
     *
     * @throws Exception as {@link KeyedObjectPoolView#borrowObject(Object)}
     */
    @Override
    public V borrowObject() throws Exception {
        requireOpen();
        return lent(view.borrowObject(key));
    }

    /**
     * As {@link #borrowObject()}, with a time of its own.
     *
     * @param maxWait the deadline from now; negative for any time, zero for an idle object or none
     * @return an object
     * @throws Exception as {@link KeyedObjectPoolView#borrowObject(Object)}
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
     * @throws Exception as {@link KeyedObjectPoolView#addObject}
     */
    @Override
    public void addObject() throws Exception {
        requireOpen();
        view.addObject(key);
    }

    /** {@inheritDoc} Borrowed ones go when they are returned. */
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
