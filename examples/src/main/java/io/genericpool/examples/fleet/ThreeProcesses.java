package io.genericpool.examples.fleet;

import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import redis.embedded.RedisServer;

/**
 * Three processes share a cap of ten connections through Redis. One of them is killed, and the others take what it had.
 * Prints what the server counts, a line a second.
 */
public final class ThreeProcesses {
    static final int CAP = 10;
    private static final int PROCESSES = 3;

    private static final int LONGEST = 90;

    private final PrintStream out;
    private int second;

    ThreeProcesses(PrintStream out) {
        this.out = out;
    }

    /**
     * What the server has counted.
     *
     * @param most the most that were ever open at once
     * @param wasFull whether the whole cap was in use before the kill
     * @param open what each process had open at the end
     */
    record Counted(int most, boolean wasFull, List<Integer> open) {}

    /**
     * Runs it for some 20 s.
     *
     * @param args none
     * @throws Exception when a process cannot be started
     */
    public static void main(String[] args) throws Exception {
        new ThreeProcesses(System.out).run(4);
    }

    /** Plays so many seconds of each state, once it is reached. */
    Counted run(int seconds) throws IOException, InterruptedException {
        int port = freePort();
        RedisServer redis = RedisServer.newRedisServer()
                .bind("127.0.0.1")
                .port(port)
                .setting("save \"\"")
                .build();
        redis.start();
        List<Process> processes = new ArrayList<>();
        try (var server = new CountedServer(PROCESSES)) {
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(start(i, port, server.port()));
            }
            out.println("second  process 0  process 1  process 2  together, of " + CAP);
            boolean wasFull = play(server, seconds, () -> server.open() == CAP && server.open(0) > 0);
            processes.get(0).destroyForcibly();
            out.println("process 0 is killed; its lease is 3 s");
            play(server, seconds, () -> server.open() == CAP && server.open(0) == 0);
            out.println("never more than " + server.most());
            return new Counted(server.most(), wasFull, List.of(server.open(0), server.open(1), server.open(2)));
        } finally {
            processes.forEach(Process::destroyForcibly);
            redis.stop();
        }
    }

    /** Prints a line a second, until the state was reached and so many seconds more. @return whether it was reached */
    private boolean play(CountedServer server, int seconds, BooleanSupplier state) throws InterruptedException {
        boolean isReached = false;
        for (int left = seconds; left > 0 && second < LONGEST; left -= isReached ? 1 : 0) {
            TimeUnit.SECONDS.sleep(1);
            print(++second, server);
            isReached |= state.getAsBoolean();
        }
        return isReached;
    }

    private void print(int at, CountedServer server) {
        out.printf("%6d %10d %10d %10d %10d%n", at, server.open(0), server.open(1), server.open(2), server.open());
    }

    private static Process start(int number, int redis, int server) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FleetMember.class.getName(),
                        Integer.toString(number),
                        "redis://127.0.0.1:" + redis,
                        Integer.toString(server),
                        Integer.toString(CAP))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static int freePort() throws IOException {
        try (var probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }
}
