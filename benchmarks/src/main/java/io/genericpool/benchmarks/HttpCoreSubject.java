package io.genericpool.benchmarks;

import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.DisposalCallback;
import org.apache.hc.core5.pool.LaxConnPool;
import org.apache.hc.core5.pool.ManagedConnPool;
import org.apache.hc.core5.pool.PoolEntry;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.pool.RouteSegmentedConnPool;
import org.apache.hc.core5.pool.StrictConnPool;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** The three connection pools of HttpCore 5. The lax one has no total limit. */
final class HttpCoreSubject extends Subject<PoolEntry<String, BenchConnection>> {
    private static final Timeout TIMEOUT = Timeout.ofSeconds(30);
    private static final TimeValue LIFETIME = TimeValue.ofHours(1);

    private final ManagedConnPool<String, BenchConnection> pool;
    private final Opener opener;

    private HttpCoreSubject(ManagedConnPool<String, BenchConnection> pool, Opener opener) {
        this.pool = pool;
        this.opener = opener;
    }

    static HttpCoreSubject strict(int maxSize, int total, Opener opener) {
        return new HttpCoreSubject(
                new StrictConnPool<>(maxSize, total, LIFETIME, PoolReusePolicy.LIFO, closing(), null), opener);
    }

    static HttpCoreSubject lax(int maxSize, Opener opener) {
        return new HttpCoreSubject(new LaxConnPool<>(maxSize, LIFETIME, PoolReusePolicy.LIFO, closing(), null), opener);
    }

    static HttpCoreSubject segmented(int maxSize, int total, Opener opener) {
        return new HttpCoreSubject(
                new RouteSegmentedConnPool<>(maxSize, total, LIFETIME, PoolReusePolicy.LIFO, closing()), opener);
    }

    /** No connection is closed before the run is over, so that the opener's count stays right without being told. */
    private static DisposalCallback<BenchConnection> closing() {
        return (connection, mode) -> connection.close();
    }

    @Override
    PoolEntry<String, BenchConnection> acquire(String endpoint) throws Exception {
        PoolEntry<String, BenchConnection> entry =
                pool.lease(endpoint, null, TIMEOUT, null).get(30, TimeUnit.SECONDS);
        if (!entry.hasConnection()) {
            entry.assignConnection(opener.open(endpoint));
        }
        return entry;
    }

    @Override
    BenchConnection connection(PoolEntry<String, BenchConnection> lease) {
        return lease.getConnection();
    }

    @Override
    void release(String endpoint, PoolEntry<String, BenchConnection> lease) {
        pool.release(lease, true);
    }

    @Override
    public void close() {
        pool.close(CloseMode.IMMEDIATE);
    }
}
