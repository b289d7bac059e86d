package io.genericpool.benchmarks;

import io.genericpool.benchmarks.load.OwnJvm;
import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.report.Targets;
import io.genericpool.benchmarks.subject.Opener;
import io.genericpool.benchmarks.subject.Subject;
import io.genericpool.benchmarks.subject.Subjects;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;

/**
 * Single steps with very many waiters or connections, beside the peers that can do them: a hand-over, futures that are
 * queued and cancelled, statistics, a close. Each figure is the median of three JVMs of its own. Takes about five minutes.
 */
public final class PeersAtScaleRun {
    /** A million futures of some peers, and the exceptions of their cancels, need more than others. */
    private static final String HEAP = "-Xmx6g";

    private static final int JVMS = 3;
    private static final int STEPS = 20_000;
    private static final String ENDPOINT = "e";
    private static final List<String> POOLS = List.of(
            Subjects.DIRECT, Subjects.SEGMENTED, Subjects.LAX, Subjects.STRICT, Subjects.COMMONS, Subjects.REACTOR);

    /** What is measured, and for which size; {@code blocking} also where a pool has no futures. */
    private enum Case {
        HAND_OVER("a hand-over, %s futures wait", "ns", false),
        QUEUED("a future of %s, queued and cancelled", "ns", false),
        BYTES("memory of each of %s queued futures", "bytes", false),
        STATS("statistics, %s connections", "ns", true),
        CLOSE("close with %s idle connections", "ms", true);

        final String what;
        final String unit;
        final boolean blocking;

        Case(String what, String unit, boolean blocking) {
            this.what = what;
            this.unit = unit;
            this.blocking = blocking;
        }

        boolean isFor(String pool) {
            boolean hasFutures = !pool.equals(Subjects.COMMONS);
            return this == STATS ? !pool.equals(Subjects.REACTOR) : blocking || hasFutures;
        }
    }

    private final List<String> pools;
    private final int waiters;
    private final int futures;
    private final int connections;
    private final int jvms;

    /** @param pools this project's first */
    PeersAtScaleRun(List<String> pools, int waiters, int futures, int connections, int jvms) {
        this.pools = pools;
        this.waiters = waiters;
        this.futures = futures;
        this.connections = connections;
        this.jvms = jvms;
    }

    /**
     * Measures and prints.
     *
     * @param args nothing for all; or a case, a pool and a size for one figure in this JVM
     * @throws Exception when a pool fails
     */
    public static void main(String[] args) throws Exception {
        if (args.length == 3) {
            System.out.println(measure(Case.valueOf(args[0]), args[1], Integer.parseInt(args[2])));
        } else {
            new PeersAtScaleRun(POOLS, 100_000, 1_000_000, 100_000, JVMS).run(System.out);
        }
    }

    void run(PrintStream out) throws Exception {
        var header = new ArrayList<>(List.of("step"));
        header.addAll(pools);
        var table = new Table(1, header.toArray(String[]::new));
        var targets = new Targets();
        double one = row(table, Case.HAND_OVER, 1)[0];
        double[] many = row(table, Case.HAND_OVER, waiters);
        targets.atMost(
                "a hand-over with " + Table.count(waiters) + " waiters beside one with 1", 1.5, many[0] / one, "x");
        ahead(targets, "a hand-over with " + Table.count(waiters) + " waiters beside the best peer", many);
        ahead(targets, "queued and cancelled beside the best peer", row(table, Case.QUEUED, futures));
        ahead(targets, "memory of a queued future beside the best peer", row(table, Case.BYTES, futures));
        row(table, Case.STATS, connections);
        row(table, Case.CLOSE, connections);
        table.print(out);
        targets.print(out);
    }

    private static void ahead(Targets targets, String what, double[] figures) {
        double best = Double.MAX_VALUE;
        for (int i = 1; i < figures.length; i++) {
            best = Math.min(best, figures[i]);
        }
        targets.ahead(what, best / figures[0]);
    }

