package io.genericpool.benchmarks;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The benchmarks in about two minutes on an idle machine: one fork each, and with 1,000 and 100,000 endpoints only the
 * quicker peers. Prints ns for one acquire and release, as the median and the best of many short iterations, and ratios of
 * the medians within this run, which are what to look at: the nanoseconds move with the machine. Where median and best lie
 * far apart, something else was using the cores.
 */
public final class ShortRun {
    private static final int ITERATIONS = 40;

    private final Map<String, Map<String, Score>> scores = new LinkedHashMap<>();

    private ShortRun() {}

    private record Score(double median, double best) {}

    /**
     * Runs and prints.
     *
     * @param args none
     * @throws RunnerException when a benchmark fails, its check at the end included
     */
    public static void main(String[] args) throws RunnerException {
        long start = System.nanoTime();
        var run = new ShortRun();
        run.measure();
        run.print();
        System.out.printf(
                "%nJDK %s, %d cores, %d s%n",
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                (System.nanoTime() - start) / 1_000_000_000L);
    }

    private void measure() throws RunnerException {
        String[] all = Subjects.ALL.toArray(new String[0]);
        String[] quick = {Subjects.OURS, Subjects.SEGMENTED, Subjects.BAG, Subjects.FLOOR};
        endpoints("1", all);
        endpoints("1000", quick);
        endpoints("10000", all);
        endpoints("100000", quick);
        run(options(ContentionBenchmark.class, "twoThreads").param("pool", all), "2 threads on 8");
        run(options(ContentionBenchmark.class, "sixteenThreads").param("pool", all), "16 threads on 8");
        run(options(AsyncBenchmark.class, "(blocking|async|asyncThen)"), "1 endpoint, 8 idle");
    }

    private void endpoints(String count, String[] pools) throws RunnerException {
        ChainedOptionsBuilder options = options(EndpointCountBenchmark.class, "cycle");
        String label = String.format("endpoints: %,d", Integer.parseInt(count));
        run(options.param("pool", pools).param("endpoints", count), label);
    }

    private static ChainedOptionsBuilder options(Class<?> benchmark, String method) {
        return new OptionsBuilder()
                .include(benchmark.getName() + "\\." + method + "$")
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(300))
                .measurementIterations(ITERATIONS)
                .measurementTime(TimeValue.milliseconds(25))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
    }

    private void run(ChainedOptionsBuilder options, String label) throws RunnerException {
        Collection<RunResult> results = new Runner(options.build()).run();
        for (RunResult result : results) {
            String pool = result.getParams().getParam("pool");
            String name = pool != null ? pool : result.getPrimaryResult().getLabel();
            Score score = score(result);
            scores.computeIfAbsent(label, k -> new LinkedHashMap<>()).put(name, score);
            System.out.printf("%-20s %-20s %,14.1f ns%n", label, name, score.median);
        }
    }

    private static Score score(RunResult result) {
        double[] sorted = result.getBenchmarkResults().stream()
                .map(BenchmarkResult::getIterationResults)
                .flatMap(Collection::stream)
                .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
                .sorted()
                .toArray();
        return new Score(sorted[sorted.length / 2], sorted[0]);
    }

    private void print() {
        System.out.printf(
                "%n| case | pool | ns, median | ns, best | times the floor | times faster than Commons Pool 2 |%n");
        System.out.printf("|---|---|---:|---:|---:|---:|%n");
        scores.forEach((label, byPool) -> byPool.forEach((pool, score) -> System.out.printf(
                "| %s | %s | %,.1f | %,.1f | %s | %s |%n",
                label,
                pool,
                score.median,
                score.best,
                ratio(score, byPool.get(Subjects.FLOOR)),
                ratio(byPool.get(Subjects.COMMONS), score))));
    }

    private static String ratio(Score dividend, Score divisor) {
        return dividend == null || divisor == null ? "" : String.format("%,.1f", dividend.median / divisor.median);
    }
}
