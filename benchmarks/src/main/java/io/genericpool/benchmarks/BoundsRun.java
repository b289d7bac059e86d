package io.genericpool.benchmarks;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.report.Targets;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * How long {@code evictAll}, {@code close} and timeouts take in a pool with very many connections, and how many threads
 * that takes. Each disposal sleeps for a millisecond. Takes about 40 s.
 */
public final class BoundsRun {
    private static final double EVICT_MS = 50;
    private static final double CLOSE_MS = 150;
    private static final double LATE_MS = 50;
    private static final List<String> CASES = List.of("evict", "close", "leased", "dead");
    private static final Duration CLOSE = Duration.ofMillis(100);
    private static final Duration DEADLINE = Duration.ofMillis(500);

    private final int connections;
    private final int leased;
    private final int threads;
    private final Table table =
            new Table(1, "what", "took, ms", "its CPU, ms", "all gone after, ms", "most threads", "left open");
    private final Targets targets = new Targets();
    private final ThreadMXBean jvm = ManagementFactory.getThreadMXBean();

    BoundsRun(int connections, int leased, int threads) {
        this.connections = connections;
        this.leased = leased;
        this.threads = threads;
    }

    /** A server that counts what is open. */
    private static final class Manager implements ConnectionManager<String, Object> {
        final AtomicInteger open = new AtomicInteger();
        final boolean instant;
        volatile boolean dead;

        Manager(boolean instant) {
            this.instant = instant;
        }

        @Override
        public Object create(String endpoint, Duration timeout) throws Exception {
            if (dead) {
                Thread.sleep(timeout.toMillis());
            }
            open.incrementAndGet();
            return new Object();
        }

        @Override
        public void dispose(String endpoint, Object connection, Duration timeout) throws Exception {
            try {
                Thread.sleep(1);
            } finally {
                open.decrementAndGet(); // interrupted by a close: closed all the same
            }
        }

        @Override
        public boolean checkAliveness(String endpoint, Object connection, Duration timeout) {
            return !dead;
        }

        @Override
        public boolean isAlivenessCheckInstant() {
            return instant;
        }
    }

    /**
     * Measures and prints.
     *
     * @param args which cases, out of {@code evict}, {@code close}, {@code leased} and {@code dead}; all when none is given
     * @throws Exception when a pool fails
     */
    public static void main(String[] args) throws Exception {
        List<String> cases = args.length == 0 ? CASES : List.of(args);
        if (!CASES.containsAll(cases)) {
            throw new IllegalArgumentException("cases must be among " + CASES + ", but are " + cases);
        }
        new BoundsRun(20_000, 1_000, 50)
                .run(new PrintStream(OutputStream.nullOutputStream()), cases); // warms the JVM up
        new BoundsRun(100_000, 10_000, 500).run(System.out, cases);
    }

    void run(PrintStream out) throws Exception {
        run(out, CASES);
    }

    private void run(PrintStream out, List<String> cases) throws Exception {
        if (cases.contains("evict")) {
            evictAll(1);
            evictAll(1_000);
        }
        if (cases.contains("close")) {
            closeIdle("close(100 ms), idle at one endpoint", 1, connections);
            closeIdle("close(100 ms), two idle at each of many endpoints", connections / 20, connections / 10);
            closeLeased();
        }
        if (cases.contains("leased")) {
            timeOut();
        }
        if (cases.contains("dead")) {
            dead(false);
            dead(true);
        }
        table.print(out);
        targets.print(out);
    }

    private ConnectionPool<String, Object> pool(
            Manager manager, int each, UnaryOperator<ConnectionPoolBuilder<String, Object>> more) {
        var builder = ConnectionPools.builder(manager)
                .maxSize(each)
                .totalMaxSize(connections)
                .alivenessBypass(Duration.ofHours(1))
                .idleTimeout(Duration.ofHours(1))
                .maxConnectsPerEndpoint(8);
        return more.apply(builder).build();
    }

    private static void fill(ConnectionPool<String, Object> pool, int endpoints, int total) {
        for (int i = 0; i < endpoints; i++) {
            int opened = pool.warmUp("e" + i, total / endpoints).join();
            if (opened != total / endpoints) {
                throw new IllegalStateException(opened + " connections were opened");
            }
        }
    }