    /** @return the medians by pool; the highest number where a pool cannot do it */
    private double[] row(Table table, Case each, int size) throws Exception {
        var medians = new double[pools.size()];
        var cells = new ArrayList<Object>(List.of(String.format(each.what, Table.count(size)) + ", " + each.unit));
        for (int p = 0; p < medians.length; p++) {
            String pool = pools.get(p);
            if (!each.isFor(pool)) {
                medians[p] = Double.MAX_VALUE;
                cells.add("");
                continue;
            }
            List<Double> figures = new ArrayList<>();
            for (int i = 0; i < jvms; i++) {
                figures.add(Double.parseDouble(
                        OwnJvm.lastLineWith(HEAP, PeersAtScaleRun.class, each.name(), pool, String.valueOf(size))));
            }
            medians[p] = Table.median(figures);
            cells.add(Table.number(medians[p]));
        }
        table.row(cells.toArray());
        return medians;
    }

    private static double measure(Case each, String pool, int size) throws Exception {
        boolean waits = each == Case.HAND_OVER || each == Case.QUEUED || each == Case.BYTES;
        int maxSize = waits ? 1 : size;
        Subject<?> subject = Subjects.of(pool, maxSize, maxSize, new Opener());
        return switch (each) {
            case HAND_OVER -> handOver(subject, size);
            case QUEUED -> queued(subject, size);
            case BYTES -> bytes(subject, size);
            case STATS -> stats(subject, size);
            case CLOSE -> close(subject, size);
        };
    }

    /** The best of a few rounds: what disturbs a round makes it slower only. */
    private static <L> double handOver(Subject<L> subject, int waiters) throws Exception {
        L lease = subject.acquire(ENDPOINT);
        Deque<Future<L>> queue = new ArrayDeque<>();
        for (int i = 0; i < waiters; i++) {
            queue.add(subject.request(ENDPOINT));
        }
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < STEPS; i++) {
                subject.release(ENDPOINT, lease);
                lease = queue.remove().get();
                queue.add(subject.request(ENDPOINT));
            }
            best = Math.min(best, (System.nanoTime() - start) / (double) STEPS);
        }
        return best;
    }

    private static <L> double queued(Subject<L> subject, int futures) throws Exception {
        subject.acquire(ENDPOINT);
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            List<Future<L>> queue = new ArrayList<>(futures);
            long start = System.nanoTime();
            for (int i = 0; i < futures; i++) {
                queue.add(subject.request(ENDPOINT));
            }
            for (Future<L> future : queue) {
                future.cancel(false);
            }
            best = Math.min(best, (System.nanoTime() - start) / (double) futures);
        }
        return best;
    }

    private static <L> double bytes(Subject<L> subject, int futures) throws Exception {
        subject.acquire(ENDPOINT);
        List<Future<L>> queue = new ArrayList<>(futures);
        long before = usedHeap();
        for (int i = 0; i < futures; i++) {
            queue.add(subject.request(ENDPOINT));
        }
        double each = (usedHeap() - before) / (double) futures;
        if (queue.stream().anyMatch(Future::isDone)) {
            throw new IllegalStateException("a future did not wait");
        }
        return each;
    }

    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    private static double stats(Subject<?> subject, int connections) throws Exception {
        try (subject) {
            fill(subject, connections);
            double best = Double.MAX_VALUE;
            for (int round = 0; round < 5; round++) {
                long start = System.nanoTime();
                for (int i = 0; i < STEPS; i++) {
                    if (subject.idle() != connections) {
                        throw new IllegalStateException("the statistics are wrong");
                    }
                }
                best = Math.min(best, (System.nanoTime() - start) / (double) STEPS);
            }
            return best;
        }
    }

    private static double close(Subject<?> subject, int connections) throws Exception {
        fill(subject, connections);
        long start = System.nanoTime();
        subject.close();
        return (System.nanoTime() - start) / 1e6;
    }

    private static <L> void fill(Subject<L> subject, int connections) throws Exception {
        List<L> leases = new ArrayList<>(connections);
        for (int i = 0; i < connections; i++) {
            leases.add(subject.acquire(ENDPOINT));
        }
        for (L lease : leases) {
            subject.release(ENDPOINT, lease);
        }
    }
}
