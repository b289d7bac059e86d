package io.genericpool.commons;

import java.util.function.Function;
import org.apache.commons.pool2.PooledObjectFactory;

/**
 * Says when a factory's {@code validateObject} is called beyond the pool's aliveness check: the three tests of Commons Pool
 * 2 that have no knob of the pool. Not thread-safe.
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
     * Whether an object is validated right after {@code makeObject}, on the connect executor. One that is not valid is
     * destroyed, and the connect fails with {@link ObjectRefusedException}. Default: false.
     *
     * @param value true to validate
     * @return this
     */
    public FactoryConnectionManagerBuilder<K, V> testOnCreate(boolean value) {
        testOnCreate = value;
        return this;
    }

    /**
     * Whether an object is validated at each acquire, after {@code activateObject}, on the acquiring thread, for as long as
     * the factory takes: as Commons Pool 2 does it, and made for views, which take the next object when one is not valid.
     * An acquire of the pool itself fails then; there {@code alivenessBypass(Duration.ZERO)} is better, which validates on
     * the connect executor, keeps the caller's deadline and goes on to the next one by itself. Default: false.
     *
     * @param value true to validate
     * @return this
     */
    public FactoryConnectionManagerBuilder<K, V> testOnBorrow(boolean value) {
        testOnBorrow = value;
        return this;
    }

    /**
     * Whether an object is validated at each release, before {@code passivateObject}, on the releasing thread. One that is
     * not valid is destroyed. Default: false.
     *
     * @param value true to validate
     * @return this
     */
    public FactoryConnectionManagerBuilder<K, V> testOnReturn(boolean value) {
        testOnReturn = value;
        return this;
    }

    /**
     * Makes a manager.
     *
     * @return a manager for one pool, another one at each call
     */
    public FactoryConnectionManager<K, V> build() {
        return new FactoryConnectionManager<>(factories, testOnCreate, testOnBorrow, testOnReturn);
    }
}
