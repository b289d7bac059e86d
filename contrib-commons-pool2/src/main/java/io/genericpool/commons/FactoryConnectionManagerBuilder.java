package io.genericpool.commons;

import java.util.function.Function;
import org.apache.commons.pool2.PooledObjectFactory;

/**
 * Sets when a factory's {@code validateObject} is called in addition to the pool's aliveness check. These are the three
 * tests of Commons Pool 2 that have no setting of the pool. Not thread-safe.
 *
 * @param <K> the type of endpoints
 * @param <V> the type of connections
 */
public final class FactoryConnectionManagerBuilder<K, V> {
    private final Function<? super K, ? extends PooledObjectFactory<V>> factories;
    private boolean testOnCreate;
    private boolean testOnBorrow;
    private boolean testOnReturn;

    FactoryConnectionManagerBuilder(Function<? super K, ? extends PooledObjectFactory<V>> factories) {
        this.factories = factories;
    }

    /**
     * Sets whether an object is validated right after {@code makeObject}, on the connect executor. An invalid object is
     * destroyed, and the connection attempt fails with {@link ObjectRefusedException}. Default: false.
     *
     * @param value true to validate
     * @return this
     */
    public FactoryConnectionManagerBuilder<K, V> testOnCreate(boolean value) {
        testOnCreate = value;
        return this;
    }

    /**
     * Sets whether an object is validated at each acquire, after {@code activateObject}. The validation runs on the
     * acquiring thread without a timeout, as in Commons Pool 2. It is meant for views, which take the next object when
     * one is invalid.
     *
     * <p>An acquire from the pool itself fails instead. There, {@code alivenessBypass(Duration.ZERO)} is better. It
     * validates on the connect executor, keeps the caller's deadline and continues with the next object. Default:
     * false.
     *
     * @param value true to validate
     * @return this
     */
    public FactoryConnectionManagerBuilder<K, V> testOnBorrow(boolean value) {
        testOnBorrow = value;
        return this;
    }

    /**
     * Sets whether an object is validated at each release, before {@code passivateObject}, on the releasing thread. An
     * invalid object is destroyed. Default: false.
     *
     * @param value true to validate
     * @return this
     */
    public FactoryConnectionManagerBuilder<K, V> testOnReturn(boolean value) {
        testOnReturn = value;
        return this;
    }

    /**
     * Builds a manager.
     *
     * @return a manager for one pool, a new one at each call
     */
    public FactoryConnectionManager<K, V> build() {
        return new FactoryConnectionManager<>(factories, testOnCreate, testOnBorrow, testOnReturn);
    }
}
