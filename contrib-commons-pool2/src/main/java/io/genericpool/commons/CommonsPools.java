package io.genericpool.commons;

import io.genericpool.ConnectionPool;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectGovernor;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.commons.pool2.KeyedPooledObjectFactory;
import org.apache.commons.pool2.PooledObjectFactory;
import org.apache.commons.pool2.impl.BaseObjectPoolConfig;
import org.apache.commons.pool2.impl.GenericKeyedObjectPoolConfig;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;

/**
 * The way from Commons Pool 2 to this pool, in steps of any size: its interfaces over a pool that exists; this pool in
 * place of {@code GenericKeyedObjectPool} or {@code GenericObjectPool}, with the same factory and configuration; or the
 * pool itself, built from both.
 *
 * <pre>{@code
 * KeyedObjectPool<K, V> pool = CommonsPools.keyedObjectPool(factory, config); // was: new GenericKeyedObjectPool<>(…)
 * }</pre>
 */
public final class CommonsPools {
    private CommonsPools() {}

    // ---- views of a pool that exists

    /**
     * A pool as a {@code KeyedObjectPool}.
     *
     * @param pool any pool; closing the view closes it
     * @param <K> the type of keys
     * @param <V> the type of objects
     * @return the view
     * @throws NullPointerException when the pool is null
     */
    public static <K, V> KeyedObjectPoolView<K, V> keyedObjectPool(ConnectionPool<K, V> pool) {
        return new KeyedObjectPoolView<>(pool, null, true);
    }

    /**
     * A pool whose connections a factory makes, as a {@code KeyedObjectPool} that calls the factory as Commons Pool 2
     * does.
     *
     * @param pool the pool; closing the view closes it
     * @param manager the manager it was built with
     * @param <K> the type of keys
     * @param <V> the type of objects
     * @return the view
     * @throws NullPointerException when an argument is null
     */
    public static <K, V> KeyedObjectPoolView<K, V> keyedObjectPool(
            ConnectionPool<K, V> pool, FactoryConnectionManager<K, V> manager) {
        return new KeyedObjectPoolView<>(pool, Objects.requireNonNull(manager, "manager"), true);
    }

    /**
     * One endpoint of a pool as an {@code ObjectPool}.
     *
     * @param pool any pool; closing the view leaves it open
     * @param endpoint the endpoint
     * @param <K> the type of endpoints
     * @param <V> the type of objects
     * @return the view
     * @throws NullPointerException when an argument is null
     */
    public static <K, V> ObjectPoolView<K, V> objectPool(ConnectionPool<K, V> pool, K endpoint) {
        return keyedObjectPool(pool).objectPool(endpoint);
    }

    // ---- in place of the pools of Commons Pool 2

    /**
     * This pool in place of {@code new GenericKeyedObjectPool<>(factory, config)}. The README says what each knob becomes.
     *
     * @param factory makes the objects
     * @param config the configuration; read now, later changes have no effect
     * @param <K> the type of keys
     * @param <V> the type of objects
     * @return a view of a pool of its own
     * @throws NullPointerException when an argument is null
     * @throws IllegalArgumentException when the pool cannot do what the configuration asks for: a limit of 0, or an
     *     eviction policy of one's own
     */
    public static <K, V> KeyedObjectPoolView<K, V> keyedObjectPool(
            KeyedPooledObjectFactory<K, V> factory, GenericKeyedObjectPoolConfig<V> config) {
        return keyedObjectPool(factory, config, knobs -> {});
    }

    /**
     * This pool in place of {@code new GenericObjectPool<>(factory, config)}.
     *
     * @param factory makes the objects
     * @param config the configuration; read now, later changes have no effect
     * @param <V> the type of objects
     * @return a view of a pool of its own, with one endpoint; closing it closes the pool
     * @throws NullPointerException when an argument is null
     * @throws IllegalArgumentException as {@link #keyedObjectPool(KeyedPooledObjectFactory, GenericKeyedObjectPoolConfig)}
     */
    public static <V> ObjectPoolView<String, V> objectPool(
            PooledObjectFactory<V> factory, GenericObjectPoolConfig<V> config) {
        return objectPool(factory, config, knobs -> {});
    }

    /**
     * As {@link #keyedObjectPool(KeyedPooledObjectFactory, GenericKeyedObjectPoolConfig)}, with knobs of the pool that the
     * configuration has no word for:
     *
     * <pre>{@code
     * CommonsPools.keyedObjectPool(factory, config, CommonsPools::failAtOnce);
     * CommonsPools.keyedObjectPool(factory, config, knobs -> knobs.connectTimeout(Duration.ofMinutes(1)));
     * }</pre>
     *
     * @param factory makes the objects
     * @param config the configuration; read now, later changes have no effect
     * @param knobs turns knobs of the pool, after those of the configuration
     * @param <K> the type of keys
     * @param <V> the type of objects
     * @return a view of a pool of its own
     * @throws NullPointerException when an argument is null
     * @throws IllegalArgumentException as without knobs, or when these do not go together
     */
    public static <K, V> KeyedObjectPoolView<K, V> keyedObjectPool(
            KeyedPooledObjectFactory<K, V> factory,
            GenericKeyedObjectPoolConfig<V> config,
            Consumer<? super ConnectionPoolBuilder<K, V>> knobs) {
        return view(FactoryConnectionManager.builder(factory), config, CommonsKnobs.of(config), knobs);
    }

