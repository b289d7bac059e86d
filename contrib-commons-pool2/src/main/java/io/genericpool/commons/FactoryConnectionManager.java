package io.genericpool.commons;

import io.genericpool.DisposeReason;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ManagerHook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.commons.pool2.KeyedPooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.PooledObjectFactory;
import org.jspecify.annotations.Nullable;

/**
 * Opens a pool's connections by a factory of Commons Pool 2. Factories that come with client libraries thus work here.
 *
 * <table>
 * <caption>When the factory is called</caption>
 * <tr><th>method of the factory</th><th>when it is called</th><th>when it fails</th></tr>
 * <tr><td>{@code makeObject}</td><td>to connect, on the connect executor; interrupted when it exceeds
 *   {@code connectTimeout}</td><td>the request fails with {@code ConnectionCreateException} and this cause</td></tr>
 * <tr><td>{@code activateObject}</td><td>at the start of each lease, on the acquiring thread</td><td>the pool disposes
 *   the connection, and the acquire fails with {@code ConnectionCreateException}, caused by an
 *   {@link ObjectRefusedException}; a view takes the next connection</td></tr>
 * <tr><td>{@code passivateObject}</td><td>at the end of each lease, on the releasing thread</td><td>the pool disposes
 *   the connection</td></tr>
 * <tr><td>{@code activateObject}, {@code validateObject}, {@code passivateObject}</td><td>one after another as the
 *   pool's aliveness check, on the connect executor: at an acquire after {@code alivenessBypass}, and at each
 *   {@code keepaliveInterval}</td><td>the pool disposes the connection and serves the request with another
 *   one</td></tr>
 * <tr><td>{@code validateObject}</td><td>also when {@link FactoryConnectionManagerBuilder} enables it</td><td>as
 *   described there</td></tr>
 * <tr><td>{@code destroyObject}</td><td>to dispose, on the connect executor; with {@code DestroyMode.ABANDONED} when
 *   closing the pool revoked the lease</td><td>logged and counted</td></tr>
 * </table>
 *
 * <p><b>Threads.</b> The manager is thread-safe if the factory is, which Commons Pool 2 requires. One object is never
 * in two calls of the factory at once.
 *
 * <p><b>Timeouts.</b> A factory does not receive timeouts. The pool enforces its own timeouts nevertheless. Exceptions
 * are {@code activateObject} and {@code passivateObject}, which run on the acquiring and releasing threads.
 *
 * <p>A manager serves one pool.
 *
 * @param <K> the type of endpoints, which Commons Pool 2 calls keys
 * @param <V> the type of connections
 */
public final class FactoryConnectionManager<K, V> implements ConnectionManager<K, V> {
    private static final Set<ManagerHook> HOOKS =
            Set.of(ManagerHook.CHECK_ALIVENESS, ManagerHook.ON_ACQUIRE, ManagerHook.ON_RELEASE);

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
     * Returns a manager with one factory for all endpoints. It calls {@code validateObject} for the aliveness check
     * only.
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
     * Returns a manager with one factory per endpoint, for factories that know only one server. It calls
     * {@code validateObject} for the aliveness check only.
     *
     * @param factories returns the factory of an endpoint; called at each connection attempt, so it should cache what
     *     is expensive to create. Must not return null
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
     * Returns a builder of a manager with one factory for all endpoints.
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
     * Returns a builder of a manager with one factory per endpoint.
     *
     * @param factories as for {@link #ofEach}
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
    public Optional<Set<ManagerHook>> hooks() {
        return Optional.of(HOOKS);
    }

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
