package io.genericpool.commons;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.pool2.AbstractTestKeyedObjectPool;
import org.apache.commons.pool2.KeyedObjectPool;
import org.apache.commons.pool2.KeyedPooledObjectFactory;
import org.apache.commons.pool2.impl.GenericKeyedObjectPoolConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/**
 * Commons Pool 2's own contract test for keyed pools. It expects each borrowed object to be validated, which is the
 * one knob that is not the default; for {@code GenericKeyedObjectPool} the test sets it by itself.
 */
@Timeout(60)
abstract class KeyedContract extends AbstractTestKeyedObjectPool {
    private final List<KeyedObjectPool<?, ?>> made = new ArrayList<>();

    /** Tests that fail leave theirs open. */
    @AfterEach
    void closeAll() {
        made.forEach(KeyedObjectPool::close);
    }

    @Override
    protected Object getNthObject(Object key, int n) {
        return key.toString() + n;
    }

    @Override
    protected <E extends Exception> KeyedObjectPool<Object, Object> makeEmptyPool(int minCapacity) {
        var config = config();
        config.setMaxTotalPerKey(minCapacity);
        return make(new CountingFactory(), config);
    }

    @Override
    protected <E extends Exception> KeyedObjectPool<Object, Object> makeEmptyPool(
            KeyedPooledObjectFactory<Object, Object> factory) {
        return make(factory, config());
    }

    private GenericKeyedObjectPoolConfig<Object> config() {
        var config = new GenericKeyedObjectPoolConfig<>();
        config.setTestOnBorrow(true);
        config.setLifo(!isFifo());
        return config;
    }

    private KeyedObjectPool<Object, Object> make(
            KeyedPooledObjectFactory<Object, Object> factory, GenericKeyedObjectPoolConfig<Object> config) {
        var pool = CommonsPools.keyedObjectPool(factory, config);
        made.add(pool);
        return pool;
    }

    @Override
    protected Object makeKey(int n) {
        return String.valueOf(n);
    }
}
