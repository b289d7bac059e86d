package io.genericpool.benchmarks.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/** What a run ran on, so that its figures can be judged. */
public final class Machine {
    private static final int WARNS_OF_UNSAFE = 24;

    private Machine() {}

    /** What keeps a newer JVM from printing, in the midst of the tables, that JMH uses what will be removed some day. */
    public static String[] quietFork() {
        return Runtime.version().feature() < WARNS_OF_UNSAFE
                ? new String[0]
                : new String[] {"--sun-misc-unsafe-memory-access=allow"};
    }

    public static String describe() {
        Runtime runtime = Runtime.getRuntime();
        return String.format(
                Locale.ROOT,
                "%s, %d cores, JDK %s, heap %,d MB, load average %.1f, %s",
                processor(),
                runtime.availableProcessors(),
                System.getProperty("java.version"),
                runtime.maxMemory() >> 20,
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                LocalDate.now(ZoneOffset.UTC));
    }

    private static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException | java.io.UncheckedIOException e) {
            return System.getProperty("os.arch"); // not Linux
        }
    }
}
