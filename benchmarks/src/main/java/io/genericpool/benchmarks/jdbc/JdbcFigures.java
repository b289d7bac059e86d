package io.genericpool.benchmarks.jdbc;

import io.genericpool.benchmarks.report.Machine;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * Prints the figures of the JDBC plug-in beside HikariCP, on a stub driver and on a PostgreSQL that it starts. Arguments, in
 * any order: {@code short} for some three minutes instead of eight; {@code stub}, {@code postgresql}, {@code contention}
 * for some of the parts instead of all.
 *
 * <p>Each cycle is measured in a JVM of its own: once for its mean time, as median and best of many short iterations, and
 * once each call by itself, whose percentiles include the clock. The threads that contend take turns between the pools,
 * in this JVM.
 */
public final class JdbcFigures {
    private final boolean brief;
    private final String url;
    private final StringBuilder table = new StringBuilder();

    private JdbcFigures(boolean brief, String url) {
        this.brief = brief;
        this.url = url;
    }

    /** Measures and prints. */
    public static void main(String[] args) throws Exception {
        List<String> words = Arrays.asList(args);
        boolean all = words.stream().allMatch("short"::equals);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            String url = postgres.getJdbcUrl("postgres", "postgres");
            System.setProperty(Databases.URL, url);
            var figures = new JdbcFigures(words.contains("short"), url);
            long start = System.nanoTime();
            if (all || words.contains("stub")) {
                figures.cycles(Databases.STUB, Pools.OURS, Pools.HIKARI, Pools.DBCP_VIEWS);
            }
            if (all || words.contains("postgresql")) {
                figures.cycles(Databases.POSTGRES, Pools.OURS, Pools.HIKARI);
            }
            if (all || words.contains("contention")) {
                figures.contention(Databases.STUB_1_MS, "select 1");
                figures.contention(Databases.POSTGRES, "select pg_sleep(0.001)");
            }
            System.out.printf(
                    "%nJDK %s, %d processors, load average %.1f, %d s%n%s",
                    Runtime.version(),
                    Runtime.getRuntime().availableProcessors(),
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                    (System.nanoTime() - start) / 1_000_000_000L,
                    figures.table);
        }
    }

    private void line(String format, Object... values) {
        String line = String.format(Locale.ROOT, format, values);
        System.out.println(line);
        table.append(line).append('\n');
    }

    private void cycles(String database, String... pools) throws RunnerException {
        line(
                "%n| %s, 8 connections | threads | pool | ns, median | ns, best | a second | 99 %%, us | longest, us |",
                database);
        line("|---|---:|---|---:|---:|---:|---:|---:|");
        for (String method : List.of("cycle", "query")) {
            for (int threads = 1; threads <= 2; threads++) {
                for (String pool : pools) {
                    cycle(database, method, threads, pool);
                }
            }
        }
    }

    private void cycle(String database, String method, int threads, String pool) throws RunnerException {
        double[] means = iterations(run(Mode.AverageTime, database, method, threads, pool));
        double median = means[means.length / 2];
        Statistics each = run(Mode.SampleTime, database, method, threads, pool)
                .getPrimaryResult()
                .getStatistics();
        line(
                "| %s | %d | %s | %,.1f | %,.1f | %,.0f | %,.1f | %,.0f |",
                method.equals("cycle") ? "getConnection, close" : "with one query",
                threads,
                pool,
                median,
                means[0],
                threads * 1e9 / median,
                each.getPercentile(99) / 1e3,
                each.getMax() / 1e3);
    }

    private static double[] iterations(RunResult result) {
        return result.getBenchmarkResults().stream()
                .map(BenchmarkResult::getIterationResults)
                .flatMap(Collection::stream)
                .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
                .sorted()
                .toArray();
    }

    private RunResult run(Mode mode, String database, String method, int threads, String pool) throws RunnerException {
        var options = new OptionsBuilder()
                .include(CycleBenchmark.class.getName() + "\\." + method + "$")
                .param("pool", pool)
                .param("database", database)
                .mode(mode)
                .threads(threads)
                .forks(1)
                .jvmArgsPrepend(Machine.quietFork())
                .jvmArgsAppend("-D" + Databases.URL + "=" + url)
                .warmupIterations(brief ? 4 : 10)
                .warmupTime(TimeValue.milliseconds(250))
                .measurementIterations(brief ? 20 : 60)
                .measurementTime(TimeValue.milliseconds(50))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        return new Runner(options).runSingle();
    }

    private void contention(String database, String sql) throws Exception {
        var contention = new Contention(database, sql, Duration.ofSeconds(brief ? 2 : 5));
        int rounds = brief ? 4 : 8;
        List<String> pools = List.of(Pools.OURS, Pools.HIKARI);
        double[][] perSecond = new double[pools.size()][rounds];
        Waits[] waits = {new Waits(), new Waits()};
        for (int round = -1; round < rounds; round++) {
            for (int turn = 0; turn < pools.size(); turn++) {
                int i = (round + turn) % 2 == 0 ? 0 : 1;
                Contention.Outcome outcome = contention.run(pools.get(i));
                if (round >= 0) { // the one before is for warming up
                    perSecond[i][round] = outcome.perSecond();
                    waits[i].add(outcome.waits());
                }
            }
        }
        line(
                "%n| %s, 16 threads on 4 | pool | a second, median | wait, median, us | 99 %%, us | 99.9 %%, us | longest, us |",
                database);
        line("|---|---|---:|---:|---:|---:|---:|");
        for (int i = 0; i < pools.size(); i++) {
            Arrays.sort(perSecond[i]);
            line(
                    "| query of 1 ms | %s | %,.0f | %,.0f | %,.0f | %,.0f | %,.0f |",
                    pools.get(i),
                    perSecond[i][rounds / 2],
                    waits[i].percentile(0.5) / 1e3,
                    waits[i].percentile(0.99) / 1e3,
                    waits[i].percentile(0.999) / 1e3,
                    waits[i].longest() / 1e3);
        }
    }
}
