package io.genericpool.benchmarks;

import io.genericpool.benchmarks.load.Caller;
import io.genericpool.benchmarks.load.CallerKind;
import io.genericpool.benchmarks.load.Callers;
import io.genericpool.benchmarks.load.Load;
import io.genericpool.benchmarks.load.Waits;
import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.report.Targets;
import io.genericpool.benchmarks.subject.GenericPoolSubject;
import io.genericpool.benchmarks.subject.Opener;
import io.genericpool.benchmarks.subject.Subject;
import io.genericpool.benchmarks.subject.Subjects;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One endpoint that could use all connections for ever, beside one that wants a connection now and then, at the total
 * limit: 16 callers on the hot one and one on the cold one share eight connections. Holds last 1 ms; connects cost nothing
 * but are counted. Takes about 40 s.
 */
public final class HotColdRun {
    private static final int TOTAL = 8;
    private static final int HOT_CALLERS = 16;
    private static final String HOT = "hot";
    private static final String COLD = "cold";
    private static final long HOLD = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long COLD_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);
    /** The pool's default, when connects are quick. */
    private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(10);
    /** Hot callers wait for all connections at once, as many as there are: one hold is ahead of the cold caller. */
    private static final long HOLDS_AHEAD = (HOT_CALLERS - TOTAL + TOTAL - 1) / TOTAL;

    private final long nanos;
    private final Table table = new Table(
            1,
            "pool",
            "cold leases",
            "cold median wait, ms",
            "cold longest wait, ms",
            "hot leases/s",
            "hot longest wait, ms",
            "connects",
            "limit + 2 a cold lease");
    private final Targets targets = new Targets();

    HotColdRun(long nanos) {
        this.nanos = nanos;
    }

    /**
     * Measures and prints.
     *
     * @param args none
     * @throws Exception when a pool fails, hands a connection out twice or breaks its limits
     */
    public static void main(String[] args) throws Exception {
        new HotColdRun(TimeUnit.SECONDS.toNanos(10)).run(System.out);
    }

    void run(PrintStream out) throws Exception {
        measure(Subjects.OURS, opener -> new GenericPoolSubject(TOTAL, TOTAL, opener, options -> {}));
        for (String peer : List.of(Subjects.COMMONS, Subjects.COMMONS_FAIR, Subjects.STRICT)) {
            measure(peer, opener -> Subjects.of(peer, TOTAL, TOTAL, opener));
        }
        table.print(out);
        targets.print(out);
    }

    private void measure(String pool, Function<Opener, Subject<?>> maker) throws Exception {
        var callers = new ArrayList<>(Caller.busy(HOT_CALLERS, HOT, HOLD));
        callers.add(new Caller(COLD, HOLD, COLD_PAUSE));
        warmUp(maker, callers);
        var opener = new Opener();
        try (Subject<?> subject = maker.apply(opener)) {
            Load load = Callers.run(subject, CallerKind.PLATFORM, callers, nanos);
            opener.requireWithin(TOTAL, TOTAL);
            report(pool, load, opener.connects());
        }
    }

    /** On a pool of its own, so that the connects are those of the whole run. */
    private void warmUp(Function<Opener, Subject<?>> maker, List<Caller> callers) throws Exception {
        try (Subject<?> subject = maker.apply(new Opener())) {
            Callers.run(subject, CallerKind.PLATFORM, callers, nanos / 10);
        }
    }

    private void report(String pool, Load load, long connects) {
        Waits cold = load.waits(caller -> caller.endpoint().equals(COLD));
        Waits hot = load.waits(caller -> caller.endpoint().equals(HOT));
        long allowed = TOTAL + 2 * cold.count();
        table.row(
                pool,
                Table.count(cold.count()),
                Table.millis(cold.median()),
                Table.millis(cold.longest()),
                Table.number(hot.count() * 1e9 / load.nanos()),
                Table.millis(hot.longest()),
                Table.count(connects),
                Table.count(allowed));
        if (pool.equals(Subjects.OURS)) {
            targets.atMost("connects, beside limit + 2 a cold lease", allowed, connects);
            targets.atMost(
                    "cold median wait: one overtake window + 2 holds of the queue ahead",
                    (WINDOW + 2 * HOLDS_AHEAD * HOLD) / 1e6,
                    cold.median() / 1e6,
                    " ms");
        }
    }
}
