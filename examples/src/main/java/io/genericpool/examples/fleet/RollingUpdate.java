package io.genericpool.examples.fleet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import redis.embedded.RedisServer;

/**
 * Processes that hold all connections of a server, two each, are replaced one after the other, under load. The new one
 * starts while the old ones hold everything; when it serves, the old one is shut down. Prints a line per second: of each
 * process its share and how many connections are leased, and what the server counts.
 */
public final class RollingUpdate {
    private static final int PROCESSES = 10;
    private static final int LEASE_SECONDS = 3; // the default of 15 s suits a real fleet
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long REST_SECONDS = 3;

    private final PrintStream out;
    private final int size;
    private final int leaseSeconds;
    /** The processes of each place: the old one, and then the new one. */
    private final List<Child> children = new ArrayList<>();

    RollingUpdate(PrintStream out, int size, int leaseSeconds) {
        this.out = out;
        this.size = size;
        this.leaseSeconds = leaseSeconds;
    }

    /**
     * What came of it.
     *
     * @param cap of all processes together
     * @param most how many connections the server has counted at most
     * @param uses requests of all processes
     * @param failures requests without a connection, or with a broken one
     * @param untilServed milliseconds until the first request was served, of each new process, from its start as a process
     * @param untilServedByPool the same, from the moment when its pool was built
     */
    record Outcome(int cap, int most, long uses, long failures, List<Long> untilServed, List<Long> untilServedByPool) {}

    /** A process, and what it has said last. */
    private static final class Child {
        final int place;
        final long start = System.nanoTime();
        final Process process;
        private final Thread reader;
        volatile long servedNanos;
        private volatile long[] numbers = new long[5];

        Child(int number, int place, List<String> command) throws IOException {
            this.place = place;
            this.process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            this.reader = new Thread(this::read, "child-" + number);
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    numbers = Arrays.stream(line.split(" "))
                            .mapToLong(Long::parseLong)
                            .toArray();
                    if (servedNanos == 0 && uses() > 0) {
                        servedNanos = System.nanoTime() - start;
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        long share() {
            return numbers[0];
        }

        long leased() {
            return numbers[1];
        }

        long uses() {
            return numbers[2];
        }

        long failures() {
            return numbers[3];
        }

        long firstMillis() {
            return numbers[4];
        }

        /** Returns when it has ended in order. */
        void drain() throws IOException, InterruptedException, TimeoutException {
            process.getOutputStream().close();
            if (!process.waitFor(LONGEST_NANOS, TimeUnit.NANOSECONDS) || process.exitValue() != 0) {
                throw new TimeoutException("a process does not end in order: " + process);
            }
            reader.join();
        }
    }

    /**
     * Runs it for about a minute.
     *
     * @param args the number of processes, 10 unless given, and the lease in seconds, 3 unless given
     * @throws Exception when a process cannot be started, or does not serve
     */
    public static void main(String[] args) throws Exception {
        int size = args.length > 0 ? Integer.parseInt(args[0]) : PROCESSES;
        int lease = args.length > 1 ? Integer.parseInt(args[1]) : LEASE_SECONDS;
        Outcome outcome = new RollingUpdate(System.out, size, lease).run();
        System.out.println("served for the first time after, in ms: " + outcome.untilServed());
        System.out.println("  of this with a pool:                  " + outcome.untilServedByPool());
        System.out.println(outcome.failures() + " of " + outcome.uses() + " requests failed; never more than "
                + outcome.most() + " connections of " + outcome.cap());
    }

    Outcome run() throws IOException, InterruptedException, TimeoutException {
        int cap = size * RollingMember.MIN_IDLE;
        int port = freePort();
        RedisServer redis = RedisServer.newRedisServer()
                .bind("127.0.0.1")
                .port(port)
                .setting("save \"\"")
                .build();
        redis.start();
        ScheduledExecutorService printer = Executors.newSingleThreadScheduledExecutor();
        try (var server = new CountedServer(2 * size)) {
            for (int place = 0; place < size; place++) {
                start(place, port, server.port(), cap);
            }
            List<Child> old = List.copyOf(children);
            await("all serve", () -> old.stream().allMatch(child -> child.servedNanos > 0));
            await("the cap is used up", () -> server.open() == cap);
            printHead(cap);
            long start = System.nanoTime();
            var unused = printer.scheduleAtFixedRate(() -> print(start, server), 0, 1, TimeUnit.SECONDS);
            for (Child before : old) {
                Child next = start(before.place, port, server.port(), cap);
                await("the new process serves", () -> next.servedNanos > 0);
                before.drain();
            }
            TimeUnit.SECONDS.sleep(REST_SECONDS); // at rest
            printer.shutdown();
            List<Child> young = children.subList(size, 2 * size);
            for (Child child : young) {
                child.drain();
            }
            return new Outcome(
                    cap,
                    server.most(),
                    children.stream().mapToLong(Child::uses).sum(),
                    children.stream().mapToLong(Child::failures).sum(),
                    young.stream()
                            .map(child -> TimeUnit.NANOSECONDS.toMillis(child.servedNanos))
                            .toList(),
                    young.stream().map(Child::firstMillis).toList());
        } finally {
            printer.shutdownNow();
            children.forEach(child -> child.process.destroyForcibly());
            redis.stop();
        }
    }

    private Child start(int place, int redis, int server, int cap) throws IOException {
        int number = children.size();
        var child = new Child(
                number,
                place,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RollingMember.class.getName(),
                        Integer.toString(number),
                        "redis://127.0.0.1:" + redis,
                        Integer.toString(server),
                        Integer.toString(cap),
                        Integer.toString(leaseSeconds)));
        synchronized (children) {
            children.add(child);
        }
        return child;
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException, TimeoutException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > LONGEST_NANOS) {
                throw new TimeoutException("not within a minute: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(5); // until the processes say so
        }
    }

    private void printHead(int cap) {
        var line = new StringBuilder("second");
        for (int place = 0; place < size; place++) {
            line.append(String.format(" %7s", "place " + place));
        }
        out.println(line + "  leased  server, of " + cap);
    }

    private void print(long start, CountedServer server) {
        List<Child> living;
        synchronized (children) {
            living = children.stream().filter(child -> child.process.isAlive()).toList();
        }
        var line = new StringBuilder(String.format("%6d", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)));
        for (int i = 0; i < size; i++) {
            int place = i;
            List<String> cells = living.stream()
                    .filter(child -> child.place == place)
                    .map(child -> child.share() + "/" + child.leased())
                    .toList();
            line.append(String.format(" %7s", String.join("+", cells)));
        }
        long leased = living.stream().mapToLong(Child::leased).sum();
        out.println(line + String.format(" %7d %7d", leased, server.open()));
    }

    private static int freePort() throws IOException {
        try (var probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }
}
