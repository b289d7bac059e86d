package io.genericpool.benchmarks;

import io.genericpool.benchmarks.load.Endpoints;
import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.subject.GenericPoolSubject;
import io.genericpool.benchmarks.subject.Opener;
import io.genericpool.benchmarks.subject.Subject;
import io.genericpool.benchmarks.subject.Subjects;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The total limit binds: one thread visits sixteen times as many endpoints as there may be connections, so that each
 * acquire finds none of its own and must take the permit of an idle connection elsewhere. Prints ns for an acquire, with
 * its disposal and connect, and connects an acquire. Takes about 20 s.
 */
public final class TotalLimitRun {
    private static final String OURS_INLINE = "generic-pool, connects inline";
    private static final String OURS_THREADS = "generic-pool, connects on its own threads";
    private static final int MAX_SIZE = 8;
    /** One that is not the longest idle may be disposed; after so many others hardly any is left at its next turn. */
    private static final int ENDPOINTS_A_CONNECTION = 16;

    private final int[] totals;
    private final int rounds;
    private final long roundNanos;

    TotalLimitRun(int[] totals, int rounds, long roundNanos) {
        this.totals = totals;
        this.rounds = rounds;
        this.roundNanos = roundNanos;
    }

    /** One pool, going round its endpoints. */
    private static final class Visit {
        private final Opener opener = new Opener();
        private final Subject<?> subject;
        private final String[] endpoints;
        private final int total;
        private final List<Double> nanos = new ArrayList<>();
        private int next;
        private long acquires;
        private long connects;

        Visit(Function<Opener, Subject<?>> pool, int total) {
            this.subject = pool.apply(opener);
            this.total = total;
            this.endpoints = Endpoints.shuffled(total * ENDPOINTS_A_CONNECTION);
        }

        /** The clock is read once in so many acquires as there may be connections. */
        void round(long roundNanos) throws Exception {
            long start = System.nanoTime();
            long connectsBefore = opener.connects();
            long count = 0;
            long now;
            do {
                for (int i = 0; i < total; i++) {
                    subject.checkedCycle(endpoints[next]);
                    next = (next + 1) % endpoints.length;
                }
                count += total;
                now = System.nanoTime();
            } while (now - start < roundNanos);
            nanos.add((now - start) / (double) count);
            acquires += count;
            connects += opener.connects() - connectsBefore;
        }

        void forget() {
            nanos.clear();
            acquires = 0;
            connects = 0;
        }
    }

    /**
     * Measures and prints.
     *
     * @param args none
     * @throws Exception when a pool fails, hands a connection out twice or breaks its limits
     */
    public static void main(String[] args) throws Exception {
        new TotalLimitRun(new int[] {8, 100, 1000}, 7, TimeUnit.MILLISECONDS.toNanos(150)).run(System.out);
    }

    void run(PrintStream out) throws Exception {
        var table = new Table(
                1, "pool", "total limit", "endpoints", "ns an acquire", "connects an acquire", "ours is faster by");
        for (int total : totals) {
            Map<String, Visit> visits = visits(total);
            double ours = 0;
            for (Map.Entry<String, Visit> each : measured(visits).entrySet()) {
                Visit visit = each.getValue();
                double nanos = Table.median(visit.nanos);
                if (each.getKey().equals(OURS_INLINE)) {
                    ours = nanos;
                }
                table.row(
                        each.getKey(),
                        Table.count(total),
                        Table.count(visit.endpoints.length),
                        Table.number(nanos),
                        Table.number(visit.connects / (double) visit.acquires),
                        Table.number(nanos / ours) + "x");
            }
        }
        table.print(out);
    }

    private static Map<String, Visit> visits(int total) {
        var visits = new LinkedHashMap<String, Visit>();
        visits.put(OURS_INLINE, new Visit(opener -> GenericPoolSubject.inline(MAX_SIZE, total, opener), total));
        visits.put(
                OURS_THREADS,
                new Visit(opener -> new GenericPoolSubject(MAX_SIZE, total, opener, options -> {}), total));
        for (String peer : List.of(Subjects.COMMONS, Subjects.STRICT)) {
            visits.put(peer, new Visit(opener -> Subjects.of(peer, MAX_SIZE, total, opener), total));
        }
        return visits;
    }

    private Map<String, Visit> measured(Map<String, Visit> visits) throws Exception {
        try {
            for (int round = -2; round < rounds; round++) { // two to warm up
                for (Visit visit : visits.values()) {
                    visit.round(roundNanos);
                    if (round < 0) {
                        visit.forget();
                    }
                }
            }
            for (Visit visit : visits.values()) {
                visit.opener.requireWithin(MAX_SIZE, visit.total);
            }
        } finally {
            for (Visit visit : visits.values()) {
                visit.subject.close();
            }
        }
        return visits;
    }
}
