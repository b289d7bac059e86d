package io.genericpool.examples.asked;

import io.genericpool.CloseReport;
import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.SuspendMode;
import io.genericpool.core.ConnectionPools;
import io.genericpool.jdbc.Credentials;
import io.genericpool.jdbc.JdbcEndpoint;
import io.genericpool.jdbc.JdbcPool;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.tcp.SocketConnection;
import io.genericpool.tcp.TcpConnectionManager;
import io.genericpool.tcp.TcpEndpoint;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Short answers, each a method. */
final class Asked {
    private Asked() {}

    static JdbcPool rotating(String url, Supplier<String> vault) {
        return JdbcPool.builder()
                .endpoint("orders", JdbcEndpoint.url(url).credentials(() -> Credentials.of("shop", vault.get())))
                .build();
    }

    static void rotated(JdbcPool pool) {
        pool.evict("orders"); // those opened with the old password go, each at the end of its lease
    }

    static JdbcPool following(String url) {
        return JdbcPool.builder()
                .endpoint("orders", JdbcEndpoint.url(url))
                .addressWatch(Duration.ofSeconds(30))
                .build();
    }

    static ConnectionPool<TcpEndpoint, SocketConnection> followingSockets() {
        return ConnectionPools.builder(TcpConnectionManager.builder().build())
                .addressWatch(Duration.ofSeconds(30))
                .build();
    }

    static <E, C> Optional<Lease<E, C>> failFast(ConnectionPool<E, C> pool, E endpoint) {
        return pool.tryConnection(endpoint); // an idle connection or nothing, at once
    }

    static <E, C> ConnectionPool<E, C> bounded(ConnectionManager<E, C> manager) {
        return ConnectionPools.builder(manager)
                .maxSize(10)
                .maxWaiters(50) // the 51st request fails at once with PoolExhaustedException
                .build();
    }

    static <E, C> int warm(ConnectionPool<E, C> pool, E endpoint) {
        return pool.warmUp(endpoint, 5).orTimeout(10, TimeUnit.SECONDS).join(); // how many it opened
    }

    static <E, C> CloseReport drain(ConnectionPool<E, C> pool) {
        pool.quiesce(SuspendMode.FAIL, Duration.ofSeconds(20)); // new requests fail, leases may end
        return pool.close(Duration.ofSeconds(5)); // what is still held is revoked, and counted in the report
    }

    static <E, C> Lease<E, C> inTime(ConnectionPool<E, C> pool, E endpoint) {
        return pool.connection(endpoint, Duration.ofMillis(200)); // waiting, connecting and checking included
    }
}
