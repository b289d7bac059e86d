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
 * Migrates from Commons Pool 2 to this pool, in steps of any size. The first step puts the Commons interfaces over an
 * existing pool. The second replaces {@code GenericKeyedObjectPool} or {@code GenericObjectPool}, with the same factory
 * and configuration. The third builds the pool itself from both.
 *
 * <pre>{@code
 * KeyedObjectPool<K, V> pool = CommonsPools.keyedObjectPool(factory, config); // was: new GenericKeyedObjectPool<>(…)
 * }</pre>
 */
public final class CommonsPools {
    private CommonsPools() {}

    // ---- views of a pool that exists

    /**
     * Returns a view of a pool as a {@code KeyedObjectPool}.
     *
     * @param pool any pool; closing the view closes the pool
     * @param <K> the type of keys
     * @param <V> the type of objects
     * @return the view
     * @throws NullPointerException when the pool is null
     */
    public static <K, V> KeyedObjectPoolView<K, V> keyedObjectPool(ConnectionPool<K, V> pool) {
        return new KeyedObjectPoolView<>(pool, null, true);
    }

    /**
     * Returns a view of a pool as a {@code KeyedObjectPool}. A factory creates the pool's connections, and the view
     * calls the factory as Commons Pool 2 does.
     *
     * @param pool the pool; closing the view closes the pool
     * @param manager the manager that the pool was built with
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
     * Returns a view of one endpoint of a pool as an {@code ObjectPool}.
     *
     * @param pool any pool; closing the view leaves the pool open
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
     * Replaces {@code new GenericKeyedObjectPool<>(factory, config)}. The migration page lists what each setting
     * becomes.
     *
     * @param factory creates the objects
     * @param config the configuration, read now; later changes have no effect
     * @param <K> the type of keys
     * @param <V> the type of objects
     * @return a view of its own new pool
     * @throws NullPointerException when an argument is null
     * @throws IllegalArgumentException when the pool cannot do what the configuration asks for: a limit of 0, or a
     *     custom eviction policy
     */
    public static <K, V> KeyedObjectPoolView<K, V> keyedObjectPool(
            KeyedPooledObjectFactory<K, V> factory, GenericKeyedObjectPoolConfig<V> config) {
        return keyedObjectPool(factory, config, knobs -> {});
    }

    /**
     * Replaces {@code new GenericObjectPool<>(factory, config)}.
     *
     * @param factory creates the objects
     * @param config the configuration, read now; later changes have no effect
     * @param <V> the type of objects
     * @return a view of its own new pool with one endpoint; closing the view closes the pool
     * @throws NullPointerException when an argument is null
     * @throws IllegalArgumentException as for {@link #keyedObjectPool(KeyedPooledObjectFactory,
     *     GenericKeyedObjectPoolConfig)}
     */
    public static <V> ObjectPoolView<String, V> objectPool(
            PooledObjectFactory<V> factory, GenericObjectPoolConfig<V> config) {
        return objectPool(factory, config, knobs -> {});
    }

    /**
     * Does the same as {@link #keyedObjectPool(KeyedPooledObjectFactory, GenericKeyedObjectPoolConfig)}, and also
     * changes settings of the pool that the configuration does not have:
     *
     * <pre>{@code
     * CommonsPools.keyedObjectPool(factory, config, CommonsPools::failAtOnce);
     * CommonsPools.keyedObjectPool(factory, config, knobs -> knobs.connectTimeout(Duration.ofMinutes(1)));
     * }</pre>
     *
     * @param factory creates the objects
     * @param config the configuration, read now; later changes have no effect
     * @param knobs changes settings of the pool, after those of the configuration
     * @param <K> the type of keys
     * @param <V> the type of objects
     * @return a view of its own new pool
     * @throws NullPointerException when an argument is null
     * @throws IllegalArgumentException as without {@code knobs}, or when the settings contradict each other
     */
    public static <K, V> KeyedObjectPoolView<K, V> keyedObjectPool(
            KeyedPooledObjectFactory<K, V> factory,
            GenericKeyedObjectPoolConfig<V> config,
            Consumer<? super ConnectionPoolBuilder<K, V>> knobs) {
        return view(FactoryConnectionManager.builder(factory), config, CommonsKnobs.of(config), knobs);
    }

    /**
     * Does the same as {@link #objectPool(PooledObjectFactory, GenericObjectPoolConfig)}, and also changes settings of
     * the pool that the configuration does not have.
     *
     * @param factory creates the objects
     * @param config the configuration, read now; later changes have no effect
     * @param knobs changes settings of the pool, after those of the configuration
     * @param <V> the type of objects
     * @return a view of its own new pool with one endpoint; closing the view closes the pool
     * @throws NullPointerException when an argument is null
     * @throws IllegalArgumentException as without {@code knobs}, or when the settings contradict each other
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
     * Makes a pool behave as Commons Pool 2 does while an endpoint is down. Each borrow that finds no idle object calls
     * {@code makeObject} at once, and fails at once with its exception. Without this, a borrow waits for the end of a
     * pause after failures. After five failures in a row, it fails with {@code NoSuchElementException} without a call
     * of the factory.
     *
     * <p>This method disables backoff and circuit ({@code connectGovernor}) and the limit of simultaneous connection
     * attempts per endpoint ({@code maxConnectsPerEndpoint}). An endpoint that is down, or has just come back, then
     * receives as many attempts as there are borrows.
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
     * Returns a builder of the pool itself, set up from a factory and a configuration of Commons Pool 2.
     * With {@code testOnBorrow}, each acquire checks the connection.
     *
     * @param factory creates the connections
     * @param config the configuration
     * @param <K> the type of endpoints
     * @param <V> the type of connections
     * @return a builder with these settings, which may be changed further
     * @throws NullPointerException when an argument is null
     * @throws IllegalArgumentException as for {@link #configure}
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
     * Applies a configuration of Commons Pool 2 to a builder. The migration page lists what each setting becomes.
     * {@code testOnCreate} and {@code testOnReturn} belong to the manager; {@link FactoryConnectionManagerBuilder} has
     * them.
     *
     * @param builder a builder with any manager
     * @param config the configuration
     * @param <K> the type of endpoints
     * @param <V> the type of connections
     * @return the builder
     * @throws NullPointerException when an argument is null
     * @throws IllegalArgumentException when the pool cannot do what the configuration asks for. Examples are a limit of
     *     0 and a custom eviction policy. Failing instead of waiting ({@code blockWhenExhausted} false, {@code maxWait}
     *     0) is possible with a view only
     */
    public static <K, V> ConnectionPoolBuilder<K, V> configure(
            ConnectionPoolBuilder<K, V> builder, GenericKeyedObjectPoolConfig<?> config) {
        Objects.requireNonNull(builder, "builder");
        CommonsKnobs.of(config).applyTo(builder);
        return builder;
    }
}
