package io.genericpool.benchmarks.report;

import java.io.PrintStream;

/** What a run was to reach, what it reached, and the verdict. */
public final class Targets {
    private final Table table = new Table(4, "target", "bound", "measured", "verdict");

    /** A count that must not be above the bound. */
    public void atMost(String what, long bound, long measured) {
        add(what, "at most " + Table.count(bound), measured <= bound, Table.count(measured));
    }

    /** A figure that must not be above the bound. */
    public void atMost(String what, double bound, double measured, String unit) {
        add(what, "at most " + Table.number(bound) + unit, measured <= bound, Table.number(measured) + unit);
    }

    /** A figure that must not be below the bound. */
    public void atLeast(String what, double bound, double measured, String unit) {
        add(what, "at least " + Table.number(bound) + unit, measured >= bound, Table.number(measured) + unit);
    }

    /** A ratio that says how far ahead the pool is. */
    public void ahead(String what, double ratio) {
        add(what, "ahead (over 1x)", ratio > 1, Table.number(ratio) + "x");
    }

    /** A figure that has no bound. */
    public void report(String what, String measured) {
        table.row(what, "none, reported", measured, "");
    }

    private void add(String what, String bound, boolean isMet, String measured) {
        table.row(what, bound, measured, isMet ? "met" : "**missed**");
    }

    public void print(PrintStream out) {
        table.print(out);
    }
}
