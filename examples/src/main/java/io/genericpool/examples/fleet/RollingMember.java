package io.genericpool.examples.fleet;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointStats;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One process of {@link RollingUpdate}. Some threads use connections until the standard input ends. Then the process shuts
 * down in order: no more requests, the end of those under way, and then the pool. It prints a line of numbers when they
 * change: share, leased, uses, requests that failed, and milliseconds until the first use.
 */
public final class RollingMember {
    static final int MIN_IDLE = 2;
    private static final int WORKERS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long REPORT_MILLIS = 100;

    private final long start = System.nanoTime();
    private final AtomicLong uses = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong firstMillis = new AtomicLong();
    private final InetSocketAddress server;
    private final ConnectionPool<InetSocketAddress, Socket> pool;
    private volatile boolean over;

    private RollingMember(int number, RedisEngine engine, int port, int cap, Duration lease) {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        FleetLimits<InetSocketAddress> limits = FleetLimits.<InetSocketAddress>builder(engine)
                .name("rolling")
                .cap(endpoint -> cap)
                .lease(lease)
                .heartbeat(lease.dividedBy(3))
                .build();
        pool = ConnectionPools.builder(new CountedManager(number))
                .minIdle(MIN_IDLE)
                .maxSize(cap)
                .sharedLimits(limits)
                .build();
    }

    /**
     * Runs it.
     *
     * @param args the number of the process, the URI of Redis, the port of the server, the cap, and the lease in seconds
     * @throws IOException when the input cannot be read
     * @throws InterruptedException never
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (RedisEngine engine = RedisEngine.builder(URI.create(args[1]))
                .timeout(Duration.ofMillis(900))
                .build()) {
            new RollingMember(
                            Integer.parseInt(args[0]),
                            engine,
                            Integer.parseInt(args[2]),
                            Integer.parseInt(args[3]),
                            Duration.ofSeconds(Integer.parseInt(args[4])))
                    .run();
        }
    }

    private void run() throws IOException, InterruptedException {
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            workers.add(start("worker-" + i, this::work));
        }
        start("report", this::reportOften);
        while (System.in.read() >= 0) {
            // The parent closes it, or has died.
        }
        over = true;
        for (Thread worker : workers) {
            worker.join();
        }
        pool.close(PATIENCE);
        report();
    }

    private static Thread start(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void work() {
        while (!over) {
            try (Lease<InetSocketAddress, Socket> lease = pool.connection(server, PATIENCE)) {
                lease.connection().getOutputStream().write(1);
                TimeUnit.MILLISECONDS.sleep(5); // a request
                if (uses.getAndIncrement() == 0) {
                    firstMillis.set(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
                    report();
                }
            } catch (PoolException | IOException e) {
                failures.incrementAndGet();
                e.printStackTrace();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void reportOften() {
        try {
            while (!pool.isClosed()) {
                report();
                TimeUnit.MILLISECONDS.sleep(REPORT_MILLIS);
            }
        } catch (InterruptedException e) {
            // Not by this class.
        }
    }

    private synchronized void report() {
        EndpointStats stats = pool.stats(server).orElse(null);
        System.out.printf(
                "%d %d %d %d %d%n",
                stats == null ? 0 : stats.share().orElse(0),
                stats == null ? 0 : stats.leased(),
                uses.get(),
                failures.get(),
                firstMillis.get());
        System.out.flush();
    }
}
