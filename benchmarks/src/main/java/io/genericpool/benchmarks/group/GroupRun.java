package io.genericpool.benchmarks.group;

import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.report.Targets;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Acquire by a group of three members: its cost with an idle connection at the first choice beside a plain acquire, and what
 * 64 callers notice when one of the members dies again and again. Takes about 20 s.
 */
public final class GroupRun {
    private final int rounds;
    private final long costNanos;
    private final long callMillis;

    GroupRun(int rounds, long costNanos, long callMillis) {
        this.rounds = rounds;
        this.costNanos = costNanos;
        this.callMillis = callMillis;
    }

    /**
     * Measures and prints.
     *
     * @param args none
     * @throws Exception when a pool fails
     */
    public static void main(String[] args) throws Exception {
        new GroupRun(7, TimeUnit.MILLISECONDS.toNanos(200), 1_000).run(System.out);
    }

    void run(PrintStream out) throws Exception {
        var targets = new Targets();
        var cost = new Table(1, "acquire and release", "ns", "beside one endpoint", "beside three in turn");
        try (var measured = new GroupCost()) {
            measured.measure(rounds, costNanos);
            measured.report(cost, targets);
        }
        cost.print(out);
        var calls =
                new Table(1, "64 callers of three members", "acquires", "failed", "median wait, µs", "99%", "99.9%");
        try (var members = new DyingMember()) {
            members.healthy(callMillis); // warms up
            List<Double> ratios = new ArrayList<>();
            int failed = 0;
            for (int round = 0; round < Math.max(1, rounds / 2); round++) {
                DyingMember.Seen healthy = members.healthy(callMillis);
                DyingMember.Seen dying = members.dying(callMillis);
                row(calls, "all are well", healthy);
                row(calls, "one dies ten times a second", dying);
                ratios.add(dying.waits().percentile(99)
                        / (double) Math.max(1, healthy.waits().percentile(99)));
                failed += dying.failed();
            }
            targets.report(
                    "99% of waits while one of three members dies, beside all well, median of rounds",
                    Table.number(Table.median(ratios)) + "x");
            targets.atMost("requests that failed because one of three members died", 0, failed);
        }
        calls.print(out);
        targets.print(out);
    }

    private static void row(Table table, String what, DyingMember.Seen seen) {
        table.row(
                what,
                Table.count(seen.waits().count()),
                seen.failed(),
                Table.micros(seen.waits().median()),
                Table.micros(seen.waits().percentile(99)),
                Table.micros(seen.waits().percentile(99.9)));
    }
}
