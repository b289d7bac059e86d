package io.genericpool.benchmarks;

import io.genericpool.benchmarks.report.Machine;
import io.genericpool.benchmarks.subject.Subjects;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The JMH benchmarks in about three minutes on an idle machine, one fork each. Prints ns for one acquire and release, as the
 * median and the best of many short iterations, and ratios of the medians within this run, which are what to look at: the
 * nanoseconds move with the machine. Where median and best lie far apart, something else was using the cores.
 */
public final class ShortRun {
    private final ShortResults results = new ShortResults();
    private final List<String> pools;
    private final int[] endpointCounts;
    private final int iterations;
    private final int forks;

    ShortRun(List<String> pools, int[] endpointCounts, int iterations, int forks) {
        this.pools = pools;
        this.endpointCounts = endpointCounts;
        this.iterations = iterations;
        this.forks = forks;
    }

    /**
     * Runs and prints.
     *
     * @param args where to write the figures by number of endpoints, for {@link CostPlot}; nowhere when not given
     * @throws Exception when a benchmark fails, its check at the end included, or the file cannot be written
     */
    public static void main(String[] args) throws Exception {
        var run = new ShortRun(Subjects.ALL, new int[] {1, 1_000, 10_000, 100_000}, 30, 1);
        ShortResults results = run.run(System.err);
        results.print(System.out);
        if (args.length > 0) {
            results.writeEndpoints(Path.of(args[0]));
        }
    }

    /**
     * Measures.
     *
     * @param progress is told each figure when it is there
     */
    ShortResults run(PrintStream progress) throws RunnerException {
        for (int count : endpointCounts) {
            for (String pool : withWideFloor(pools)) {
                if (!Subjects.isTooSlowFor(pool, count)) {
                    one(EndpointCountBenchmark.class, "cycle", ShortResults.endpoints(count), pool, count, progress);
                }
            }
        }
        for (String pool : pools) {
            one(ContentionBenchmark.class, "twoThreads", ShortResults.TWO_THREADS, pool, 0, progress);
        }
        for (String pool : pools) {
            one(ContentionBenchmark.class, "sixteenThreads", ShortResults.MANY_THREADS, pool, 0, progress);
            if (pool.equals(Subjects.COMMONS)) {
                String fair = Subjects.COMMONS_FAIR;
                one(ContentionBenchmark.class, "sixteenThreads", ShortResults.MANY_THREADS, fair, 0, progress);
            }
        }
        for (String way : List.of(ShortResults.BLOCKING, ShortResults.ASYNC, ShortResults.ASYNC_THEN)) {
            one(AsyncBenchmark.class, way, ShortResults.ONE_THREAD, null, 0, progress);
        }
        return results;
    }

    /** The second floor is one for many endpoints; with one of them, all is in the caches. */
    private static List<String> withWideFloor(List<String> pools) {
        var all = new ArrayList<>(pools);
        if (pools.contains(Subjects.FLOOR)) {
            all.add(Subjects.WIDE_FLOOR);
        }
        return all;
    }

    /** Pool null, or endpoints 0, where the benchmark has no such parameter. */
    private void one(Class<?> benchmark, String method, String label, String pool, int endpoints, PrintStream progress)
            throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmark.getName() + "\\." + method + "$")
                .forks(forks)
                .jvmArgsPrepend(Machine.quietFork())
                .warmupIterations(iterations == 1 ? 0 : 3)
                .warmupTime(TimeValue.milliseconds(250))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(25))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        if (pool != null) {
            options.param("pool", pool);
        }
        if (endpoints > 0) {
            options.param("endpoints", Integer.toString(endpoints));
        }
        for (RunResult result : new Runner(options.build()).run()) {
            String name = pool == null ? method : pool;
            double[] sorted = sorted(result);
            results.add(label, name, sorted[sorted.length / 2], sorted[0]);
            progress.printf("%-20s %-22s %,14.1f ns%n", label, name, sorted[sorted.length / 2]);
        }
    }

    private static double[] sorted(RunResult result) {
        return result.getBenchmarkResults().stream()
                .map(BenchmarkResult::getIterationResults)
                .flatMap(Collection::stream)
                .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
                .sorted()
                .toArray();
    }
}
