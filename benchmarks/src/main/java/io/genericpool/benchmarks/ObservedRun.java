package io.genericpool.benchmarks;

import io.genericpool.ConnectionPool;
import io.genericpool.benchmarks.load.OwnJvm;
import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.report.Targets;
import io.genericpool.benchmarks.subject.BenchConnection;
import io.genericpool.core.ConnectionPools;
import io.genericpool.micrometer.ConnectionPoolMetrics;
import io.genericpool.micrometer.PoolTimers;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.PoolClock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What metrics cost. A scrape by Prometheus's registry, each with a new snapshot, stands beside what the registry costs by
 * itself; an acquire and release of an idle connection stands beside one with the binder and its timers. Each figure is CPU
 * time of the measuring thread, the median of five JVMs that take turns. Takes about two minutes.
 */
public final class ObservedRun {
    private static final int BETWEEN_CLOCKS = 10_000;
    private static final double SCRAPE_MILLIS = 1;
    private static final double BESIDE_PLAIN = 1.2;
    private static final int GAUGES_PER_ENDPOINT = 11;
    private static final double WITH_WAITS = 1.1;
    private static final double WITH_LEASES = 5;

    private final int jvms;
    private final Size size;

    /** How much one JVM does. */
    private record Size(int endpoints, int scrapes, int rounds, long roundNanos) {
        static final Size FULL = new Size(100, 1_500, 8, 200_000_000L);
    }

    /** What a JVM measures. */
    enum Case {
        PLAIN("acquire and release, no metrics", "ns"),
        WAITS("acquire and release, binder and wait timer", "ns"),
        LEASES("acquire and release, binder, wait and lease timer", "ns"),
        SCRAPE_POOL("scrape, meters of the pool alone", "µs"),
        SCRAPE_ROWS("scrape, meters per endpoint too", "µs"),
        SCRAPE_PLAIN("scrape, as many plain gauges without a pool", "µs"),
        READ("read of all meters, those per endpoint too", "µs");

        private final String label;
        private final String unit;

        Case(String label, String unit) {
            this.label = label;
            this.unit = unit;
        }
    }

    private ObservedRun(int jvms, Size size) {
        this.jvms = jvms;
        this.size = size;
    }

    /**
     * A run in this JVM alone.
     *
     * @param endpoints how many the pool has that is scraped
     * @param scrapes how often it is scraped
     * @param rounds rounds of acquires and releases, of which the best counts
     * @param roundNanos how long each of them takes at least
     */
    ObservedRun(int endpoints, int scrapes, int rounds, long roundNanos) {
        this(0, new Size(endpoints, scrapes, rounds, roundNanos));
    }

    /**
     * Measures and prints.
     *
     * @param args nothing for all; a case for one figure of this JVM
     * @throws Exception when the pool fails
     */
    public static void main(String[] args) throws Exception {
        if (args.length == 1) {
            System.out.println(new ObservedRun(0, Size.FULL).measured(Case.valueOf(args[0])));
        } else {
            new ObservedRun(5, Size.FULL).run(System.out);
        }
    }

    void run(PrintStream out) throws Exception {
        var figures = new EnumMap<Case, List<Double>>(Case.class);
        for (int i = 0; i < Math.max(1, jvms); i++) {
            for (Case each : Case.values()) {
                figures.computeIfAbsent(each, key -> new ArrayList<>())
                        .add(
                                jvms == 0
                                        ? measured(each)
                                        : Double.parseDouble(OwnJvm.lastLine(ObservedRun.class, each.name())));
            }
        }
        print(figures, out);
    }

    private void print(Map<Case, List<Double>> figures, PrintStream out) {
        var table =
                new Table(1, "what, with " + size.endpoints + " endpoints where scraped", "CPU", "lowest to highest");
        figures.forEach((each, values) -> table.row(
                each.label,
                Table.number(Table.median(values)) + " " + each.unit,
                Table.number(values.stream().min(Double::compare).orElseThrow()) + " to "
                        + Table.number(values.stream().max(Double::compare).orElseThrow())));
        table.print(out);
        var medians = new EnumMap<Case, Double>(Case.class);
        figures.forEach((each, values) -> medians.put(each, Table.median(values)));
        var targets = new Targets();
        targets.atMost("scrape, meters of the pool alone", SCRAPE_MILLIS, medians.get(Case.SCRAPE_POOL) / 1e3, " ms");
        targets.atMost(
                "read of all meters, those per endpoint too", SCRAPE_MILLIS, medians.get(Case.READ) / 1e3, " ms");
        targets.atMost(
                "scrape, meters per endpoint too, beside as many plain gauges",
                BESIDE_PLAIN,
                medians.get(Case.SCRAPE_ROWS) / medians.get(Case.SCRAPE_PLAIN),
                "x");
        targets.atMost(
                "binder and wait timer, beside none",
                WITH_WAITS,
                medians.get(Case.WAITS) / medians.get(Case.PLAIN),
                "x");
        targets.atMost(
                "with the lease timer, beside none",
                WITH_LEASES,
                medians.get(Case.LEASES) / medians.get(Case.PLAIN),
                "x");
        targets.print(out);
    }

