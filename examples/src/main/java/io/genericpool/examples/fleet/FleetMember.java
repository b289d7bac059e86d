package io.genericpool.examples.fleet;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.core.ConnectionPools;
import io.genericpool.fleet.FleetLimits;
import io.genericpool.fleet.redis.RedisEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One process of the fleet: some threads use connections until its standard input ends. */
public final class FleetMember {
    private static final int WORKERS = 8;

    private FleetMember() {}

    /**
     * Runs it.
     *
     * @param args the number of the process, the URI of Redis, the port of the server, and the cap
     * @throws IOException when the input cannot be read
     */
    public static void main(String[] args) throws IOException {
        int number = Integer.parseInt(args[0]);
        URI redis = URI.create(args[1]);
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[2]));
        int cap = Integer.parseInt(args[3]);
        try (RedisEngine engine = RedisEngine.builder(redis)
                        .timeout(Duration.ofMillis(900))
                        .build();
                ConnectionPool<InetSocketAddress, Socket> pool = newPool(number, engine, cap)) {
            for (int i = 0; i < WORKERS; i++) {
                var worker = new Thread(() -> work(pool, server), "worker-" + i);
                worker.setDaemon(true);
                worker.start();
            }
            while (System.in.read() >= 0) {
                // The parent closes it, or has died.
            }
        }
    }

    private static ConnectionPool<InetSocketAddress, Socket> newPool(int number, RedisEngine engine, int cap) {
        FleetLimits<InetSocketAddress> limits = FleetLimits.<InetSocketAddress>builder(engine)
                .name("example")
                .cap(server -> cap)
                .lease(Duration.ofSeconds(3)) // the defaults of 15 s and 5 s suit a real fleet
                .heartbeat(Duration.ofSeconds(1))
                .build();
        return ConnectionPools.builder(new CountedManager(number))
                .maxSize(cap)
                .sharedLimits(limits)
                .build();
    }

    private static void work(ConnectionPool<InetSocketAddress, Socket> pool, InetSocketAddress server) {
        while (!pool.isClosed()) {
            try (Lease<InetSocketAddress, Socket> lease = pool.connection(server, Duration.ofSeconds(5))) {
                lease.connection().getOutputStream().write(1);
                TimeUnit.MILLISECONDS.sleep(5); // a request
            } catch (PoolException | IOException e) {
                // None was free in time, or the pool is being closed.
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
