package io.genericpool.commons;

import org.apache.commons.pool2.DestroyMode;
import org.apache.commons.pool2.KeyedPooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.PooledObjectFactory;

/** A keyed factory, bound to one endpoint. */
final class EndpointFactory<K, V> implements PooledObjectFactory<V> {
    private final KeyedPooledObjectFactory<K, V> factory;
    private final K endpoint;

    EndpointFactory(KeyedPooledObjectFactory<K, V> factory, K endpoint) {
        this.factory = factory;
        this.endpoint = endpoint;
    }

    @Override
    public PooledObject<V> makeObject() throws Exception {
        return factory.makeObject(endpoint);
    }

    @Override
    public void activateObject(PooledObject<V> pooled) throws Exception {
        factory.activateObject(endpoint, pooled);
    }

    @Override
    public boolean validateObject(PooledObject<V> pooled) {
        return factory.validateObject(endpoint, pooled);
    }

    @Override
    public void passivateObject(PooledObject<V> pooled) throws Exception {
        factory.passivateObject(endpoint, pooled);
    }

    @Override
    public void destroyObject(PooledObject<V> pooled) throws Exception {
        factory.destroyObject(endpoint, pooled);
    }

    @Override
    public void destroyObject(PooledObject<V> pooled, DestroyMode mode) throws Exception {
        factory.destroyObject(endpoint, pooled, mode);
    }
}
