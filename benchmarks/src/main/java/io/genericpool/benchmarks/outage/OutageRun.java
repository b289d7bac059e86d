package io.genericpool.benchmarks.outage;

import io.genericpool.ConnectionPool;
import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.report.Targets;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.ConnectionPools;
import io.genericpool.event.PoolListener;
import io.genericpool.replay.PoolRecorder;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.tcp.SocketConnection;
import io.genericpool.tcp.TcpConnectionManager;
import io.genericpool.tcp.TcpEndpoint;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The outage drill in real time and on real sockets: ten servers under load, 64 callers at one of them and four at each of
 * the others. That one is killed for ten seconds, its connections reset, and comes back. Prints what the others noticed, how
 * often the dead one was tried, and how soon it served again. Takes about half a minute.
 */
public final class OutageRun {
    private static final int ENDPOINTS = 10;
    private static final int CALLERS = 4;
    private static final int CALLERS_OF_THE_DEAD = 64;
    private static final int MAX_SIZE = 8;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final double P99 = 99;

    private final long warmUpMillis;
    private final long phaseMillis;
    private final @Nullable PoolRecorder<TcpEndpoint> recorder;
    private volatile Phase phase = Phase.WARM_UP;

    /** Public for the test of all runs. */
    public OutageRun(long warmUpMillis, long phaseMillis) {
        this(warmUpMillis, phaseMillis, null);
    }

    /** As the other one, with the load recorded. */
    public OutageRun(long warmUpMillis, long phaseMillis, @Nullable PoolRecorder<TcpEndpoint> recorder) {
        this.warmUpMillis = warmUpMillis;
        this.phaseMillis = phaseMillis;
        this.recorder = recorder;
    }

    /**
     * Runs the drill and prints.
     *
     * @param args none
     * @throws Exception when a reply is wrong
     */
    public static void main(String[] args) throws Exception {
        new OutageRun(4_000, 10_000).run(System.out);
    }

    /**
     * Runs the drill.
     *
     * @param out where the tables go
     * @throws Exception when a reply is wrong
     */
    public void run(PrintStream out) throws Exception {
        var servers = new ArrayList<EchoServer>();
        try {
            for (int i = 0; i < ENDPOINTS; i++) {
                servers.add(new EchoServer());
            }
            drill(servers, out);
        } finally {
            for (EchoServer server : servers) {
                server.close();
            }
        }
    }

    private void drill(List<EchoServer> servers, PrintStream out) throws Exception {
        long nanos = TimeUnit.MILLISECONDS.toNanos(warmUpMillis + 3 * phaseMillis) * 2;
        TcpEndpoint dead = endpoint(servers.get(0));
        var connected = new Timeline(nanos);
        var failed = new Timeline(nanos);
        var served = new Timeline(nanos);
        var servedElsewhere = new Timeline(nanos);
        try (var pool = pool(new ConnectCounts(dead, connected, failed))) {
            var clients = new ArrayList<Client>();
            for (EchoServer server : servers) {
                TcpEndpoint endpoint = endpoint(server);
                boolean isDead = endpoint.equals(dead);
                for (int i = 0; i < (isDead ? CALLERS_OF_THE_DEAD : CALLERS); i++) {
                    clients.add(
                            new Client(pool, endpoint, () -> phase, isDead ? served : servedElsewhere, PAUSE_NANOS));
                }
            }
            var threads = new ArrayList<Thread>();
            for (Client client : clients) {
                var thread = new Thread(client, "client");
                thread.start();
                threads.add(thread);
            }
            Thread.sleep(warmUpMillis);
            if (recorder != null) {
                recorder.start(pool);
            }
            int before = begin(Phase.BEFORE, served);
            Thread.sleep(phaseMillis);
            int down = begin(Phase.DOWN, served);
            servers.get(0).down();
            Thread.sleep(phaseMillis);
            servers.get(0).up();
            int back = begin(Phase.BACK, served);
            Thread.sleep(phaseMillis);
            int end = begin(Phase.WARM_UP, served);
            if (recorder != null) {
                recorder.close();
            }
            clients.forEach(Client::end);
            for (Thread thread : threads) {
                thread.join();
            }
            requireRight(clients);
            printClients(clients, dead, out);
            printTargets(clients, dead, new Slices(before, down, back, end), connected, failed, served, out);
        }
    }

    /** Where in the timelines the phases begin. */
    private record Slices(int before, int down, int back, int end) {}

