package io.genericpool.benchmarks;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.ConnectionManager;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Five endpoints hold all connections that there may be, and are busy. Then one more tenant asks for 400 endpoints per
 * second that do not answer. Prints acquires per second of the five before and during that flood, without and with the
 * knob {@code tenant}. Takes about 10 s.
 */
public final class TenantFloodRun {
    private static final int ENDPOINTS = 5;
    private static final int CONNECTIONS = 10;
    private static final long CONNECT_MILLIS = 20;
    private static final long DEAD_MILLIS = 200;
    private static final long FLOOD_PER_SECOND = 400;

    private final long phaseNanos;

    TenantFloodRun(long phaseNanos) {
        this.phaseNanos = phaseNanos;
    }

    private static final class Manager implements ConnectionManager<String, Object> {
        @Override
        public Object create(String endpoint, Duration timeout) throws Exception {
            if (endpoint.startsWith("dead")) {
                Thread.sleep(DEAD_MILLIS);
                throw new IOException("no answer");
            }
            Thread.sleep(CONNECT_MILLIS);
            return new Object();
        }

        @Override
        public void dispose(String endpoint, Object connection, Duration timeout) {}
    }

    /**
     * Measures and prints.
     *
     * @param args none
     * @throws Exception when a pool fails
     */
    public static void main(String[] args) throws Exception {
        new TenantFloodRun(TimeUnit.SECONDS.toNanos(2)).run(System.out);
    }

    void run(PrintStream out) throws Exception {
        for (boolean tenants : new boolean[] {false, true}) {
            var builder = ConnectionPools.builder(new Manager())
                    .connectGovernor(ConnectGovernor.unlimited())
                    .minIdle(CONNECTIONS)
                    .maxSize(CONNECTIONS)
                    .totalMaxSize(ENDPOINTS * CONNECTIONS);
            if (tenants) {
                builder.tenant(endpoint -> endpoint.startsWith("dead") ? "dead" : endpoint);
            }
            try (var pool = builder.build()) {
                flood(pool, tenants, out);
            }
        }
    }

    private void flood(ConnectionPool<String, Object> pool, boolean tenants, PrintStream out) throws Exception {
        for (int e = 0; e < ENDPOINTS; e++) {
            pool.warmUp("e" + e, CONNECTIONS).join();
        }
        var acquires = new LongAdder();
        List<Thread> busy = new ArrayList<>();
        for (int i = 0; i < ENDPOINTS * 2; i++) {
            String endpoint = "e" + i % ENDPOINTS;
            var thread = new Thread(() -> work(pool, endpoint, acquires), "busy-" + i);
            thread.setDaemon(true);
            thread.start();
            busy.add(thread);
        }
        double before = rate(acquires);
        var flood = new Thread(() -> ask(pool), "flood");
        flood.setDaemon(true);
        flood.start();
        Thread.sleep(TimeUnit.NANOSECONDS.toMillis(phaseNanos) / 4);
        double during = rate(acquires);
        flood.interrupt();
        flood.join();
        busy.forEach(Thread::interrupt);
        for (Thread thread : busy) {
            thread.join();
        }
        out.printf(
                "%s: %,.0f acquires per second before, %,.0f during the flood (%.0f %%)%n",
                tenants ? "with tenants" : "without", before, during, 100 * during / before);
    }

    private double rate(LongAdder acquires) throws InterruptedException {
        long start = System.nanoTime();
        long from = acquires.sum();
        Thread.sleep(TimeUnit.NANOSECONDS.toMillis(phaseNanos));
        return (acquires.sum() - from) * 1e9 / (System.nanoTime() - start);
    }

    private static void work(ConnectionPool<String, Object> pool, String endpoint, LongAdder acquires) {
        while (!Thread.currentThread().isInterrupted()) {
            try (Lease<String, Object> lease = pool.connection(endpoint)) {
                Thread.sleep(1);
                acquires.increment();
            } catch (InterruptedException | PoolException e) {
                if (e instanceof InterruptedException) {
                    return;
                }
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // they fail
    private static void ask(ConnectionPool<String, Object> pool) {
        long next = System.nanoTime();
        for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
            pool.connectionAsync("dead" + i, Duration.ofSeconds(2));
            next += TimeUnit.SECONDS.toNanos(1) / FLOOD_PER_SECOND;
            LockSupport.parkNanos(Math.max(0, next - System.nanoTime()));
        }
    }
}
