package io.genericpool.commons;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.pool2.BaseKeyedPooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;

/** Makes {@code key0}, {@code key1}, and so on, for each key. */
final class CountingFactory extends BaseKeyedPooledObjectFactory<Object, Object> {
    private final ConcurrentHashMap<Object, AtomicInteger> made = new ConcurrentHashMap<>();

    @Override
    public Object create(Object key) {
        return key.toString()
                + made.computeIfAbsent(key, k -> new AtomicInteger()).getAndIncrement();
    }

    @Override
    public PooledObject<Object> wrap(Object value) {
        return new DefaultPooledObject<>(value);
    }
}
