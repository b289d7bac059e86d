package io.genericpool.benchmarks.replay;

import io.genericpool.ConnectionPool;
import io.genericpool.benchmarks.load.OwnJvm;
import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.report.Targets;
import io.genericpool.benchmarks.subject.BenchConnection;
import io.genericpool.benchmarks.subject.CountingListener;
import io.genericpool.core.ConnectionPools;
import io.genericpool.event.PoolListener;
import io.genericpool.replay.PoolRecorder;
import io.genericpool.spi.ConnectionManager;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What a recorder costs an acquire and release of an idle connection, beside a listener that counts and times both. Bursts with
 * pauses, so that the recorder keeps every lease. CPU time of the leasing thread, the median of five JVMs that take turns, each
 * with the best of its bursts. Takes about a minute.
 */
public final class RecorderCost {
    private static final int JVMS = 5;
    private static final int BURST = 4_000;
    private static final int BURSTS = 60;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(30);
    private static final double MOST = 2;

    /** Who listens. */
    public enum Case {
        PLAIN,
        OBSERVED,
        RECORDED
    }

    private RecorderCost() {}

    /**
     * Measures and prints.
     *
     * @param args nothing for all; a case for one figure of this JVM
     * @throws Exception when the pool fails
     */
    public static void main(String[] args) throws Exception {
        if (args.length == 1) {
            System.out.println(measured(Case.valueOf(args[0]), BURSTS));
            return;
        }
        Map<Case, List<Double>> figures = new EnumMap<>(Case.class);
        for (int i = 0; i < JVMS; i++) {
            for (Case each : Case.values()) {
                figures.computeIfAbsent(each, key -> new ArrayList<>())
                        .add(Double.parseDouble(OwnJvm.lastLine(RecorderCost.class, each.name())));
            }
        }
        print(figures, System.out);
    }

    static void print(Map<Case, List<Double>> figures, PrintStream out) {
        var table = new Table(1, "listener", "ns per acquire and release", "lowest to highest");
        figures.forEach((each, values) -> table.row(
                each.name().toLowerCase(Locale.ROOT),
                Table.number(Table.median(values)),
                Table.number(values.stream().min(Double::compare).orElseThrow()) + " to "
                        + Table.number(values.stream().max(Double::compare).orElseThrow())));
        table.print(out);
        var targets = new Targets();
        targets.atMost(
                "recorded beside observed",
                MOST,
                Table.median(figures.get(Case.RECORDED)) / Table.median(figures.get(Case.OBSERVED)),
                "x");
        targets.print(out);
    }

    /** Nanoseconds per acquire and release. */
    public static double measured(Case each, int bursts) throws IOException {
        Path folder = Files.createTempDirectory("recorder");
        PoolRecorder<String> recorder = PoolRecorder.builder(folder)
                .maxEventsPerSecond(Integer.MAX_VALUE)
                .maxBufferedEvents(16 * BURST)
                .build();
        PoolListener<String> listener =
                switch (each) {
                    case PLAIN -> new PoolListener<>() {};
                    case OBSERVED -> new CountingListener();
                    case RECORDED -> recorder;
                };
        try (recorder;
                var pool = ConnectionPools.builder(new Manager())
                        .listener(listener)
                        .build()) {
            if (each == Case.RECORDED) {
                recorder.start(pool);
            }
            double best = Double.MAX_VALUE;
            for (int i = 0; i < bursts; i++) {
                best = Math.min(best, burst(pool));
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            if (recorder.dropped() > 0) {
                throw new IllegalStateException("the recorder has left out " + recorder.dropped() + " events");
            }
            return best;
        } finally {
            delete(folder);
        }
    }

    private static double burst(ConnectionPool<String, BenchConnection> pool) {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int i = 0; i < BURST; i++) {
            pool.connection("e").release();
        }
        return (double) (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / BURST;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
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
}
