package io.genericpool.commons;

import io.genericpool.DisposeReason;
import io.genericpool.spi.ConnectionManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.commons.pool2.KeyedPooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.PooledObjectFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes a pool's connections by a factory of Commons Pool 2, so that the factories that clients bring along work here.
 *
 * <table>
 * <caption>When the factory is called</caption>
 * <tr><th>the factory's method</th><th>is called</th><th>when it fails</th></tr>
 * <tr><td>{@code makeObject}</td><td>to connect, on the connect executor; interrupted when it takes longer than
 *   {@code connectTimeout}</td><td>the request fails with {@code ConnectionCreateException} and that cause</td></tr>
 * <tr><td>{@code activateObject}</td><td>at the beginning of each lease, on the acquiring thread</td><td>the connection
 *   is disposed and the acquire fails with {@code ConnectionCreateException}, its cause an
 *   {@link ObjectRefusedException}; a view takes the next one</td></tr>
 * <tr><td>{@code passivateObject}</td><td>at the end of each lease, on the releasing thread</td><td>the connection is
 *   disposed</td></tr>
 * <tr><td>{@code activateObject}, {@code validateObject}, {@code passivateObject}</td><td>one after the other as the
 *   pool's aliveness check, on the connect executor: at an acquire past {@code alivenessBypass}, and each
 *   {@code keepaliveInterval}</td><td>the connection is disposed, the request is served by another one</td></tr>
 * <tr><td>{@code validateObject}</td><td>further, where {@link FactoryConnectionManagerBuilder} says so</td><td>as is said
 *   there</td></tr>
 * <tr><td>{@code destroyObject}</td><td>to dispose, on the connect executor; with {@code DestroyMode.ABANDONED} when the
 *   pool was closed under the holder</td><td>logged and counted</td></tr>
 * </table>
 *
 * <p><b>Threads.</b> Thread-safe as far as the factory is, which Commons Pool 2 demands. One object is never in two calls
 * of the factory at once.
 *
 * <p><b>Timeouts.</b> A factory is not told how long it may take. The pool keeps its own deadlines all the same, except
 * for {@code activateObject} and {@code passivateObject}, which run on the threads of those who acquire and release.
 *
 * <p>A manager serves one pool.
 *
 * @param <K> the type of endpoints, which Commons Pool 2 calls keys
 * @param <V> the type of connections
 */
public final class FactoryConnectionManager<K, V> implements ConnectionManager<K, V> {
    private final Function<? super K, ? extends PooledObjectFactory<V>> factories;
    private final boolean testOnCreate;
    private final boolean testOnBorrow;
    private final boolean testOnReturn;
    private final IdentityMap<K, FactoryObject<V>> objects = new IdentityMap<>();
    private final AtomicLong made = new AtomicLong();
    /** Threads whose next lease is one of {@code addObject}. */
    private final Set<Thread> adding = ConcurrentHashMap.newKeySet();

    FactoryConnectionManager(
            Function<? super K, ? extends PooledObjectFactory<V>> factories,
            boolean testOnCreate,
            boolean testOnBorrow,
            boolean testOnReturn) {
        this.factories = factories;
        this.testOnCreate = testOnCreate;
        this.testOnBorrow = testOnBorrow;
        this.testOnReturn = testOnReturn;
    }

    /**
     * Takes the connections of all endpoints from one factory. {@code validateObject} serves the aliveness check only.
     *
     * @param factory the factory
     * @param <K> the type of endpoints
     * @param <V> the type of connections
     * @return a manager for one pool
     * @throws NullPointerException when the factory is null
     */
    public static <K, V> FactoryConnectionManager<K, V> of(KeyedPooledObjectFactory<K, V> factory) {
        return builder(factory).build();
    }

    /**
     * Takes the connections of each endpoint from a factory of its own, as clients have it whose factory knows one server.
     * {@code validateObject} serves the aliveness check only.
     *
     * @param factories from endpoint to its factory; asked at each connect, so it keeps what is costly to make. Must not
     *     return null
     * @param <K> the type of endpoints
     * @param <V> the type of connections
     * @return a manager for one pool
     * @throws NullPointerException when the function is null
     */
    public static <K, V> FactoryConnectionManager<K, V> ofEach(
            Function<? super K, ? extends PooledObjectFactory<V>> factories) {
        return FactoryConnectionManager.<K, V>builder(factories).build();
    }

