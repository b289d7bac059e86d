package io.genericpool.benchmarks;

import io.genericpool.benchmarks.group.GroupRun;
import io.genericpool.benchmarks.overtake.OvertakeRun;
import io.genericpool.benchmarks.report.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * All benchmarks of the engine, each in a JVM of its own, as one page of Markdown; and the plot. Takes about fifteen minutes.
 * A benchmark that fails does not keep the others from running, but this ends with an error then.
 */
public final class AllRuns {
    private static final String HEAP = "-Xmx3g";

    private final PrintStream out;
    private final List<String> failed = new ArrayList<>();

    private AllRuns(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs all and prints what they print.
     *
     * @param args the SVG to write, and beside it a CSV with its figures; none when not given
     * @throws Exception when a benchmark fails
     */
    public static void main(String[] args) throws Exception {
        var all = new AllRuns(System.out);
        all.run(args.length > 0 ? Path.of(args[0]).toAbsolutePath() : null);
        if (!all.failed.isEmpty()) {
            throw new IllegalStateException("failed: " + all.failed);
        }
    }

    /** Plot null for none. */
    private void run(Path plot) throws IOException, InterruptedException {
        long start = System.nanoTime();
        out.println(Machine.describe());
        Path figures = plot == null ? null : plot.resolveSibling(plot.getFileName() + ".csv");
        if (figures == null) {
            one("Acquire and release", ShortRun.class);
        } else {
            Files.createDirectories(figures.getParent());
            one("Acquire and release", ShortRun.class, figures.toString());
            CostPlot.main(new String[] {figures.toString(), plot.toString()});
        }
        one("Waiting", WaitingRun.class);
        one("Time from release to a parked waiter", HandOverRun.class);
        one("At the total limit", TotalLimitRun.class);
        one("One hot endpoint beside a cold one", HotColdRun.class);
        one("Twice as many busy endpoints as connections", OverloadRun.class);
        one("Overtaking", OvertakeRun.class);
        one("A group of endpoints", GroupRun.class);
        one("Sweep of the collector", SweepRun.class);
        if (plot == null) {
            one("Many connections at one endpoint", ConnectionsRun.class);
        } else {
            Path connections = plot.resolveSibling("benchmarks-connections.svg");
            Path byConnections = plot.resolveSibling("benchmarks-connections.svg.csv");
            one("Many connections at one endpoint", ConnectionsRun.class, byConnections.toString());
            CostPlot.main(new String[] {byConnections.toString(), connections.toString()});
        }
        one("Single steps of a pool that grows", GrowthRun.class);
        one("Single steps beside the peers", PeersAtScaleRun.class);
        one("What metrics cost", ObservedRun.class);
        one("Very many connections, calls or threads at once", BoundsRun.class);
        one("A flood of dead endpoints", TenantFloodRun.class);
        one("Memory", MemoryFootprint.class);
        out.printf("All in %d s.%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
    }

    private void one(String heading, Class<?> main, String... args) throws IOException, InterruptedException {
        out.println("### " + heading);
        out.flush();
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), HEAP));
        if (main == MemoryFootprint.class) {
            command.add("-XX:+UseSerialGC"); // its heap is exact after a collection
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.waitFor() != 0) {
            failed.add(main.getSimpleName());
        }
    }
}
