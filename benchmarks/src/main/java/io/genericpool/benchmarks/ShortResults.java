package io.genericpool.benchmarks;

import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.report.Targets;
import io.genericpool.benchmarks.subject.Subjects;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of {@link ShortRun}: nanoseconds by case and pool, as tables, beside the targets, and as a file to plot. */
final class ShortResults {
    static final String TWO_THREADS = "2 threads on 8";
    static final String MANY_THREADS = "16 threads on 8";
    static final String ONE_THREAD = "1 endpoint, 8 idle";
    static final String BLOCKING = "blocking";
    static final String ASYNC = "async";
    static final String ASYNC_THEN = "asyncThen";

    private static final String ENDPOINTS = "endpoints: ";
    private static final int BAG_COUNT = 10_000;
    private static final double TIMES_FLOOR = 2.5;
    private static final double TIMES_PEERS = 4;
    private static final double TIMES_COMMONS = 3000;
    private static final double TIMES_BLOCKING = 2;

    private final Map<String, Map<String, Score>> scores = new LinkedHashMap<>();

    private record Score(double median, double best) {}

    static String endpoints(int count) {
        return ENDPOINTS + String.format(Locale.ROOT, "%,d", count);
    }

    void add(String label, String pool, double median, double best) {
        scores.computeIfAbsent(label, key -> new LinkedHashMap<>()).put(pool, new Score(median, best));
    }

    void print(PrintStream out) {
        var table = new Table(
                2, "case", "pool", "ns, median", "ns, best", "times the floor", "times faster than Commons Pool 2");
        scores.forEach((label, byPool) -> byPool.forEach((pool, score) -> table.row(
                label,
                pool,
                Table.number(score.median),
                Table.number(score.best),
                ratio(score, byPool.get(Subjects.FLOOR)),
                ratio(byPool.get(Subjects.COMMONS), score))));
        table.print(out);
        targets().print(out);
    }

    private static String ratio(Score dividend, Score divisor) {
        return dividend == null || divisor == null ? "" : Table.number(dividend.median / divisor.median);
    }

    private Targets targets() {
        var targets = new Targets();
        scores.keySet().stream().filter(label -> label.startsWith(ENDPOINTS)).forEach(label -> {
            targets.atMost(label + ", beside the floor", TIMES_FLOOR, ratio(label, Subjects.OURS, Subjects.FLOOR), "x");
            if (scores.get(label).containsKey(Subjects.WIDE_FLOOR)) {
                double wide = ratio(label, Subjects.OURS, Subjects.WIDE_FLOOR);
                targets.atMost(label + ", beside the floor that touches as much", TIMES_FLOOR, wide, "x");
            }
            peers(targets, label);
        });
        String many = endpoints(BAG_COUNT);
        if (scores.containsKey(many) && scores.get(many).containsKey(Subjects.COMMONS)) {
            double commons = ratio(many, Subjects.COMMONS, Subjects.OURS);
            targets.atLeast(many + ", faster than " + Subjects.COMMONS + " by", TIMES_COMMONS, commons, "x");
            targets.ahead(many + ", faster than " + Subjects.BAG + " by", ratio(many, Subjects.BAG, Subjects.OURS));
        }
        double two = ratio(TWO_THREADS, Subjects.OURS, Subjects.FLOOR);
        targets.atMost(TWO_THREADS + ", beside the floor (one shared CAS)", 1, two, "x");
        peers(targets, TWO_THREADS);
        bag(targets, TWO_THREADS);
        fifo(targets);
        double async = ratio(ONE_THREAD, ASYNC, BLOCKING);
        targets.atMost("async beside blocking, granted without a thread switch", TIMES_BLOCKING, async, "x");
        return targets;
    }

    private double ratio(String label, String dividend, String divisor) {
        Map<String, Score> byPool = scores.get(label);
        return byPool.get(dividend).median / byPool.get(divisor).median;
    }

    /** Each keyed peer must be slower by some factor: the one that comes nearest decides. */
    private void peers(Targets targets, String label) {
        List<String> present = present(label, Subjects.KEYED);
        if (!present.isEmpty()) {
            String nearest = nearest(label, present);
            targets.atLeast(
                    label + ", faster than each of " + present.size() + " keyed peers (" + nearest + ") by",
                    TIMES_PEERS,
                    ratio(label, nearest, Subjects.OURS),
                    "x");
        }
    }

    private void bag(Targets targets, String label) {
        if (scores.get(label).containsKey(Subjects.BAG)) {
            double ratio = ratio(label, Subjects.BAG, Subjects.OURS);
            targets.report(label + ", faster than " + Subjects.BAG + " by", Table.number(ratio) + "x");
        }
    }

    private void fifo(Targets targets) {
        List<String> present = present(MANY_THREADS, Subjects.FIFO);
        if (!present.isEmpty()) {
            String nearest = nearest(MANY_THREADS, present);
            targets.ahead(
                    MANY_THREADS + ", faster than each FIFO-fair peer (" + nearest + ") by",
                    ratio(MANY_THREADS, nearest, Subjects.OURS));
            bag(targets, MANY_THREADS);
        }
    }

    private List<String> present(String label, List<String> pools) {
        return pools.stream().filter(scores.get(label)::containsKey).toList();
    }

    private String nearest(String label, List<String> pools) {
        Map<String, Score> byPool = scores.get(label);
        return pools.stream()
                .min((a, b) -> Double.compare(byPool.get(a).median, byPool.get(b).median))
                .orElseThrow();
    }

    /** A line for each pool and number of endpoints: pool, endpoints, median ns. */
    void writeEndpoints(Path file) throws IOException {
        var lines = new ArrayList<String>();
        lines.add(CostPlot.BY_ENDPOINTS);
        scores.forEach((label, byPool) -> {
            if (label.startsWith(ENDPOINTS)) {
                String count = label.substring(ENDPOINTS.length()).replace(",", "");
                byPool.forEach((pool, score) ->
                        lines.add(pool + "," + count + "," + String.format(Locale.ROOT, "%.1f", score.median)));
            }
        });
        Files.write(file, lines);
    }
}
