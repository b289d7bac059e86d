package io.genericpool.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.benchmarks.load.CallerKind;
import io.genericpool.benchmarks.outage.OutageRun;
import io.genericpool.benchmarks.replay.RecorderCost;
import io.genericpool.benchmarks.replay.ReplayRun;
import io.genericpool.benchmarks.subject.Subjects;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each run in its smallest form, so that it cannot rot between releases; the figures themselves mean nothing here. */
class RunsTest {
    private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(5);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void theWaitingRunPrintsEachPoolForEachKindOfCallerThatTheJdkHas() throws Exception {
        new WaitingRun(1, MOMENT).run(out);

        for (CallerKind kind : CallerKind.available()) {
            assertThat(rowsWith(kind.label, "| " + Subjects.OURS + " |")).hasSize(4);
            assertThat(rowsWith(kind.label, Subjects.REACTOR)).hasSize(4);
        }
        assertThat(rowsWith(CallerKind.PLATFORM.label, Subjects.SEMAPHORE)).hasSize(4);
        assertThat(rowsWith("16 on 8")).isNotEmpty().allMatch(RunsTest::hasVerdict);
    }

    @Test
    void theRunAtTheTotalLimitMakesAConnectForNearlyEachAcquire() throws Exception {
        new TotalLimitRun(new int[] {8}, 1, MOMENT).run(out);

        assertThat(rowsWith("| 8 | 128 |")).hasSize(4).allSatisfy(row -> assertThat(number(row, 5))
                .isBetween(0.5, 1.01));
    }

    @Test
    void theHotAndColdRunPrintsBothTargets() throws Exception {
        new HotColdRun(20 * MOMENT).run(out);

        assertThat(rowsWith(Subjects.COMMONS_FAIR)).hasSize(1);
        assertThat(rowsWith("connects, beside")).hasSize(1).allMatch(RunsTest::hasVerdict);
        assertThat(rowsWith("cold median wait: ")).hasSize(1).allMatch(RunsTest::hasVerdict);
    }

    @Test
    void theOverloadRunPrintsEachOvertakeWindow() throws Exception {
        new OverloadRun(20 * MOMENT).run(out);

        assertThat(rowsWith("generic-pool, window")).hasSize(4);
        assertThat(rowsWith("connects, beside permits")).hasSize(3).allMatch(RunsTest::hasVerdict);
    }

    @Test
    void theSweepRunTimesRoundsOfTheCollectorThatLeaveAllConnectionsIdle() throws Exception {
        new SweepRun(200, 3).run(out);

        assertThat(rowsWith("| 200 | 1 |")).hasSize(1);
        assertThat(rowsWith("sweep of 200 idle connections")).hasSize(3).allMatch(RunsTest::hasVerdict);
    }

    @Test
    void theConnectionsRunComparesPoolsWithConnectionsAllLeasedButOne(@TempDir Path folder) throws Exception {
        new ConnectionsRun(List.of(Subjects.OURS, Subjects.SEGMENTED), new int[] {8, 40}, 1)
                .run(out, folder.resolve("figures.csv"));

        assertThat(rowsWith("| " + Subjects.OURS + " |")).hasSize(1);
        assertThat(rowsWith("| " + Subjects.SEGMENTED + " |")).hasSize(1);
        assertThat(rowsWith("40 connections beside")).hasSize(2).allMatch(RunsTest::hasVerdict);
        assertThat(CostPlot.draw(Files.readAllLines(folder.resolve("figures.csv"))))
                .contains(Subjects.SEGMENTED);
    }

    @Test
    void thePeersAtScaleRunComparesPoolsThatCanDoTheStep() throws Exception {
        new PeersAtScaleRun(List.of(Subjects.DIRECT, Subjects.SEGMENTED, Subjects.COMMONS), 20, 50, 40, 1).run(out);

        assertThat(rowsWith("a hand-over, 20 futures wait")).hasSize(1);
        assertThat(rowsWith("close with 40 idle connections")).hasSize(1);
        assertThat(rowsWith("beside the best peer")).hasSize(3).allMatch(RunsTest::hasVerdict);
    }

    @Test
    void theGrowthRunPrintsWhatEachStepTakes() throws Exception {
        new GrowthRun(new int[] {1, 40}, 20, 40).run(out);

        assertThat(rowsWith("a stranger is refused")).hasSize(1);
        assertThat(rowsWith("a cold burst of 40 calls")).hasSize(1).allMatch(RunsTest::hasVerdict);
        assertThat(rowsWith("beside one")).hasSize(3).allMatch(RunsTest::hasVerdict);
    }

    @Test
    void theBoundsRunPrintsWhatVeryManyConnectionsTake() throws Exception {
        new BoundsRun(2_000, 200, 20).run(out);

        assertThat(rowsWith("close(100 ms), ", "ms |")).hasSize(3).allMatch(RunsTest::hasVerdict);
        assertThat(rowsWith("tryConnection, all dead, instant checks")).hasSize(2);
        assertThat(rowsWith("timeouts, all dead, instant checks: the latest"))
                .hasSize(1)
                .allMatch(RunsTest::hasVerdict);
    }

