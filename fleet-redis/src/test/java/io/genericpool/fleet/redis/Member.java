package io.genericpool.fleet.redis;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.core.ConnectionPools;
import io.genericpool.fleet.FleetLimits;
import io.genericpool.fleet.WhenUnreachable;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.PoolClock;
import io.genericpool.spi.shared.FleetEngine;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One process of a fleet: a pool with an engine of its own. */
final class Member implements AutoCloseable {
    static final String ENDPOINT = "server";
    static final Duration LEASE = Duration.ofSeconds(3);
    static final Duration HEARTBEAT = Duration.ofSeconds(1);

    final Link link;
    final ConnectionPool<String, Socket> pool;
    private final FleetEngine engine;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "member");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicInteger uses = new AtomicInteger();
    private volatile boolean dead;
    private volatile boolean over;

    /** How a member is different from the others. */
    record Kind(boolean isLossy, WhenUnreachable whenUnreachable, PoolClock clock) {
        static final Kind PLAIN = new Kind(false, WhenUnreachable.KEEP, PoolClock.system());
    }

    Member(FleetEngine engine, CountingServer server, int cap, Kind kind) {
        this.engine = engine;
        this.link = new Link(engine, kind.isLossy());
        ConnectionManager<String, Socket> manager = server.manager();
        FleetLimits<String> limits = FleetLimits.<String>builder(link)
                .name("fleet")
                .cap(endpoint -> cap)
                .lease(LEASE)
                .heartbeat(HEARTBEAT)
                .whenUnreachable(kind.whenUnreachable())
                .build();
        this.pool = ConnectionPools.builder(new ConnectionManager<String, Socket>() {
                    @Override
                    public Socket create(String endpoint, Duration timeout) throws Exception {
                        if (dead) {
                            throw new IOException("a process that was killed connects nowhere");
                        }
                        Socket socket = manager.create(endpoint, timeout);
                        sockets.add(socket);
                        return socket;
                    }

                    @Override
                    public void dispose(String endpoint, Socket socket, Duration timeout) throws Exception {
                        manager.dispose(endpoint, socket, timeout);
                        sockets.remove(socket);
                    }
                })
                .clock(kind.clock())
                .maxSize(20)
                .sharedLimits(limits)
                .build();
    }

    Lease<String, Socket> take(Duration timeout) {
        return pool.connection(ENDPOINT, timeout);
    }

    /** So many threads use connections, for a few milliseconds each, until the end. */
    void work(int workers) {
        for (int i = 0; i < workers; i++) {
            threads.execute(() -> {
                while (!over && !dead) {
                    try (Lease<String, Socket> lease = take(Duration.ofSeconds(2))) {
                        lease.connection().getOutputStream().write(1);
                        TimeUnit.MILLISECONDS.sleep(2); // a use, of any length
                        uses.incrementAndGet();
                    } catch (PoolException | IOException e) {
                        // There was none in time, or the pool is closed.
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            });
        }
    }

    int uses() {
        return uses.get();
    }

    int share() {
        return pool.stats(ENDPOINT).map(stats -> stats.share().orElse(0)).orElse(0);
    }

    /** As a signal would: its connections end at once, and its session just stops. */
    void kill() throws IOException {
        dead = true;
        link.die();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Override
    public void close() {
        over = true;
        threads.shutdownNow();
        pool.close(Duration.ofSeconds(2));
        engine.close();
    }
}