    private int begin(Phase next, Timeline timeline) {
        phase = next;
        return timeline.sliceAt(System.nanoTime());
    }

    private static TcpEndpoint endpoint(EchoServer server) {
        return TcpEndpoint.of("127.0.0.1", server.port());
    }

    private ConnectionPool<TcpEndpoint, SocketConnection> pool(ConnectCounts counts) {
        var manager = TcpConnectionManager.builder()
                .readTimeout(Duration.ofSeconds(5))
                .build();
        return ConnectionPools.builder(manager)
                .maxSize(MAX_SIZE)
                .totalMaxSize(ENDPOINTS * MAX_SIZE)
                .acquireTimeout(Duration.ofSeconds(5))
                .connectGovernor(ConnectGovernor.all(CircuitGovernor.builder().build(), counts))
                .listener(recorder == null ? new PoolListener<>() {} : recorder)
                .build();
    }

    private static void requireRight(List<Client> clients) {
        if (clients.stream().anyMatch(Client::isWrong)) {
            throw new IllegalStateException("a caller got the answer of another one");
        }
    }

    private static void printClients(List<Client> clients, TcpEndpoint dead, PrintStream out) {
        var table = new Table(
                2, "endpoint", "phase", "leases", "failures", "acquire, median, µs", "99%", "99.9%", "longest");
        for (boolean isDead : new boolean[] {true, false}) {
            for (Phase phase : List.of(Phase.BEFORE, Phase.DOWN, Phase.BACK)) {
                Histogram waits = waits(clients, phase, isAt(dead, isDead));
                table.row(
                        isDead ? "the one that goes down" : "the nine others",
                        phase.label,
                        Table.count(waits.getTotalCount()),
                        Table.count(clients.stream()
                                .filter(isAt(dead, isDead))
                                .mapToLong(client -> client.failures(phase))
                                .sum()),
                        Table.micros(waits.getValueAtPercentile(50)),
                        Table.micros(waits.getValueAtPercentile(P99)),
                        Table.micros(waits.getValueAtPercentile(99.9)),
                        Table.micros(waits.getMaxValue()));
            }
        }
        table.print(out);
    }

    private void printTargets(
            List<Client> clients,
            TcpEndpoint dead,
            Slices slices,
            Timeline connected,
            Timeline failed,
            Timeline served,
            PrintStream out) {
        var targets = new Targets();
        double before = p99(clients, Phase.BEFORE, dead);
        targets.atMost(
                "the others' 99% acquire while one is down, beside before",
                1.2, p99(clients, Phase.DOWN, dead) / before, "x");
        targets.atMost("the same while it comes back", 1.2, p99(clients, Phase.BACK, dead) / before, "x");
        int threeSeconds = (int) (3_000 / Timeline.SLICE_MILLIS);
        targets.atMost(
                "connects that " + CALLERS_OF_THE_DEAD + " callers of the dead one tried in its first 3 s",
                30L,
                failed.count(slices.down, Math.min(slices.down + threeSeconds, slices.back)));
        targets.report("connects tried while it was down", Table.count(failed.count(slices.down, slices.back)));
        long full = served.count(slices.before, slices.down) / Math.max(1, slices.down - slices.before) * 9 / 10;
        int first = served.firstWith(1, slices.back, slices.end);
        int fast = served.firstWith(full, slices.back, slices.end);
        targets.report("from its return to the first lease, by slices of 100 ms", millis(first - slices.back));
        targets.atMost(
                "from its return to nine tenths of the leases a second before, by slices of 100 ms",
                1_000,
                (fast - slices.back) * (double) Timeline.SLICE_MILLIS,
                " ms");
        targets.atMost(
                "most connects to it in 100 ms once it is back (maxSize)",
                (long) MAX_SIZE,
                connected.most(slices.back, slices.end));
        targets.print(out);
    }

    private static String millis(int slices) {
        return slices * Timeline.SLICE_MILLIS + " ms";
    }

    private static Predicate<Client> isAt(TcpEndpoint dead, boolean isDead) {
        return client -> client.endpoint().equals(dead) == isDead;
    }

    private static double p99(List<Client> clients, Phase phase, TcpEndpoint dead) {
        return waits(clients, phase, isAt(dead, false)).getValueAtPercentile(P99);
    }

    private static Histogram waits(List<Client> clients, Phase phase, Predicate<Client> which) {
        var sum = new Histogram(3);
        clients.stream().filter(which).forEach(client -> sum.add(client.waits(phase)));
        return sum;
    }
}
