package io.genericpool.benchmarks.subject;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.concurrent.FutureCallback;
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
public final class HttpCoreSubject extends Subject<PoolEntry<String, BenchConnection>> {
    private static final Timeout TIMEOUT = Timeout.ofSeconds(30);
    private static final TimeValue LIFETIME = TimeValue.ofHours(1);

    private final ManagedConnPool<String, BenchConnection> pool;
    private final Opener opener;

    private HttpCoreSubject(ManagedConnPool<String, BenchConnection> pool, Opener opener) {
        this.pool = pool;
        this.opener = opener;
    }

    public static HttpCoreSubject strict(int maxSize, int total, Opener opener) {
        return new HttpCoreSubject(
                new StrictConnPool<>(maxSize, total, LIFETIME, PoolReusePolicy.LIFO, closing(opener), null), opener);
    }

    public static HttpCoreSubject lax(int maxSize, Opener opener) {
        return new HttpCoreSubject(
                new LaxConnPool<>(maxSize, LIFETIME, PoolReusePolicy.LIFO, closing(opener), null), opener);
    }

    public static HttpCoreSubject segmented(int maxSize, int total, Opener opener) {
        return new HttpCoreSubject(
                new RouteSegmentedConnPool<>(maxSize, total, LIFETIME, PoolReusePolicy.LIFO, closing(opener)), opener);
    }

    private static DisposalCallback<BenchConnection> closing(Opener opener) {
        return (connection, mode) -> opener.close(connection);
    }

    @Override
    public PoolEntry<String, BenchConnection> acquire(String endpoint) throws Exception {
        PoolEntry<String, BenchConnection> entry =
                pool.lease(endpoint, null, TIMEOUT, null).get(30, TimeUnit.SECONDS);
        if (!entry.hasConnection()) {
            entry.assignConnection(opener.open(endpoint));
        }
        return entry;
    }

    /** The callback runs on the thread that releases. */
    @Override
    public CompletionStage<PoolEntry<String, BenchConnection>> acquireAsync(String endpoint) {
        var leased = new CompletableFuture<PoolEntry<String, BenchConnection>>();
        pool.lease(endpoint, null, TIMEOUT, new FutureCallback<>() {
            @Override
            public void completed(PoolEntry<String, BenchConnection> entry) {
                if (!entry.hasConnection()) {
                    entry.assignConnection(opener.open(endpoint));
                }
                leased.complete(entry);
            }

            @Override
            public void failed(Exception failure) {
                leased.completeExceptionally(failure);
            }

            @Override
            public void cancelled() {
                leased.cancel(false);
            }
        });
        return leased;
    }

    @Override
    public BenchConnection connection(PoolEntry<String, BenchConnection> lease) {
        return lease.getConnection();
    }

    @Override
    public void release(String endpoint, PoolEntry<String, BenchConnection> lease) {
        pool.release(lease, true);
    }

    @Override
    public Future<PoolEntry<String, BenchConnection>> request(String endpoint) {
        return pool.lease(endpoint, null, TIMEOUT, null);
    }

    @Override
    public int idle() {
        return pool.getTotalStats().getAvailable();
    }

    @Override
    public void close() {
        pool.close(CloseMode.IMMEDIATE);
    }
}