    @Test
    void theObservedRunPrintsScrapesAndCyclesBesideTheirTargets() throws Exception {
        new ObservedRun(10, 20, 2, MOMENT).run(out);

        assertThat(rowsWith("acquire and release", " ns |")).hasSize(3);
        assertThat(rowsWith("scrape", " µs |")).hasSize(3);
        assertThat(rowsWith("read of all meters")).hasSize(2);
        assertThat(rowsWith(" beside ")).hasSize(3).allMatch(RunsTest::hasVerdict);
    }

    @Test
    void theTenantFloodRunPrintsBothWaysOfSharing() throws Exception {
        new TenantFloodRun(20 * MOMENT).run(out);

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .allMatch(line -> line.matches(".*: [1-9][0-9,]* acquires per second before, .* during the flood .*"));
    }

    @Test
    void theOutageRunPrintsWhatTheOthersNoticed() throws Exception {
        new OutageRun(100, 300).run(out);

        assertThat(rowsWith("the nine others")).hasSize(3);
        assertThat(rowsWith("one of ten is down", "the one that goes down"))
                .singleElement()
                .satisfies(row -> assertThat(number(row, 4)).isPositive());
        assertThat(rowsWith("connects that 64 callers")).hasSize(1).allMatch(RunsTest::hasVerdict);
    }

    @Test
    void theReplayRunComparesOutageAndPostgres(@TempDir Path directory) throws Exception {
        var run = new ReplayRun(directory, 6, 12, 400);
        run.run(out);
        run.million(2_000, out);

        assertThat(rowsWith("outage", " yes |").size()
                        + rowsWith("outage", " no |").size())
                .isEqualTo(3);
        assertThat(rowsWith("postgres")).hasSize(3);
        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("2,000 acquires were replayed in ");
    }

    @Test
    void theRecorderCostHasAFigurePerListener() throws Exception {
        assertThat(RecorderCost.measured(RecorderCost.Case.RECORDED, 2)).isPositive();
        assertThat(RecorderCost.measured(RecorderCost.Case.PLAIN, 2)).isPositive();
    }

    @Test
    void theHandOverRunTimesParkedThreads() throws Exception {
        new HandOverRun(1, 5, 5).run(out);

        assertThat(rowsWith("platform thread", Subjects.OURS)).isNotEmpty().allSatisfy(row -> assertThat(number(row, 4))
                .isPositive());
    }

    @Test
    void theMemoryFootprintAgreesWithItselfByHeapAndByGraph() throws Exception {
        // Many, since what earlier runs have left to be collected is seen in the graph as well.
        new MemoryFootprint(4_000, List.of(Subjects.FLOOR, Subjects.OURS)).run(out);

        assertThat(rowsWith(Subjects.OURS, "| 4,000 |")).hasSize(1).allSatisfy(row -> assertThat(number(row, 4))
                .isBetween(100.0, 1_000.0));
        assertThat(rowsWith("JOL")).anyMatch(RunsTest::hasVerdict);
    }

    @Test
    void theShortRunPrintsTargetsAndWritesWhatIsPlotted(@TempDir Path directory) throws Exception {
        System.setProperty("jmh.ignoreLock", "true"); // another build on this machine may hold it
        Path csv = directory.resolve("endpoints.csv");
        List<String> pools = List.of(Subjects.OURS, Subjects.SEGMENTED, Subjects.FLOOR);

        ShortResults results = new ShortRun(pools, new int[] {1, 100}, 1, 0).run(new PrintStream(bytes));
        results.print(out);
        results.writeEndpoints(csv);
        Path svg = directory.resolve("plot.svg");
        CostPlot.main(new String[] {csv.toString(), svg.toString()});

        assertThat(rowsWith("beside the floor")).hasSize(5).allMatch(RunsTest::hasVerdict);
        int withWideFloor = pools.size() + 1;
        assertThat(Files.readAllLines(csv)).hasSize(1 + 2 * withWideFloor).contains(CostPlot.BY_ENDPOINTS);
        assertThat(Files.readString(svg)).contains("<polyline").contains(">" + Subjects.SEGMENTED + "</text>");
    }

    /** The lines of tables that contain all these cells, or parts of cells. */
    private List<String> rowsWith(String... parts) {
        return bytes.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("|"))
                .filter(line -> List.of(parts).stream().allMatch(line::contains))
                .toList();
    }

    private static boolean hasVerdict(String row) {
        return row.endsWith("| met |") || row.endsWith("| **missed** |");
    }

    private static double number(String row, int cell) {
        return Double.parseDouble(
                row.split("\\|")[cell].strip().replace(",", "").replaceAll("x$", ""));
    }
}
