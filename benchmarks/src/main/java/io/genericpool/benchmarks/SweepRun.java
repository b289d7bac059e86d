package io.genericpool.benchmarks;

import io.genericpool.benchmarks.load.Endpoints;
import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.report.Targets;
import io.genericpool.benchmarks.subject.GenericPoolSubject;
import io.genericpool.benchmarks.subject.Opener;
import io.genericpool.benchmarks.subject.TwoHandsCheck;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * How long the collector takes to look after 100,000 idle connections of which none is due: the rounds are run by hand, one
 * a period as the collector does, with the caches filled with something else before each, as they are in a process that
 * does other work. Takes about 15 s.
 */
public final class SweepRun {
    private static final double BOUND_MS = 20;
    /** More than the last level of most caches. */
    private static final int OTHER_WORK_BYTES = 64 << 20;

    private static final int CACHE_LINE = 64;

    private final int connections;
    private final int rounds;
    private final byte[] otherWork = new byte[OTHER_WORK_BYTES];
    private final Table table = new Table(
            0, "endpoints", "idle connections each", "first sweep, ms", "median, ms", "90%, ms", "longest, ms");
    private final Targets targets = new Targets();

    SweepRun(int connections, int rounds) {
        this.connections = connections;
        this.rounds = rounds;
    }

    /**
     * Measures and prints.
     *
     * @param args none
     * @throws Exception when the pool fails or breaks its limits
     */
    public static void main(String[] args) throws Exception {
        new SweepRun(100_000, 60).run(System.out);
    }

    void run(PrintStream out) throws Exception {
        for (int each : new int[] {1, 10, 100}) {
            measure(connections / each, each);
        }
        table.print(out);
        targets.print(out);
    }

    private void measure(int endpoints, int each) throws Exception {
        var clock = new HandClock();
        var opener = new Opener();
        String[] names = Endpoints.shuffled(endpoints);
        try (var subject = new GenericPoolSubject(
                each, connections, opener, builder -> builder.clock(clock).connectExecutor(Runnable::run))) {
            for (String name : names) {
                subject.fill(name, each);
            }
            List<Double> millis = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                doOtherWork();
                millis.add(clock.runOnlyTask() / 1e6);
            }
            if (subject.pool.stats().idle() != connections) {
                throw new IllegalStateException(subject.pool.stats().idle() + " idle connections are left");
            }
            report(endpoints, each, millis);
            TwoHandsCheck.run(subject, opener, names, 2, each);
        }
    }

    private void report(int endpoints, int each, List<Double> millis) {
        double first = millis.get(0);
        List<Double> sorted = millis.stream().sorted().toList();
        double median = Table.median(millis);
        table.row(
                Table.count(endpoints),
                each,
                Table.number(first),
                Table.number(median),
                Table.number(sorted.get(sorted.size() * 9 / 10)),
                Table.number(sorted.get(sorted.size() - 1)));
        targets.atMost(
                String.format("sweep of %,d idle connections, %,d endpoints: median", connections, endpoints),
                BOUND_MS,
                median,
                " ms");
    }

    private void doOtherWork() {
        for (int i = 0; i < otherWork.length; i += CACHE_LINE) {
            otherWork[i]++;
        }
    }
}
