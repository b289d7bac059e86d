package io.genericpool.benchmarks.websocket;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measured values of one thing. */
final class Samples {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** This divided by another one, sample by sample: what both suffered at a time cancels out. */
    Samples over(Samples other) {
        var ratios = new Samples();
        for (int i = 0; i < values.size(); i++) {
            ratios.add(values.get(i) / other.values.get(i));
        }
        return ratios;
    }

    /** Median, and from where to where. */
    String text(String format) {
        double least = values.stream().mapToDouble(value -> value).min().orElse(Double.NaN);
        double most = values.stream().mapToDouble(value -> value).max().orElse(Double.NaN);
        return String.format(Locale.ROOT, format + " (" + format + " to " + format + ")", median(), least, most);
    }
}
