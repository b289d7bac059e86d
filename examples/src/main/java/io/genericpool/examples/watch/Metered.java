package io.genericpool.examples.watch;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPools;
import io.genericpool.micrometer.ConnectionPoolMetrics;
import io.genericpool.micrometer.PoolTimers;
import io.genericpool.micrometer.WebSocketPoolMetrics;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.websocket.WebSocketPool;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Pools whose statistics a Micrometer registry has. */
final class Metered {
    private Metered() {}

    static ConnectionPool<InetSocketAddress, Socket> newPool(
            ConnectionManager<InetSocketAddress, Socket> manager, MeterRegistry registry) {
        PoolTimers timers = PoolTimers.connects();
        var pool =
                ConnectionPools.builder(manager).name("orders").listener(timers).build();
        ConnectionPoolMetrics.builder(pool)
                .endpoints() // opt-in: meters per endpoint
                .timers(timers) // opt-in: timers
                .build()
                .bindTo(registry);
        return pool;
    }

    static void bind(WebSocketPool pool, MeterRegistry registry) {
        ConnectionPoolMetrics.of(pool.pool()).bindTo(registry);
        WebSocketPoolMetrics.of(pool).bindTo(registry);
    }
}
