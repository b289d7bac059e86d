package io.genericpool.benchmarks.replay;

import io.genericpool.benchmarks.outage.OutageRun;
import io.genericpool.benchmarks.report.Table;
import io.genericpool.replay.Agreement;
import io.genericpool.replay.Goal;
import io.genericpool.replay.PoolRecorder;
import io.genericpool.replay.Recommendation;
import io.genericpool.replay.Recommender;
import io.genericpool.replay.Recordings;
import io.genericpool.replay.Replay;
import io.genericpool.replay.ReplayResult;
import io.genericpool.replay.recording.Knobs;
import io.genericpool.replay.recording.Recording;
import io.genericpool.replay.recording.RecordingBuilder;
import io.genericpool.replay.recording.Waits;
import io.genericpool.tcp.TcpEndpoint;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Whether replays tell the truth. Records the outage run and a load on a PostgreSQL, replays these and every other recording of
 * the folder with the knobs they were made with, and compares the waits. Then a recommendation for the PostgreSQL is tried on
 * it. At last a million acquires are replayed. Takes about two minutes.
 */
public final class ReplayRun {
    private static final int SCARCE = 3;
    private static final int MILLION = 1_000_000;

    private final Path folder;
    private final int threads;
    private final int queries;
    private final long phaseMillis;

    /** Public for the test of all runs. */
    public ReplayRun(Path folder, int threads, int queries, long phaseMillis) {
        this.folder = folder;
        this.threads = threads;
        this.queries = queries;
        this.phaseMillis = phaseMillis;
    }

    /**
     * Records, replays and prints.
     *
     * @param args the folder of the recordings
     * @throws Exception when a load fails
     */
    public static void main(String[] args) throws Exception {
        if (args.length != 1) {
            throw new IllegalArgumentException("one folder wanted, but got " + args.length + " arguments");
        }
        var run = new ReplayRun(Path.of(args[0]), 24, 300, 10_000);
        run.run(System.out);
        run.million(MILLION, System.out);
    }

    /** Records, replays and prints. */
    public void run(PrintStream out) throws Exception {
        recordOutage();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            var load = new PostgresLoad(postgres.getJdbcUrl("postgres", "postgres"), threads, queries);
            load.prepare();
            load.record(folder.resolve("postgres"), SCARCE);
            compare(out);
            tryRecommendation(load, out);
        }
    }

    private void recordOutage() throws Exception {
        PoolRecorder<TcpEndpoint> recorder =
                PoolRecorder.builder(folder.resolve("outage")).build();
        try (var quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new OutageRun(phaseMillis / 3, phaseMillis, recorder).run(quiet);
        }
    }

    private void compare(PrintStream out) throws IOException {
        var table = new Table(1, "recording", "acquires", "of waits", "recorded, ms", "replayed, ms", "agree");
        List<Path> recordings;
        try (Stream<Path> files = Files.list(folder)) {
            recordings = files.filter(each -> !each.endsWith("tried")).sorted().toList();
        }
        for (Path each : recordings) {
            Recording recording = Recordings.read(each);
            ReplayResult same = new Replay(recording).run(recording.knobs().orElseThrow());
            for (Agreement row : Agreement.between(recording.waits(), same.waits())) {
                table.row(
                        each.getFileName().toString(),
                        Table.count(recording.size()),
                        (int) row.percent() + " %",
                        millis(row.recordedNanos()),
                        millis(row.replayedNanos()),
                        row.holds() ? "yes" : "no");
            }
        }
        table.print(out);
    }

    private void tryRecommendation(PostgresLoad load, PrintStream out) throws Exception {
        Recording recording = Recordings.read(folder.resolve("postgres"));
        Knobs knobs = recording.knobs().orElseThrow();
        Goal goal = Goal.parse("p99=5ms");
        Recommendation found = new Recommender(new Replay(recording).closedLoop(true), goal).overMaxSize(knobs);
        found.notes().forEach(out::println);
        if (found.best().isEmpty()) {
            out.println("no size reaches the goal: " + goal);
            return;
        }
        ReplayResult best = found.best().get();
        load.record(folder.resolve("tried"), best.knobs().maxSize());
        Waits tried = Recordings.read(folder.resolve("tried")).waits();
        var table = new Table(1, "maxSize", "how", "50%, ms", "95%, ms", "99%, ms");
        row(table, SCARCE, "recorded", recording.waits());
        row(table, best.knobs().maxSize(), "recommended for " + goal + ", replayed", best.waits());
        row(table, best.knobs().maxSize(), "tried", tried);
        table.print(out);
    }

    private static void row(Table table, int maxSize, String how, Waits waits) {
        table.row(
                Integer.toString(maxSize),
                how,
                millis(waits.percentile(50)),
                millis(waits.percentile(95)),
                millis(waits.percentile(99)));
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / 1e6);
    }

    /** Arrivals and holds by chance, at 88 % of what the connections can do. */
    public void million(int acquires, PrintStream out) {
        var builder = new RecordingBuilder("million");
        int endpoint = builder.endpoint("e");
        builder.connect(endpoint, TimeUnit.MILLISECONDS.toNanos(3), TimeUnit.MILLISECONDS.toNanos(3), true);
        var random = new SplittableRandom(7);
        long now = 0;
        for (int i = 0; i < acquires; i++) {
            now += chance(random, 1);
            long held = chance(random, 7);
            builder.lease(endpoint, now + held, new long[] {0, 0, held}, i, false);
        }
        long start = System.nanoTime();
        long cpuStart = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        ReplayResult result = new Replay(builder.build()).run(Knobs.DEFAULTS.withMaxSize(8));
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuSeconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuStart) / 1e9;
        out.printf(
                Locale.ROOT,
                "%,d acquires were replayed in %.1f s, %.1f s of them on a processor; 99 %% of waits: %s ms%n",
                acquires,
                seconds,
                cpuSeconds,
                millis(result.waits().percentile(99)));
    }

    private static long chance(SplittableRandom random, double meanMillis) {
        return (long) (-Math.log(1 - random.nextDouble()) * meanMillis * 1e6);
    }
}
