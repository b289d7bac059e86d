package io.genericpool.benchmarks;

import io.genericpool.benchmarks.load.CallerKind;
import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.report.Targets;
import io.genericpool.benchmarks.subject.Subjects;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Throughput and waiting times of 1, 2 and 16 callers on eight connections of one endpoint, without hold and with one of
 * 100 µs, blocking on platform and virtual threads and with futures, beside a fair semaphore. Takes about 80 s.
 */
public final class WaitingRun {
    private static final int MANY = 16;
    private static final int[] FEW = {1, 2};
    private static final long[] HOLDS = {0, TimeUnit.MICROSECONDS.toNanos(100)};
    private static final double P999 = 99.9;
    /** Waiting may last so many times as long as with the fair semaphore. */
    private static final double TIMES_SEMAPHORE = 3;

    private final int rounds;
    private final long roundNanos;
    private final Map<WaitingCase, Map<String, Rounds>> results = new LinkedHashMap<>();

    WaitingRun(int rounds, long roundNanos) {
        this.rounds = rounds;
        this.roundNanos = roundNanos;
    }

    /**
     * Measures and prints.
     *
     * @param args none
     * @throws Exception when a pool fails, hands a connection out twice or breaks its limits
     */
    public static void main(String[] args) throws Exception {
        new WaitingRun(5, TimeUnit.MILLISECONDS.toNanos(250)).run(System.out);
    }

    void run(PrintStream out) throws Exception {
        for (long hold : HOLDS) {
            for (CallerKind kind : CallerKind.available()) {
                for (int few : FEW) {
                    measure(new WaitingCase(kind, few, hold), roundNanos / 4);
                }
                measure(new WaitingCase(kind, MANY, hold), roundNanos);
            }
        }
        printMany(out);
        printFew(out);
        printTargets(out);
    }

    private void measure(WaitingCase what, long nanos) throws Exception {
        results.put(what, what.measure(rounds, nanos));
    }

    private void printMany(PrintStream out) {
        var table = new Table(
                3,
                "16 callers on 8, hold",
                "callers",
                "pool",
                "leases/s",
                "median wait, µs",
                "99%",
                "99.9%",
                "longest of a round",
                "longest of all");
        results.forEach((what, byPool) -> {
            if (what.callers() == MANY) {
                byPool.forEach((pool, measured) -> table.row(
                        hold(what),
                        what.kind().label,
                        pool,
                        Table.number(measured.perSecond()),
                        Table.micros(measured.percentile(50)),
                        Table.micros(measured.percentile(99)),
                        Table.micros(measured.percentile(P999)),
                        Table.micros(measured.longestOfRound()),
                        Table.micros(measured.longest())));
            }
        });
        table.print(out);
    }

    private void printFew(PrintStream out) {
        var table = new Table(
                3,
                "hold",
                "callers",
                "pool",
                "1 caller, leases/s",
                "99.9% wait, µs",
                "2 callers, leases/s",
                "99.9% wait, µs");
        results.forEach((what, one) -> {
            if (what.callers() == FEW[0]) {
                Map<String, Rounds> two = of(what.kind(), FEW[1], what.holdNanos());
                one.forEach((pool, measured) -> table.row(
                        hold(what),
                        what.kind().label,
                        pool,
                        Table.number(measured.perSecond()),
                        Table.micros(measured.percentile(P999)),
                        Table.number(two.get(pool).perSecond()),
                        Table.micros(two.get(pool).percentile(P999))));
            }
        });
        table.print(out);
    }

    private void printTargets(PrintStream out) {
        var targets = new Targets();
        for (CallerKind kind : CallerKind.available()) {
            for (long hold : HOLDS) {
                Map<String, Rounds> byPool = of(kind, MANY, hold);
                Rounds ours = byPool.get(Subjects.OURS);
                String what = "16 on 8, " + kind.label + ", " + (hold == 0 ? "no hold" : "hold 100 µs") + ": ";
                targets.ahead(what + "throughput, beside the best FIFO peer", ours.perSecond() / bestPeer(byPool));
                Rounds direct = byPool.get(Subjects.DIRECT);
                if (direct != null) {
                    targets.ahead(
                            what + "completed by the releaser, as peers do, throughput beside the best of these",
                            direct.perSecond() / bestPeer(byPool));
                }
                Rounds floor = byPool.get(Subjects.SEMAPHORE);
                if (hold > 0 && floor != null) {
                    String beside = " beside the fair semaphore's";
                    times(targets, what + "99.9%" + beside, ours.percentile(P999), floor.percentile(P999));
                    times(targets, what + "longest of a round" + beside, ours.longestOfRound(), floor.longestOfRound());
                    times(targets, what + "longest of all" + beside, ours.longest(), floor.longest());
                }
            }
        }
        targets.print(out);
    }

    private static void times(Targets targets, String what, double ours, double floor) {
        targets.atMost(what, TIMES_SEMAPHORE, ours / floor, "x");
    }

    private static double bestPeer(Map<String, Rounds> byPool) {
        return Subjects.FIFO.stream()
                .filter(byPool::containsKey)
                .mapToDouble(pool -> byPool.get(pool).perSecond())
                .max()
                .orElseThrow();
    }

    private Map<String, Rounds> of(CallerKind kind, int callers, long hold) {
        return results.get(new WaitingCase(kind, callers, hold));
    }

    private static String hold(WaitingCase what) {
        return what.holdNanos() == 0 ? "none" : "100 µs";
    }
}
