package io.genericpool.benchmarks;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.PoolException;
import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.report.Targets;
import io.genericpool.benchmarks.subject.BenchConnection;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * What single steps of this pool cost as it grows: CPU time of the calling thread, which makes all connects and completions
 * itself; the best of five rounds. Takes about one minute.
 */
public final class GrowthRun {
    private static final int ROUNDS = 5;
    private static final long BURST_BOUND_MS = 100;

    private final int[] sizes;
    private final int steps;
    private final int burst;
    private final Table table;
    private final Targets targets = new Targets();

    GrowthRun(int[] sizes, int steps, int burst) {
        this.sizes = sizes;
        this.steps = steps;
        this.burst = burst;
        var header = new ArrayList<>(List.of("a step, µs of CPU"));
        for (int size : sizes) {
            header.add(Table.count(size));
        }
        header.add("the last beside the first");
        table = new Table(1, header.toArray(String[]::new));
    }

    /**
     * Measures and prints.
     *
     * @param args none
     * @throws Exception when the pool fails
     */
    public static void main(String[] args) throws Exception {
        new GrowthRun(new int[] {1, 100, 10_000, 100_000}, 2_000, 2_000).run(System.out);
    }

    private interface Case {
        /** Sets a pool up for a size, and gives the step to be measured. */
        Runnable prepare(int size) throws Exception;
    }

    void run(PrintStream out) throws Exception {
        double handOver = row("a release hands over, n waiters", GrowthRun::handOver);
        double refused = row("`tryConnection` is refused, n leased", GrowthRun::refused);
        row("a new endpoint starves, total of n leased", GrowthRun::starving);
        row("a release hands over to one of n that want new ones", GrowthRun::newOnly);
        double stranger = row("a stranger is refused, `maxEndpoints` n", GrowthRun::stranger);
        table.print(out);
        String most = Table.count(sizes[sizes.length - 1]);
        targets.atMost("a hand-over with " + most + " waiters beside one with 1", 1.5, handOver, "x");
        targets.atMost("a refusal with " + most + " leased beside one with 1", 3.0, refused, "x");
        targets.atMost("a refused stranger at " + most + " endpoints beside one at 1", 1.5, stranger, "x");
        double millis = Double.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            millis = Math.min(millis, burstMillis());
        }
        targets.atMost(
                "a cold burst of " + Table.count(burst) + " calls with as many connects: CPU",
                BURST_BOUND_MS,
                millis,
                " ms");
        targets.print(out);
    }

    private double row(String what, Case each) throws Exception {
        var cells = new ArrayList<Object>(List.of(what));
        double first = 0;
        double last = 0;
        for (int size : sizes) {
            double micros = Double.MAX_VALUE;
            for (int i = 0; i < ROUNDS; i++) {
                micros = Math.min(micros, micros(each.prepare(size)));
            }
            first = first == 0 ? micros : first;
            last = micros;
            cells.add(Table.number(micros));
        }
        cells.add(Table.number(last / first) + "x");
        table.row(cells.toArray());
        return last / first;
    }

    private double micros(Runnable step) {
        for (int i = 0; i < steps; i++) {
            step.run();
        }
        long before = cpuNanos();
        for (int i = 0; i < steps; i++) {
            step.run();
        }
        return (cpuNanos() - before) / 1e3 / steps;
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static final class Manager implements ConnectionManager<String, BenchConnection> {
        @Override
        public BenchConnection create(String endpoint, Duration timeout) {
            return new BenchConnection(endpoint);
        }

        @Override
        public void dispose(String endpoint, BenchConnection connection, Duration timeout) {
            connection.close();
        }
    }

    /** Everything runs on the calling thread, and nothing is due. */
    private static ConnectionPool<String, BenchConnection> pool(
            int maxSize, int total, UnaryOperator<ConnectionPoolBuilder<String, BenchConnection>> knobs) {
        return knobs.apply(ConnectionPools.builder(new Manager())
                        .maxSize(maxSize)
                        .totalMaxSize(total)
                        .maxConnectsPerEndpoint(maxSize)
                        .totalMaxConnects(total)
                        .acquireTimeout(PoolConfig.NO_LIMIT)
                        .connectTimeout(PoolConfig.NO_LIMIT)
                        .disposeTimeout(PoolConfig.NO_LIMIT)
                        .overtakeWindow(Duration.ZERO)
                        .closeTimeout(Duration.ZERO)
                        .backgroundCollector(false)
                        .connectExecutor(Runnable::run)
                        .completionExecutor(Runnable::run))
                .build();
    }

    private static List<Lease<String, BenchConnection>> leaseAll(
            ConnectionPool<String, BenchConnection> pool, int count) {
        var leases = new ArrayList<Lease<String, BenchConnection>>(count);
        for (int i = 0; i < count; i++) {
            leases.add(pool.connection("e"));
        }
        return leases;
    }

    private static Runnable handOver(int waiters) {
        var pool = pool(1, 1, knobs -> knobs);
        var lease = new ArrayDeque<>(leaseAll(pool, 1));
        var queue = new ArrayDeque<CompletableFuture<Lease<String, BenchConnection>>>();
        for (int i = 0; i < waiters; i++) {
            queue.add(pool.connectionAsync("e"));
        }
        return () -> {
            lease.remove().release();
            lease.add(queue.remove().join());
            queue.add(pool.connectionAsync("e"));
        };
    }

    private static Runnable refused(int size) {
        var pool = pool(size, size, knobs -> knobs);
        leaseAll(pool, size);
        return () -> require(pool.tryConnection("e").isEmpty());
    }

    private static Runnable starving(int size) {
        var pool = pool(size, size, knobs -> knobs);
        leaseAll(pool, size);
        return () -> require(pool.connectionAsync("starving").cancel(false));
    }

    private static Runnable newOnly(int waiters) {
        var pool = pool(1, 1, knobs -> knobs);
        var lease = new ArrayDeque<>(leaseAll(pool, 1));
        var queue = new ArrayDeque<CompletableFuture<Lease<String, BenchConnection>>>();
        for (int i = 0; i < waiters; i++) {
            queue.add(pool.newConnectionAsync("e"));
        }
        return () -> {
            lease.remove().release();
            lease.add(queue.remove().join());
            queue.add(pool.newConnectionAsync("e"));
        };
    }

    private static Runnable stranger(int endpoints) {
        var pool = pool(1, endpoints, knobs -> knobs.maxEndpoints(endpoints));
        for (int i = 0; i < endpoints; i++) {
            pool.connection("e" + i);
        }
        return () -> {
            try {
                pool.connection("stranger");
                throw new IllegalStateException("it was let in");
            } catch (PoolException e) {
                require(e.getMessage() != null);
            }
        };
    }

    private double burstMillis() {
        var connects = new ArrayDeque<Runnable>();
        var pool = pool(burst, burst, knobs -> knobs.connectExecutor(connects::add));
        var all = new ArrayList<CompletableFuture<Lease<String, BenchConnection>>>();
        long before = cpuNanos();
        for (int i = 0; i < burst; i++) {
            all.add(pool.connectionAsync("e"));
        }
        for (Runnable connect = connects.poll(); connect != null; connect = connects.poll()) {
            connect.run();
        }
        long nanos = cpuNanos() - before;
        all.forEach(future -> require(future.isDone() && !future.isCompletedExceptionally()));
        return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("the pool did not do what the case is about");
        }
    }
}