    private double measured(Case each) {
        return switch (each) {
            case PLAIN -> cycle(null);
            case WAITS -> cycle(PoolTimers.connectsAndWaits());
            case LEASES -> cycle(PoolTimers.connectsWaitsAndLeases());
            case SCRAPE_POOL -> observed(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), false);
            case SCRAPE_ROWS -> observed(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), true);
            case SCRAPE_PLAIN -> plain(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
            case READ -> observed(new SimpleMeterRegistry(), true);
        };
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

    /** Nanoseconds of the best round: what disturbs a round makes it slower only. */
    private double cycle(@Nullable PoolTimers timers) {
        var builder = ConnectionPools.builder(new Manager());
        if (timers != null) {
            builder.listener(timers);
        }
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (ConnectionPool<String, BenchConnection> pool = builder.build()) {
            if (timers != null) {
                ConnectionPoolMetrics.builder(pool)
                        .endpoints()
                        .timers(timers)
                        .build()
                        .bindTo(registry);
            }
            double best = Double.MAX_VALUE;
            for (int round = 0; round < size.rounds; round++) {
                best = Math.min(best, round(pool));
            }
            require(timers == null || registry.scrape().contains("genericpool_connect_seconds_count"));
            return best;
        } finally {
            registry.close();
        }
    }

    private double round(ConnectionPool<String, BenchConnection> pool) {
        long cycles = 0;
        long start = cpuNanos();
        long end = start;
        while (end - start < size.roundNanos) {
            for (int i = 0; i < BETWEEN_CLOCKS; i++) {
                pool.connection("e").release();
            }
            cycles += BETWEEN_CLOCKS;
            end = cpuNanos();
        }
        return (double) (end - start) / cycles;
    }

    /** A clock that moves on between two scrapes only. */
    private static final class SteppedClock implements PoolClock {
        private final AtomicLong now = new AtomicLong();

        void second() {
            now.addAndGet(1_000_000_000L);
        }

        @Override
        public long nanoTime() {
            return now.get();
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            return () -> {};
        }

        @Override
        public void park(Object blocker, long nanos) {
            throw new IllegalStateException("there is nothing to wait for");
        }
    }

    private double observed(MeterRegistry registry, boolean rows) {
        var clock = new SteppedClock();
        try (var pool = ConnectionPools.builder(new Manager())
                .totalMaxSize(size.endpoints)
                .idleTimeout(Duration.ofDays(1))
                .clock(clock)
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .backgroundCollector(false)
                .build()) {
            for (int i = 0; i < size.endpoints; i++) {
                pool.connection("endpoint-" + i).release();
            }
            var builder = ConnectionPoolMetrics.builder(pool);
            if (rows) {
                builder.endpoints(size.endpoints);
            }
            builder.build().bindTo(registry);
            return median(() -> {
                clock.second();
                return read(registry);
            });
        } finally {
            registry.close();
        }
    }

    /** What the registry costs by itself. */
    private double plain(MeterRegistry registry) {
        try {
            for (int i = 0; i < size.endpoints; i++) {
                for (int j = 0; j < GAUGES_PER_ENDPOINT; j++) {
                    Gauge.builder("plain.endpoint.gauge", this, run -> run.size.endpoints)
                            .tags("pool", "pool", "endpoint", "endpoint-" + i, "state", "state-" + j)
                            .register(registry);
                }
            }
            return median(() -> read(registry));
        } finally {
            registry.close();
        }
    }

    private static double read(MeterRegistry registry) {
        if (registry instanceof PrometheusMeterRegistry prometheus) {
            return prometheus.scrape().length();
        }
        double sum = 0;
        for (Meter meter : registry.getMeters()) {
            for (Measurement each : meter.measure()) {
                sum += each.getValue();
            }
        }
        return sum;
    }

    /** Microseconds, the median of the later half. */
    private double median(DoubleSupplier reading) {
        var took = new long[size.scrapes];
        for (int i = 0; i < size.scrapes; i++) {
            long start = cpuNanos();
            double read = reading.getAsDouble();
            took[i] = cpuNanos() - start;
            require(read >= size.endpoints);
        }
        long[] later = Arrays.copyOfRange(took, size.scrapes / 2, size.scrapes);
        Arrays.sort(later);
        return later[later.length / 2] / 1e3;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("the pool did not do what the case is about");
        }
    }
}
