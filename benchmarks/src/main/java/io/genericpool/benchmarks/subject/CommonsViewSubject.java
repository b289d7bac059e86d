package io.genericpool.benchmarks.subject;

import io.genericpool.commons.CommonsPools;
import java.time.Duration;
import org.apache.commons.pool2.KeyedObjectPool;
import org.apache.commons.pool2.impl.GenericKeyedObjectPoolConfig;

/** This project's pool behind the interface of Commons Pool 2, with the factory and the limits of {@link CommonsSubject}. */
public final class CommonsViewSubject extends Subject<BenchConnection> {
    private final KeyedObjectPool<String, BenchConnection> pool;

    public CommonsViewSubject(int maxSize, int total, Opener opener) {
        var config = new GenericKeyedObjectPoolConfig<BenchConnection>();
        config.setMaxTotalPerKey(maxSize);
        config.setMaxIdlePerKey(maxSize);
        config.setMaxTotal(total);
        config.setMaxWait(Duration.ofSeconds(30));
        pool = CommonsPools.keyedObjectPool(new CommonsSubject.Factory(opener), config);
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
    public void release(String endpoint, BenchConnection lease) throws Exception {
        pool.returnObject(endpoint, lease);
    }

    @Override
    public void close() {
        pool.close();
    }
}
