package io.genericpool.benchmarks;

import io.genericpool.benchmarks.load.Load;
import io.genericpool.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The rounds of one pool in one case. Medians over rounds, because a round in which other programs had the cores says little. */
final class Rounds {
    private final List<Load> loads = new ArrayList<>();

    void add(Load load) {
        loads.add(load);
    }

    double perSecond() {
        return median(Load::perSecond);
    }

    double percentile(double percent) {
        return median(load -> load.all().percentile(percent));
    }

    /** Of each round the longest wait, of these the median. */
    double longestOfRound() {
        return median(load -> load.all().longest());
    }

    /** Of all rounds. */
    double longest() {
        return loads.stream().mapToDouble(load -> load.all().longest()).max().orElseThrow();
    }

    private double median(ToDoubleFunction<Load> figure) {
        return Table.median(loads.stream().mapToDouble(figure).boxed().toList());
    }
}
