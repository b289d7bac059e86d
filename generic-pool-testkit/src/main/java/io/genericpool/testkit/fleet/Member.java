package io.genericpool.testkit.fleet;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.shared.FleetEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/** One process of a fleet: a pool with an engine of its own, and threads that use it. */
final class Member implements AutoCloseable {
    static final String ENDPOINT = "server";
    static final Duration LEASE = Duration.ofSeconds(3);
    static final Duration HEARTBEAT = Duration.ofSeconds(1);
    static final int MAX_SIZE = 20;

    final ConnectionPool<String, Socket> pool;
    private final FleetEngine engine;
    private final Link link;
    private final MemberClock clock;
    private final Duration patience;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "member");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicInteger uses = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean dead;
    private volatile boolean over;
    private volatile boolean closed;

    /**
     * How a member differs from the others.
     *
     * @param lossy whether it hears no hints, and its calls arrive repeatedly and late
     * @param error by how much its clock is wrong
     * @param patience how long its threads wait for a connection
     */
    record Kind(int cap, boolean lossy, boolean keep, Duration error, Duration grace, int minIdle, Duration patience) {
        static Kind plain(int cap) {
            return new Kind(cap, false, true, Duration.ZERO, Duration.ZERO, 0, Duration.ofSeconds(2));
        }

        Kind withLosses() {
            return new Kind(cap, true, keep, error, grace, minIdle, patience);
        }

        Kind withoutKeeping() {
            return new Kind(cap, lossy, false, error, grace, minIdle, patience);
        }

        Kind withClockOff(Duration by) {
            return new Kind(cap, lossy, keep, by, grace, minIdle, patience);
        }

        Kind withGrace(Duration time) {
            return new Kind(cap, lossy, keep, error, time, minIdle, patience);
        }

        Kind withMinIdle(int connections) {
            return new Kind(cap, lossy, keep, error, grace, connections, patience);
        }

        Kind withPatience(Duration time) {
            return new Kind(cap, lossy, keep, error, grace, minIdle, time);
        }
    }

    Member(
            FleetEngine engine,
            String fleet,
            CountingServer server,
            Kind kind,
            BiFunction<ConnectionManager<String, Socket>, MemberKnobs, ConnectionPool<String, Socket>> pools) {
        this.engine = engine;
        this.link = new Link(engine, kind.lossy());
        this.clock = new MemberClock(kind.error());
        this.patience = kind.patience();
        this.pool = pools.apply(
                mortal(server.manager()),
                new MemberKnobs(
                        link,
                        fleet,
                        kind.cap(),
                        LEASE,
                        kind.grace(),
                        HEARTBEAT,
                        kind.keep(),
                        clock,
                        kind.minIdle(),
                        MAX_SIZE));
    }

    private ConnectionManager<String, Socket> mortal(ConnectionManager<String, Socket> manager) {
        return new ConnectionManager<>() {
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
        };
    }

    Lease<String, Socket> take(Duration timeout) {
        return pool.connection(ENDPOINT, timeout);
    }

    /** So many threads use connections, for a few milliseconds each, until the end. */
    void work(int workers) {
        for (int i = 0; i < workers; i++) {
            threads.execute(this::workOn);
        }
    }

    private void workOn() {
        while (!over && !dead) {
            clock.awaitResumed();
            try (Lease<String, Socket> lease = take(patience)) {
                lease.connection().getOutputStream().write(1);
                TimeUnit.MILLISECONDS.sleep(2); // a use, of any length
                uses.incrementAndGet();
            } catch (PoolException | IOException e) {
                if (!closed && !dead) {
                    failures.incrementAndGet();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    int uses() {
        return uses.get();
    }

    /** How many uses found no connection in time, or a broken one. */
    int failures() {
        return failures.get();
    }

    int share() {
        return pool.stats(ENDPOINT).map(stats -> stats.share().orElse(0)).orElse(0);
    }

    boolean isReachable() {
        return pool.stats().sharedLimitsReachable();
    }

    /** As a signal would: its connections end at once, and its session just stops. */
    void kill() {
        dead = true;
        link.die();
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** As a signal would: its connections stay open, and it does and hears nothing. */
    void pause() {
        clock.pause();
        link.pause();
    }

    void resume() {
        link.resume();
        clock.resume();
    }

    /** As an orderly shutdown does: no more requests, the end of those under way, and then the pool. */
    void drain() throws InterruptedException {
        over = true;
        threads.shutdown();
        if (!threads.awaitTermination(2 * patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("a use does not end");
        }
        pool.close(patience);
        close();
    }

    @Override
    public void close() {
        closed = true;
        over = true;
        resume();
        threads.shutdownNow();
        pool.close(Duration.ofSeconds(2));
        engine.close();
    }
}
