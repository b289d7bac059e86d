package io.genericpool.commons;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.pool2.AbstractTestObjectPool;
import org.apache.commons.pool2.ObjectPool;
import org.apache.commons.pool2.PooledObjectFactory;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Commons Pool 2's own contract test for pools without keys. */
@Timeout(60)
class ObjectPoolContractTest extends AbstractTestObjectPool {
    private final List<ObjectPool<?>> made = new ArrayList<>();

    @AfterEach
    void closeAll() {
        made.forEach(ObjectPool::close);
    }

    @Override
    protected <E extends Exception> ObjectPool<Object> makeEmptyPool(PooledObjectFactory<Object> factory) {
        var config = new GenericObjectPoolConfig<>();
        config.setTestOnBorrow(true);
        var pool = CommonsPools.objectPool(factory, config);
        made.add(pool);
        return pool;
    }
}
