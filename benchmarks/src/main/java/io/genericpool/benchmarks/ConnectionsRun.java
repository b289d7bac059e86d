package io.genericpool.benchmarks;

import io.genericpool.benchmarks.load.Endpoints;
import io.genericpool.benchmarks.load.OwnJvm;
import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.report.Targets;
import io.genericpool.benchmarks.subject.Opener;
import io.genericpool.benchmarks.subject.Subject;
import io.genericpool.benchmarks.subject.Subjects;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What a release and an acquire cost with many connections at one endpoint, all of them leased but the one that was just
 * released, which is a random one. Each pool and size runs in three JVMs of its own, since single ones differ. Takes about
 * four minutes.
 */
public final class ConnectionsRun {
    private static final List<String> POOLS =
            List.of(Subjects.OURS, Subjects.SEGMENTED, Subjects.LAX, Subjects.STRICT, Subjects.COMMONS);
    private static final int[] SIZES = {8, 100, 1_000, 10_000, 100_000};
    private static final int JVMS = 3;
    private static final int ROUNDS = 5;
    private static final long ROUND_NANOS = 300_000_000L;
    private static final int BETWEEN_CLOCKS = 256;
    /** Filling is recursive: see {@link Subject#fill}. */
    private static final long STACK = 512L << 20;

    private final List<String> pools;
    private final int[] sizes;
    private final int jvms;

    /**
     * @param pools this project's first
     * @param sizes how many connections the endpoint has, fewest first
     */
    ConnectionsRun(List<String> pools, int[] sizes, int jvms) {
        this.pools = pools;
        this.sizes = sizes;
        this.jvms = jvms;
    }

    /**
     * Measures and prints.
     *
     * @param args nothing for all; the file for {@link CostPlot}; or a pool and a number of connections for one figure in this JVM
     * @throws Exception when a pool fails
     */
    public static void main(String[] args) throws Exception {
        if (args.length == 1) {
            new ConnectionsRun(POOLS, SIZES, JVMS).run(System.out, Path.of(args[0]));
        } else if (args.length == 2) {
            measureOne(args[0], Integer.parseInt(args[1]), System.out);
        } else {
            new ConnectionsRun(POOLS, SIZES, JVMS).run(System.out, null);
        }
    }

    /**
     * Measures and prints.
     *
     * @param figures where to write what {@link CostPlot} draws; null for nowhere
     */
    void run(PrintStream out, Path figures) throws Exception {
        var header = new ArrayList<>(List.of("pool"));
        for (int size : sizes) {
            header.add(Table.count(size) + ", ns");
            header.add("lowest to highest");
        }
        var table = new Table(1, header.toArray(String[]::new));
        var csv = new ArrayList<>(List.of(CostPlot.BY_CONNECTIONS));
        var medians = new double[pools.size()][sizes.length];
        for (int p = 0; p < pools.size(); p++) {
            var row = new ArrayList<Object>(List.of(pools.get(p)));
            for (int s = 0; s < sizes.length; s++) {
                List<Double> nanos = new ArrayList<>();
                for (int i = 0; i < jvms; i++) {
                    nanos.add(Double.parseDouble(
                            OwnJvm.lastLine(ConnectionsRun.class, pools.get(p), String.valueOf(sizes[s]))));
                }
                medians[p][s] = Table.median(nanos);
                csv.add(String.format(Locale.ROOT, "%s,%d,%.1f", pools.get(p), sizes[s], medians[p][s]));
                row.add(Table.number(medians[p][s]));
                row.add(Table.number(nanos.stream().min(Double::compare).orElseThrow()) + " to "
                        + Table.number(nanos.stream().max(Double::compare).orElseThrow()));
            }
            table.row(row.toArray());
        }
        table.print(out);
        if (figures != null) {
            Files.write(figures, csv);
        }
        var targets = new Targets();
        int beside = Math.min(3, sizes.length - 1); // 10,000
        targets.atMost(
                Table.count(sizes[beside]) + " connections beside " + sizes[0],
                3.0,
                medians[0][beside] / medians[0][0],
                "x");
        for (int s = 0; s < sizes.length; s++) {
            double best = Double.MAX_VALUE;
            for (int p = 1; p < pools.size(); p++) {
                best = Math.min(best, medians[p][s]);
            }
            targets.ahead(Table.count(sizes[s]) + " connections beside the best keyed peer", best / medians[0][s]);
        }
        targets.print(out);
    }

    private static void measureOne(String pool, int size, PrintStream out) throws Exception {
        var failure = new Throwable[1];
        var thread = new Thread(
                null,
                () -> {
                    try {
                        out.println(nanosPerCycle(Subjects.of(pool, size, size, new Opener()), size));
                    } catch (Throwable e) {
                        failure[0] = e;
                    }
                },
                "measuring",
                STACK);
        thread.start();
        thread.join();
        if (failure[0] != null) {
            throw new IllegalStateException(failure[0]);
        }
    }

    /** The best of a few rounds: what disturbs a round makes it slower only. */
    private static <L> double nanosPerCycle(Subject<L> subject, int size) throws Exception {
        try (subject) {
            String endpoint = Endpoints.shuffled(1)[0];
            subject.fill(endpoint, size);
            List<L> leases = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                leases.add(subject.acquire(endpoint));
            }
            var random = new Random(size);
            var places = new int[1 << 16];
            for (int i = 0; i < places.length; i++) {
                places[i] = random.nextInt(size);
            }
            double best = Double.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                best = Math.min(best, round(subject, endpoint, leases, places));
            }
            for (L lease : leases) {
                subject.release(endpoint, lease);
            }
            return best;
        }
    }

    private static <L> double round(Subject<L> subject, String endpoint, List<L> leases, int[] places)
            throws Exception {
        long start = System.nanoTime();
        long end = start;
        long cycles = 0;
        while (end - start < ROUND_NANOS) {
            for (int i = 0; i < BETWEEN_CLOCKS; i++) {
                int place = places[(int) (cycles + i) & (places.length - 1)];
                subject.release(endpoint, leases.get(place));
                leases.set(place, subject.acquire(endpoint));
            }
            cycles += BETWEEN_CLOCKS;
            end = System.nanoTime();
        }
        return (double) (end - start) / cycles;
    }
}
