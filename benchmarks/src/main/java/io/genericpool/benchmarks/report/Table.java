package io.genericpool.benchmarks.report;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table in Markdown: the first columns hold words, the others numbers. */
public final class Table {
    private final List<String> lines = new ArrayList<>();

    public Table(int words, String... header) {
        row((Object[]) header);
        var rule = new StringBuilder("|");
        for (int i = 0; i < header.length; i++) {
            rule.append(i < words ? "---|" : "---:|");
        }
        lines.add(rule.toString());
    }

    public void row(Object... cells) {
        var line = new StringBuilder("|");
        for (Object cell : cells) {
            line.append(' ').append(cell).append(" |");
        }
        lines.add(line.toString());
    }

    /** Prints it with an empty line around. */
    public void print(PrintStream out) {
        out.println();
        lines.forEach(out::println);
        out.println();
    }

    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** With about three digits. */
    public static String number(double value) {
        int digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    /** Nanoseconds as microseconds. */
    public static String micros(double nanos) {
        return number(nanos / 1e3);
    }

    /** Nanoseconds as milliseconds. */
    public static String millis(double nanos) {
        return number(nanos / 1e6);
    }

    public static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
