package io.genericpool.benchmarks;

import io.genericpool.benchmarks.load.CallerKind;
import io.genericpool.benchmarks.load.Endpoints;
import io.genericpool.benchmarks.load.Waits;
import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.subject.Opener;
import io.genericpool.benchmarks.subject.Subject;
import io.genericpool.benchmarks.subject.Subjects;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Time from the release of an endpoint's only connection until the thread that is parked for it runs, beside the same with
 * the JDK's own means. Takes about 20 s.
 */
public final class HandOverRun {
    private static final List<String> POOLS = List.of(
            Subjects.OURS,
            Subjects.OBSERVED,
            Subjects.COMMONS_FAIR,
            Subjects.STRICT,
            Subjects.LAX,
            Subjects.SEGMENTED,
            Subjects.REACTOR);
    private static final String SEMAPHORE = "fair Semaphore";

    private static final long LONGEST_WARM_UP = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_ROUND = TimeUnit.MILLISECONDS.toNanos(250);

    private final int rounds;
    private final int handOversARound;
    private final int warmUp;

    HandOverRun(int rounds, int handOversARound, int warmUp) {
        this.rounds = rounds;
        this.handOversARound = handOversARound;
        this.warmUp = warmUp;
    }

    /**
     * Measures and prints.
     *
     * @param args none
     * @throws Exception when a pool fails or hands a connection out twice
     */
    public static void main(String[] args) throws Exception {
        new HandOverRun(7, 300, 1500).run(System.out);
    }

    void run(PrintStream out) throws Exception {
        var table = new Table(
                2,
                "waiter",
                "handed over by",
                "times",
                "median, µs",
                "90%, µs",
                "99%, µs",
                "median, times the fair semaphore's");
        for (CallerKind kind : CallerKind.available()) {
            if (kind == CallerKind.ASYNC) {
                continue; // it parks no thread
            }
            Map<String, Waits> byWay = measure(kind);
            double floor = byWay.get(SEMAPHORE).median();
            byWay.forEach((way, waits) -> table.row(
                    kind == CallerKind.PLATFORM ? "platform thread" : "virtual thread",
                    way,
                    Table.count(waits.count()),
                    Table.micros(waits.median()),
                    Table.micros(waits.percentile(90)),
                    Table.micros(waits.percentile(99)),
                    Table.number(waits.median() / floor)));
        }
        table.print(out);
    }

    /** All ways in turn, round after round. */
    private Map<String, Waits> measure(CallerKind kind) throws Exception {
        var handOver = new HandOver(kind.threads());
        String endpoint = Endpoints.shuffled(1)[0];
        var ways = new LinkedHashMap<String, HandOver.Way>();
        var openers = new ArrayList<Opener>();
        var subjects = new ArrayList<Subject<?>>();
        try {
            for (String pool : POOLS) {
                var opener = new Opener();
                Subject<?> subject = Subjects.of(pool, 1, 1, opener);
                openers.add(opener);
                subjects.add(subject);
                ways.put(pool, HandOverWays.pool(subject, endpoint));
            }
            ways.put(SEMAPHORE, HandOverWays.semaphore());
            ways.put("SynchronousQueue", HandOverWays.synchronousQueue());
            ways.put("unpark", HandOverWays.unpark());
            var waits = new LinkedHashMap<String, Waits>();
            for (Map.Entry<String, HandOver.Way> each : ways.entrySet()) {
                waits.put(each.getKey(), new Waits());
                handOver.measure(each.getValue(), warmUp, LONGEST_WARM_UP);
            }
            for (int round = 0; round < rounds; round++) {
                for (Map.Entry<String, HandOver.Way> each : ways.entrySet()) {
                    waits.get(each.getKey()).add(handOver.measure(each.getValue(), handOversARound, LONGEST_ROUND));
                }
            }
            for (Opener opener : openers) {
                opener.requireWithin(1, 1);
            }
            return waits;
        } finally {
            for (Subject<?> subject : subjects) {
                subject.close();
            }
        }
    }
}
