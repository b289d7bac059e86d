package io.genericpool.benchmarks;

import io.genericpool.benchmarks.load.Caller;
import io.genericpool.benchmarks.load.CallerKind;
import io.genericpool.benchmarks.load.Callers;
import io.genericpool.benchmarks.load.Endpoints;
import io.genericpool.benchmarks.load.Load;
import io.genericpool.benchmarks.load.Waits;
import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.report.Targets;
import io.genericpool.benchmarks.subject.GenericPoolSubject;
import io.genericpool.benchmarks.subject.Opener;
import io.genericpool.benchmarks.subject.Subject;
import io.genericpool.benchmarks.subject.Subjects;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Twice as many busy endpoints as the total limit allows connections, and a connect that costs 5 ms: 16 endpoints with
 * three callers each, so that each always has waiters, share eight connections and hold them for 1 ms. Shows what the
 * overtake window trades: leases against the longest wait. Takes about 30 s.
 */
public final class OverloadRun {
    private static final int TOTAL = 8;
    private static final int ENDPOINTS = 2 * TOTAL;
    private static final int CALLERS_AN_ENDPOINT = 3;
    private static final long HOLD = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long CONNECT = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long[] WINDOWS_MS = {0, 1, 10, 50};

    private final long nanos;
    private final List<Caller> callers = new ArrayList<>();
    private final Table table = new Table(
            1,
            "pool",
            "leases/s",
            "connects a lease",
            "median wait, ms",
            "99%",
            "longest wait, ms",
            "fewest leases of an endpoint");
    private final Targets targets = new Targets();

    OverloadRun(long nanos) {
        this.nanos = nanos;
        for (String endpoint : Endpoints.shuffled(ENDPOINTS)) {
            callers.addAll(Caller.busy(CALLERS_AN_ENDPOINT, endpoint, HOLD));
        }
    }

    /**
     * Measures and prints.
     *
     * @param args none
     * @throws Exception when a pool fails, hands a connection out twice or breaks its limits
     */
    public static void main(String[] args) throws Exception {
        new OverloadRun(TimeUnit.SECONDS.toNanos(3)).run(System.out);
    }

    void run(PrintStream out) throws Exception {
        Function<Opener, Subject<?>> byDefault = opener -> new GenericPoolSubject(TOTAL, TOTAL, opener, options -> {});
        load(byDefault, new Opener(CONNECT), nanos / 3); // warms up
        report("generic-pool, default window", byDefault, -1);
        for (long window : WINDOWS_MS) {
            report(
                    "generic-pool, window " + window + " ms",
                    opener -> new GenericPoolSubject(
                            TOTAL, TOTAL, opener, options -> options.overtakeWindow(Duration.ofMillis(window))),
                    window);
        }
        for (String peer : List.of(Subjects.COMMONS, Subjects.COMMONS_FAIR, Subjects.STRICT)) {
            report(peer, opener -> Subjects.of(peer, TOTAL, TOTAL, opener), -1);
        }
        table.print(out);
        targets.print(out);
    }

    private Load load(Function<Opener, Subject<?>> pool, Opener opener, long howLong) throws Exception {
        try (Subject<?> subject = pool.apply(opener)) {
            Load load = Callers.run(subject, CallerKind.PLATFORM, callers, howLong);
            opener.requireWithin(TOTAL, TOTAL);
            return load;
        }
    }

    private void report(String pool, Function<Opener, Subject<?>> maker, long windowMillis) throws Exception {
        var opener = new Opener(CONNECT);
        Load load = load(maker, opener, nanos);
        Waits waits = load.all();
        table.row(
                pool,
                Table.number(load.perSecond()),
                Table.number(opener.connects() / (double) waits.count()),
                Table.millis(waits.median()),
                Table.millis(waits.percentile(99)),
                Table.millis(waits.longest()),
                Table.count(fewest(load)));
        if (windowMillis > 0) {
            targets.atMost(
                    "window " + windowMillis + " ms: connects, beside permits x (time / window + 1)",
                    TOTAL * (TimeUnit.NANOSECONDS.toMillis(load.nanos()) / windowMillis + 1),
                    opener.connects());
        }
    }

    private long fewest(Load load) {
        return callers.stream()
                .map(Caller::endpoint)
                .distinct()
                .mapToLong(endpoint ->
                        load.waits(caller -> caller.endpoint().equals(endpoint)).count())
                .min()
                .orElseThrow();
    }
}
