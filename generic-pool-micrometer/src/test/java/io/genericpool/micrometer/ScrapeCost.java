package io.genericpool.micrometer;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPools;
import io.genericpool.event.PoolListener;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.ScriptedManager;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Prints what a scrape costs, and what the timers cost an acquire and a release. Not a test: run {@link #main}. */
final class ScrapeCost {
    private static final int ROUNDS = 300;

    /** The processor's time, because it says the same on a busy machine. */
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private ScrapeCost() {}

    public static void main(String[] arguments) {
        for (int endpoints : new int[] {100, 1, 100, 1_000}) { // the first one warms up
            scrape(endpoints, false);
            scrape(endpoints, true);
        }
        for (int round = 0; round < 2; round++) {
            lease("no metrics", null, false);
            lease("metrics", null, true);
            lease("listener that overrides nothing", new PoolListener<>() {}, false);
            lease("connects", PoolTimers.connects(), true);
            lease("connects and waits", PoolTimers.connectsAndWaits(), true);
            lease("connects, waits and leases", PoolTimers.connectsWaitsAndLeases(), true);
        }
    }

    private static ConnectionPool<String, FakeConnection<String>> pool(@Nullable PoolListener<Object> listener) {
        var builder = ConnectionPools.builder(ScriptedManager.<String>plain())
                .totalMaxSize(100_000)
                .idleTimeout(Duration.ofHours(1));
        if (listener != null) {
            builder.listener(listener);
        }
        return builder.build();
    }

    /** Each read is made a second later by the clock of the pool, so that each takes a snapshot. */
    private static void scrape(int endpoints, boolean rows) {
        var now = new AtomicLong();
        try (var pool = ConnectionPools.builder(ScriptedManager.<String>plain())
                .totalMaxSize(100_000)
                .idleTimeout(Duration.ofHours(10))
                .clock(new SteppedClock(now))
                .backgroundCollector(false)
                .build()) {
            for (int i = 0; i < endpoints; i++) {
                pool.connection("endpoint-" + i).close();
            }
            var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            var builder = ConnectionPoolMetrics.builder(pool);
            if (rows) {
                builder.endpoints();
            }
            builder.build().bindTo(registry);
            double all = median(() -> {
                now.addAndGet(Cached.MAX_AGE);
                return registry.scrape().length();
            });
            double text = median(() -> registry.scrape().length());
            double snapshot = median(() -> {
                now.addAndGet(Cached.MAX_AGE);
                return rows
                        ? pool.recentEndpointStats().size()
                        : pool.recentStats().total();
            });
            print(
                    "%,6d endpoints, %s: scrape %.3f ms, of which without a snapshot %.3f ms; snapshot %.3f ms,"
                            + " %,d lines",
                    endpoints,
                    rows ? "with rows" : "pool only",
                    all,
                    text,
                    snapshot,
                    registry.scrape().lines().count());
        }
    }

    private static double median(LongSupplier work) {
        long[] took = new long[ROUNDS];
        long sum = 0;
        for (int i = 0; i < ROUNDS; i++) {
            long start = CPU.getCurrentThreadCpuTime();
            sum += work.getAsLong();
            took[i] = CPU.getCurrentThreadCpuTime() - start;
        }
        Arrays.sort(took);
        return sum < 0 ? Double.NaN : took[ROUNDS / 2] / 1e6;
    }

    private static void lease(String what, @Nullable PoolListener<Object> listener, boolean bound) {
        MeterRegistry registry = new SimpleMeterRegistry();
        try (var pool = pool(listener)) {
            if (bound) {
                var builder = ConnectionPoolMetrics.builder(pool);
                if (listener instanceof PoolTimers timers) {
                    builder.timers(timers);
                }
                builder.build().bindTo(registry);
            }
            double best = Double.MAX_VALUE;
            for (int round = 0; round < 4; round++) {
                int times = 500_000;
                long start = CPU.getCurrentThreadCpuTime();
                for (int i = 0; i < times; i++) {
                    pool.connection("a").close();
                }
                best = Math.min(best, (CPU.getCurrentThreadCpuTime() - start) / (double) times);
            }
            print("acquire and release, %s: %.1f ns", what, best);
        }
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