    /**
     * Begins to build a manager with one factory for all endpoints.
     *
     * @param factory the factory
     * @param <K> the type of endpoints
     * @param <V> the type of connections
     * @return a builder
     * @throws NullPointerException when the factory is null
     */
    public static <K, V> FactoryConnectionManagerBuilder<K, V> builder(KeyedPooledObjectFactory<K, V> factory) {
        Objects.requireNonNull(factory, "factory");
        return new FactoryConnectionManagerBuilder<>(endpoint -> new EndpointFactory<>(factory, endpoint));
    }

    /**
     * Begins to build a manager with a factory for each endpoint.
     *
     * @param factories as in {@link #ofEach}
     * @param <K> the type of endpoints
     * @param <V> the type of connections
     * @return a builder
     * @throws NullPointerException when the function is null
     */
    public static <K, V> FactoryConnectionManagerBuilder<K, V> builder(
            Function<? super K, ? extends PooledObjectFactory<V>> factories) {
        return new FactoryConnectionManagerBuilder<>(Objects.requireNonNull(factories, "factories"));
    }

    // ---- what the pool calls

    @Override
    public V create(K endpoint, Duration timeout) throws Exception {
        PooledObjectFactory<V> factory =
                Objects.requireNonNull(factories.apply(endpoint), "the function returned null instead of a factory");
        PooledObject<V> pooled =
                Objects.requireNonNull(factory.makeObject(), "makeObject returned null instead of an object");
        V connection = Objects.requireNonNull(pooled.getObject(), "makeObject returned a wrapper of null");
        var object = new FactoryObject<>(factory, pooled, made.incrementAndGet());
        try {
            if (testOnCreate) {
                requireValid(object);
            }
            objects.add(endpoint, connection, object);
        } catch (Throwable e) {
            destroyUnused(object, e);
            throw e;
        }
        return connection;
    }

    private static void requireValid(FactoryObject<?> object) throws ObjectRefusedException {
        try {
            object.requireValid();
        } catch (ObjectRefusedException e) {
            throw new ObjectRefusedException(String.valueOf(e.getMessage()), e, null);
        }
    }

    /** The pool does not get to know of it, so it would never be disposed. */
    private static void destroyUnused(FactoryObject<?> object, Throwable why) {
        try {
            object.destroy(false);
        } catch (Throwable unfortunate) {
            why.addSuppressed(unfortunate);
        }
    }

    @Override
    public void dispose(K endpoint, V connection, Duration timeout) throws Exception {
        dispose(endpoint, connection, DisposeReason.INVALIDATED, timeout);
    }

    @Override
    public void dispose(K endpoint, V connection, DisposeReason reason, Duration timeout) throws Exception {
        FactoryObject<V> object = objects.remove(endpoint, connection);
        if (object != null) {
            object.destroy(reason == DisposeReason.CLOSED && object.isLent());
        }
    }

    @Override
    public boolean checkAliveness(K endpoint, V connection, Duration timeout) throws Exception {
        return object(endpoint, connection).isAlive();
    }

    @Override
    public void onAcquire(K endpoint, V connection) throws Exception {
        FactoryObject<V> object = object(endpoint, connection);
        if (!adding.isEmpty() && adding.remove(Thread.currentThread())) {
            object.beginAdding();
        } else {
            object.beginLease(testOnBorrow);
        }
    }

    @Override
    public void onRelease(K endpoint, V connection) throws Exception {
        object(endpoint, connection).endLease(testOnReturn);
    }

    private FactoryObject<V> object(K endpoint, V connection) {
        FactoryObject<V> object = find(endpoint, connection);
        if (object == null) {
            throw new IllegalStateException("the connection was not made by this manager, or is disposed");
        }
        return object;
    }

    // ---- for the views

    @Nullable
    FactoryObject<V> find(K endpoint, V connection) {
        return objects.find(endpoint, connection);
    }

    /** How many objects were made so far: one with a higher number is younger than this call. */
    long made() {
        return made.get();
    }

    /** The next lease this thread acquires is one of {@code addObject}. */
    void expectAdding() {
        adding.add(Thread.currentThread());
    }

    /** Ends what {@link #expectAdding} began, whether a lease came or not. */
    void expectAddingNoMore() {
        adding.remove(Thread.currentThread());
    }

    /** The objects that are not lent, of one endpoint, or of all if it is null. */
    List<FactoryObject<V>> idle(@Nullable K endpoint) {
        List<FactoryObject<V>> idle = new ArrayList<>();
        objects.forEach((key, object) -> {
            if (!object.isLent() && (endpoint == null || endpoint.equals(key))) {
                idle.add(object);
            }
        });
        return idle;
    }
}
