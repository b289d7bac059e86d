package io.genericpool.benchmarks.overtake;

import io.genericpool.benchmarks.load.Caller;
import io.genericpool.benchmarks.load.CallerKind;
import io.genericpool.benchmarks.load.Callers;
import io.genericpool.benchmarks.load.Endpoints;
import io.genericpool.benchmarks.load.Load;
import io.genericpool.benchmarks.load.OwnJvm;
import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.report.Targets;
import io.genericpool.benchmarks.subject.GenericPoolSubject;
import io.genericpool.benchmarks.subject.Opener;
import io.genericpool.benchmarks.subject.Subject;
import io.genericpool.benchmarks.subject.Subjects;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Sixteen threads on eight connections, by hold: strict order, the windows of {@code overtakeWithin}, and peers. Each figure
 * is the median of several JVMs, since single ones are bimodal. Takes about 3 min.
 */
public final class OvertakeRun {
    private static final int CALLERS = 16;
    private static final int CONNECTIONS = 8;
    private static final String STRICT = Subjects.OURS;
    private static final String WINDOW = Subjects.OURS + ", within 1 ms";
    private static final List<String> POOLS =
            List.of(STRICT, Subjects.OURS + ", within 0.2 ms", WINDOW, Subjects.BAG, Subjects.COMMONS, Subjects.LAX);
    private static final long[] HOLDS_MICROS = {0, 20, 100, 1_000};
    private static final int WARM_UPS = 3;

    private final List<String> pools;
    private final long[] holds;
    private final int jvms;
    private final long millis;

    OvertakeRun(List<String> pools, long[] holds, int jvms, long millis) {
        this.pools = pools;
        this.holds = holds;
        this.jvms = jvms;
        this.millis = millis;
    }

    /**
     * Measures and prints.
     *
     * @param args none; or a pool, a hold in µs and a length in ms, to measure that alone
     * @throws Exception when a pool fails
     */
    public static void main(String[] args) throws Exception {
        if (args.length == 3) {
            measureOne(args[0], Long.parseLong(args[1]), Long.parseLong(args[2]), System.out);
        } else {
            new OvertakeRun(POOLS, HOLDS_MICROS, 5, 300).run(System.out);
        }
    }

    /** Of one pool and hold: medians over JVMs. */
    private record Figures(double perSecond, double lowest, double highest, double p50, double p99, double p999) {}

    void run(PrintStream out) throws Exception {
        var table =
                new Table(2, "hold, µs", "pool", "leases/s", "lowest to highest", "median wait, µs", "99%", "99.9%");
        var targets = new Targets();
        for (long hold : holds) {
            Map<String, Figures> found = new LinkedHashMap<>();
            for (String pool : pools) {
                Figures f = figures(pool, hold);
                found.put(pool, f);
                table.row(
                        hold,
                        pool,
                        Table.number(f.perSecond),
                        Table.number(f.lowest) + " to " + Table.number(f.highest),
                        Table.number(f.p50),
                        Table.number(f.p99),
                        Table.number(f.p999));
            }
            judge(targets, hold, found);
        }
        table.print(out);
        targets.print(out);
    }

    private static void judge(Targets targets, long hold, Map<String, Figures> found) {
        Figures strict = found.get(STRICT);
        Figures window = found.get(WINDOW);
        if (strict == null || window == null) {
            return;
        }
        String what = "16 on 8, hold " + hold + " µs, within 1 ms: ";
        Figures bag = found.get(Subjects.BAG);
        if (hold == 0 && bag != null) {
            targets.atMost(what + "HikariCP's bag's leases beside it", 4, bag.perSecond / window.perSecond, "x");
        }
        targets.atMost(what + "99.9% beside strict order's", 1, window.p999 / strict.p999, "x");
    }

    private Figures figures(String pool, long hold) throws Exception {
        List<Double> perSecond = new ArrayList<>();
        List<Double> p50 = new ArrayList<>();
        List<Double> p99 = new ArrayList<>();
        List<Double> p999 = new ArrayList<>();
        for (int i = 0; i < jvms; i++) {
            String[] words = OwnJvm.lastLine(OvertakeRun.class, pool, String.valueOf(hold), String.valueOf(millis))
                    .split(" ");
            perSecond.add(Double.parseDouble(words[0]));
            p50.add(Double.parseDouble(words[1]));
            p99.add(Double.parseDouble(words[2]));
            p999.add(Double.parseDouble(words[3]));
        }
        return new Figures(
                Table.median(perSecond),
                perSecond.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
                perSecond.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
                Table.median(p50),
                Table.median(p99),
                Table.median(p999));
    }

    private static void measureOne(String pool, long hold, long millis, PrintStream out) throws Exception {
        var opener = new Opener();
        try (Subject<?> subject = subject(pool, opener)) {
            String endpoint = Endpoints.shuffled(1)[0];
            subject.fill(endpoint, CONNECTIONS);
            subject.filled();
            List<Caller> callers = Caller.busy(CALLERS, endpoint, TimeUnit.MICROSECONDS.toNanos(hold));
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            for (int i = 0; i < WARM_UPS; i++) {
                Callers.run(subject, CallerKind.PLATFORM, callers, nanos);
            }
            Load load = Callers.run(subject, CallerKind.PLATFORM, callers, nanos);
            out.println(load.perSecond() + " " + micros(load, 50) + " " + micros(load, 99) + " " + micros(load, 99.9));
            opener.requireWithin(CONNECTIONS, CONNECTIONS);
        }
    }

    private static double micros(Load load, double percent) {
        return load.all().percentile(percent) / 1e3;
    }

    private static Subject<?> subject(String pool, Opener opener) {
        String[] parts = pool.split(", within ");
        if (parts.length == 1) {
            return Subjects.of(pool, CONNECTIONS, CONNECTIONS, opener);
        }
        double window = Double.parseDouble(parts[1].split(" ")[0]);
        return new GenericPoolSubject(
                CONNECTIONS, CONNECTIONS, opener, builder -> builder.connectExecutor(Runnable::run)
                        .overtakeWithin(Duration.ofNanos((long) (window * 1e6))));
    }
}
