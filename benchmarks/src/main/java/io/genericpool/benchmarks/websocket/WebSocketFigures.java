package io.genericpool.benchmarks.websocket;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

/**
 * Prints the figures of the WebSocket plug-in, each a ratio of two things measured in turn in one run, and what it is doing
 * on the error stream. Arguments, in any order: {@code short} for a form that takes about a third of the time; {@code
 * roundtrip}, {@code connect}, {@code leases}, {@code session}, {@code sockets} for some of the parts instead of all; {@code
 * sockets=10000} for another number of sockets; {@code platform} for platform threads where the JVM has virtual ones.
 */
public final class WebSocketFigures {
    /** Descriptors for what else is open: jars, selectors, the standard streams. */
    private static final int SPARE_DESCRIPTORS = 500;

    private static final int SOCKETS = 5000;

    private static final String PARTS = "(roundtrip|connect|leases|session|sockets).*";

    private WebSocketFigures() {}

    /** Measures and prints. */
    public static void main(String[] args) throws Exception {
        List<String> words = List.of(args);
        boolean brief = words.contains("short");
        PrintStream out = System.out;
        out.println("JDK " + Runtime.version() + ", " + Runtime.getRuntime().availableProcessors()
                + " processors, load average "
                + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        try (var server = ServerProcess.start()) {
            if (wants(words, "roundtrip")) {
                RoundTrip.measure(out, server, 10, brief ? 2000 : 20_000);
            }
            if (wants(words, "connect")) {
                FreshConnections.measure(out, server, false, brief ? 3 : 10, brief ? 100 : 500);
                // One of OkHttp alone takes some 50 ms: Nagle's algorithm against delayed acknowledgements.
                FreshConnections.measure(out, server, true, brief ? 3 : 10, brief ? 20 : 50);
            }
            if (wants(words, "leases")) {
                ManyLeases.measure(out, server, brief ? 3 : 10, 66, 1000);
            }
            if (wants(words, "session")) {
                SessionUnderLoad.measure(out, server, brief ? 3 : 10, brief ? 50_000 : 200_000, 5);
            }
            if (wants(words, "sockets")) {
                boolean virtual = Runtime.version().feature() >= 24 && !words.contains("platform");
                new ManySockets(server, sockets(words, out), virtual, Duration.ofSeconds(20), brief ? 4 : 10)
                        .measure(out, 3);
            }
        }
    }

    private static boolean wants(List<String> words, String part) {
        return words.stream().anyMatch(word -> word.startsWith(part))
                || words.stream().noneMatch(word -> word.matches(PARTS));
    }

    private static int sockets(List<String> words, PrintStream out) {
        int wanted = words.stream()
                .filter(word -> word.startsWith("sockets="))
                .mapToInt(word -> Integer.parseInt(word.substring("sockets=".length())))
                .findFirst()
                .orElse(SOCKETS);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long possible = system.getMaxFileDescriptorCount() - SPARE_DESCRIPTORS;
            if (possible < wanted) {
                out.println("Only " + possible + " sockets: a process may have " + system.getMaxFileDescriptorCount()
                        + " file descriptors (ulimit -n)");
                return (int) possible;
            }
        }
        return wanted;
    }
}