    /**
     * As {@link #objectPool(PooledObjectFactory, GenericObjectPoolConfig)}, with knobs of the pool that the configuration
     * has no word for.
     *
     * @param factory makes the objects
     * @param config the configuration; read now, later changes have no effect
     * @param knobs turns knobs of the pool, after those of the configuration
     * @param <V> the type of objects
     * @return a view of a pool of its own, with one endpoint; closing it closes the pool
     * @throws NullPointerException when an argument is null
     * @throws IllegalArgumentException as without knobs, or when these do not go together
     */
    public static <V> ObjectPoolView<String, V> objectPool(
            PooledObjectFactory<V> factory,
            GenericObjectPoolConfig<V> config,
            Consumer<? super ConnectionPoolBuilder<String, V>> knobs) {
        Objects.requireNonNull(factory, "factory");
        Function<String, PooledObjectFactory<V>> always = endpoint -> factory;
        KeyedObjectPoolView<String, V> keyed =
                view(FactoryConnectionManager.builder(always), config, CommonsKnobs.of(config), knobs);
        return new ObjectPoolView<>(keyed, "objects", true);
    }

    /**
     * Makes a pool behave as Commons Pool 2 does while an endpoint is down: each borrow that finds nothing idle calls
     * {@code makeObject} at once, and fails at once with what that throws. Without this a borrow waits for the end of a
     * pause after failures, and after five in a row it fails with {@code NoSuchElementException} without a call of the
     * factory.
     *
     * <p>It switches off backoff and circuit ({@code connectGovernor}) and lets any number of connects of an endpoint
     * begin at once ({@code maxConnectsPerEndpoint}), so an endpoint that is down or comes back has to bear as many
     * attempts as there are borrows.
     *
     * @param builder the builder
     * @param <K> the type of endpoints
     * @param <V> the type of connections
     * @return the builder
     * @throws NullPointerException when the builder is null
     */
    public static <K, V> ConnectionPoolBuilder<K, V> failAtOnce(ConnectionPoolBuilder<K, V> builder) {
        return Objects.requireNonNull(builder, "builder")
                .connectGovernor(ConnectGovernor.unlimited())
                .maxConnectsPerEndpoint(PoolConfig.UNLIMITED);
    }

    private static <K, V> KeyedObjectPoolView<K, V> view(
            FactoryConnectionManagerBuilder<K, V> managers,
            BaseObjectPoolConfig<V> config,
            CommonsKnobs fromConfig,
            Consumer<? super ConnectionPoolBuilder<K, V>> knobs) {
        Objects.requireNonNull(knobs, "knobs");
        FactoryConnectionManager<K, V> manager = managers.testOnCreate(config.getTestOnCreate())
                .testOnBorrow(config.getTestOnBorrow())
                .testOnReturn(config.getTestOnReturn())
                .build();
        ConnectionPoolBuilder<K, V> builder = ConnectionPools.builder(manager);
        fromConfig.applyForView(builder);
        knobs.accept(builder);
        return new KeyedObjectPoolView<>(builder.build(), manager, fromConfig.blocksWhenExhausted());
    }

    // ---- the pool itself

    /**
     * Begins to build the pool itself from a factory and a configuration of Commons Pool 2. {@code testOnBorrow} becomes
     * an aliveness check at each acquire.
     *
     * @param factory makes the connections
     * @param config the configuration
     * @param <K> the type of endpoints
     * @param <V> the type of connections
     * @return a builder whose knobs are set, to build or to go on with
     * @throws NullPointerException when an argument is null
     * @throws IllegalArgumentException as {@link #configure}
     */
    public static <K, V> ConnectionPoolBuilder<K, V> builder(
            KeyedPooledObjectFactory<K, V> factory, GenericKeyedObjectPoolConfig<V> config) {
        Objects.requireNonNull(config, "config");
        FactoryConnectionManager<K, V> manager = FactoryConnectionManager.builder(factory)
                .testOnCreate(config.getTestOnCreate())
                .testOnReturn(config.getTestOnReturn())
                .build();
        return configure(ConnectionPools.builder(manager), config);
    }

    /**
     * Sets the knobs of a builder as a configuration of Commons Pool 2 has them; the README says what each one becomes.
     * {@code testOnCreate} and {@code testOnReturn} are the manager's: {@link FactoryConnectionManagerBuilder} has them.
     *
     * @param builder a builder, of whatever manager
     * @param config the configuration
     * @param <K> the type of endpoints
     * @param <V> the type of connections
     * @return the builder
     * @throws NullPointerException when an argument is null
     * @throws IllegalArgumentException when the pool cannot do what the configuration asks for: a limit of 0, an eviction
     *     policy of one's own, or to fail instead of waiting ({@code blockWhenExhausted} false, {@code maxWait} 0), which
     *     only a view can
     */
    public static <K, V> ConnectionPoolBuilder<K, V> configure(
            ConnectionPoolBuilder<K, V> builder, GenericKeyedObjectPoolConfig<?> config) {
        Objects.requireNonNull(builder, "builder");
        CommonsKnobs.of(config).applyTo(builder);
        return builder;
    }
}
