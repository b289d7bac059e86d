package io.genericpool.benchmarks.subject;

import java.time.Duration;
import org.apache.commons.pool2.BaseKeyedPooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericKeyedObjectPool;
import org.apache.commons.pool2.impl.GenericKeyedObjectPoolConfig;

/**
 * Commons Pool 2, keyed, with the same limits; no validation, no evictor, no JMX, which only make it slower. Its default is
 * not fair; where waiting is measured, the fair one is run too.
 */
public final class CommonsSubject extends Subject<BenchConnection> {
    private final GenericKeyedObjectPool<String, BenchConnection> pool;

    public CommonsSubject(int maxSize, int total, boolean isFair, Opener opener) {
        var config = new GenericKeyedObjectPoolConfig<BenchConnection>();
        config.setMaxTotalPerKey(maxSize);
        config.setMaxIdlePerKey(maxSize);
        config.setMaxTotal(total);
        config.setFairness(isFair);
        config.setMaxWait(Duration.ofSeconds(30));
        config.setJmxEnabled(false);
        pool = new GenericKeyedObjectPool<>(new Factory(opener), config);
    }

    /** Makes the connections, for {@link CommonsViewSubject} too. */
    public static final class Factory extends BaseKeyedPooledObjectFactory<String, BenchConnection> {
        private final Opener opener;

        Factory(Opener opener) {
            this.opener = opener;
        }

        @Override
        public BenchConnection create(String endpoint) {
            return opener.open(endpoint);
        }

        @Override
        public PooledObject<BenchConnection> wrap(BenchConnection connection) {
            return new DefaultPooledObject<>(connection);
        }

        @Override
        public void destroyObject(String endpoint, PooledObject<BenchConnection> pooled) {
            opener.close(pooled.getObject());
        }
    }

    @Override
    public BenchConnection acquire(String endpoint) throws Exception {
        return pool.borrowObject(endpoint);
    }

    @Override
    public BenchConnection connection(BenchConnection lease) {
        return lease;
    }

    @Override
    public void release(String endpoint, BenchConnection lease) {
        pool.returnObject(endpoint, lease);
    }

    @Override
    public int idle() {
        return pool.getNumIdle();
    }

    @Override
    public void close() {
        pool.close();
    }
}