    private void evictAll(int endpoints) throws Exception {
        var manager = new Manager(false);
        try (var pool = pool(manager, connections / endpoints, builder -> builder)) {
            fill(pool, endpoints, connections);
            String what = "evictAll, " + Table.count(endpoints) + " endpoints";
            double took = timed(what, manager, pool::evictAll);
            targets.atMost(what, EVICT_MS, took, " ms");
        }
    }

    private void closeIdle(String what, int endpoints, int total) throws Exception {
        var manager = new Manager(false);
        var pool = pool(manager, total / endpoints, builder -> builder.minIdle(total / endpoints));
        fill(pool, endpoints, total);
        targets.atMost(what, CLOSE_MS, timed(what, manager, () -> pool.close(CLOSE)), " ms");
    }

    private void closeLeased() throws Exception {
        var manager = new Manager(false);
        var pool = pool(manager, leased, builder -> builder);
        fill(pool, 1, leased);
        leaseAll(pool);
        String what = "close(100 ms), all leased";
        targets.atMost(what, CLOSE_MS, timed(what, manager, () -> pool.close(CLOSE)), " ms");
    }

    private List<Lease<String, Object>> leaseAll(ConnectionPool<String, Object> pool) {
        List<Lease<String, Object>> leases = new ArrayList<>();
        for (int i = 0; i < leased; i++) {
            leases.add(pool.connection("e0"));
        }
        return leases;
    }

    private void timeOut() throws Exception {
        var manager = new Manager(false);
        try (var pool = pool(manager, leased, builder -> builder)) {
            fill(pool, 1, leased);
            List<Lease<String, Object>> leases = leaseAll(pool);
            late("timeouts, all leased", pool);
            leases.forEach(Lease::release);
            pool.close(CLOSE);
        }
    }

    private void dead(boolean instant) throws Exception {
        var manager = new Manager(instant);
        try (var pool = pool(manager, leased, builder -> builder.alivenessBypass(Duration.ZERO))) {
            fill(pool, 1, leased);
            manager.dead = true;
            String name = instant ? ", instant checks" : "";
            long start = System.nanoTime();
            var none = pool.tryConnection("e0");
            double tried = (System.nanoTime() - start) / 1e6;
            if (none.isPresent()) {
                throw new IllegalStateException("a dead connection was lent");
            }
            table.row("tryConnection, all dead" + name, Table.number(tried), "", "", "", "");
            targets.atMost("tryConnection, all dead" + name, LATE_MS, tried, " ms");
            late("timeouts, all dead" + name, pool);
            manager.dead = false;
            pool.close(CLOSE);
        }
    }

    /** How much later than its deadline the last of many threads goes on. */
    private void late(String what, ConnectionPool<String, Object> pool) throws Exception {
        List<Double> late = Collections.synchronizedList(new ArrayList<>());
        var go = new CountDownLatch(1);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            var caller = new Thread(() -> ask(pool, go, late), "caller-" + i);
            caller.start();
            callers.add(caller);
        }
        jvm.resetPeakThreadCount();
        int before = jvm.getThreadCount();
        go.countDown();
        for (Thread caller : callers) {
            caller.join();
        }
        double latest = Collections.max(late);
        table.row(what, Table.number(latest), "", "", jvm.getPeakThreadCount() - before, "");
        targets.atMost(what + ": the latest", LATE_MS, latest, " ms");
    }

    private static void ask(ConnectionPool<String, Object> pool, CountDownLatch go, List<Double> late) {
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        long start = System.nanoTime();
        try {
            pool.connection("e0", DEADLINE).release();
        } catch (AcquireTimeoutException e) {
            late.add((System.nanoTime() - start - DEADLINE.toNanos()) / 1e6);
        }
    }

    /** Runs it and waits until the server has no connection. @return how long the call took, in milliseconds */
    private double timed(String what, Manager manager, Runnable call) {
        int before = jvm.getThreadCount();
        jvm.resetPeakThreadCount();
        long start = System.nanoTime();
        long cpu = jvm.getCurrentThreadCpuTime();
        call.run();
        double took = (System.nanoTime() - start) / 1e6;
        double busy = (jvm.getCurrentThreadCpuTime() - cpu) / 1e6;
        long limit = start + TimeUnit.SECONDS.toNanos(30);
        while (manager.open.get() > 0 && System.nanoTime() - limit < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        double gone = (System.nanoTime() - start) / 1e6;
        table.row(
                what,
                Table.number(took),
                Table.number(busy),
                Table.number(gone),
                Math.max(0, jvm.getPeakThreadCount() - before),
                Table.count(manager.open.get()));
        return took;
    }
}
