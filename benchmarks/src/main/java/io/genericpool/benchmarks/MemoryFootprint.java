package io.genericpool.benchmarks;

import io.genericpool.benchmarks.load.Endpoints;
import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.report.Targets;
import io.genericpool.benchmarks.subject.BenchConnection;
import io.genericpool.benchmarks.subject.Opener;
import io.genericpool.benchmarks.subject.Subject;
import io.genericpool.benchmarks.subject.Subjects;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jol.info.GraphLayout;

/**
 * Bytes that a pool needs for an endpoint with one idle connection, without the endpoint's key and the connection. Two
 * measurements that must agree: how much the heap has grown after several collections, and what JOL counts by walking the
 * object graph (not for pools whose graph leads into the threads that run them). And the bytes of each further idle
 * connection of an endpoint, by the heap. Takes about a minute.
 */
public final class MemoryFootprint {
    private static final int MAX_SIZE = 8;
    private static final double BOUND = 300;
    /** The floor has one connection an endpoint by its nature; the bag's further ones hang on the thread as well. */
    private static final List<String> HAS_ONE = List.of(Subjects.BAG, Subjects.FLOOR);
    /** Few, for the sake of pools whose release walks all endpoints. */
    private static final int MOST_WITH_MORE = 1_000;

    private final int endpoints;
    private final List<String> pools;
    private final Table table = new Table(
            1,
            "pool",
            "endpoints",
            "bytes an endpoint with one idle connection, heap",
            "the same, JOL",
            "bytes each further connection, heap");
    private final Targets targets = new Targets();

    MemoryFootprint(int endpoints, List<String> pools) {
        this.endpoints = endpoints;
        this.pools = pools;
    }

    /**
     * Prints a table.
     *
     * @param args the number of endpoints (50,000 when not given; pools that walk all endpoints get a tenth)
     * @throws Exception when a pool fails
     */
    public static void main(String[] args) throws Exception {
        int endpoints = args.length > 0 ? Integer.parseInt(args[0]) : 50_000;
        new MemoryFootprint(endpoints, Subjects.ALL).run(System.out);
    }

    void run(PrintStream out) throws Exception {
        System.setProperty("jol.magicFieldOffset", "true"); // the graph leads into lambdas, whose fields JOL must guess
        for (String pool : pools) {
            measure(pool, Subjects.isTooSlowFor(pool, endpoints) ? endpoints / 10 : endpoints);
        }
        table.print(out);
        targets.print(out);
    }

    private void measure(String pool, int count) throws Exception {
        String[] names = Endpoints.shuffled(count);
        var source = new PreparedConnections(names);
        try (Subject<?> subject = Subjects.of(pool, MAX_SIZE, count * MAX_SIZE, new Opener(source::take))) {
            subject.fill(names[0], 1); // classes and threads of the pool's own are there from here on
            double others = names.length - 1;
            long graphBefore = graph(subject, names, source.first);
            long before = usedHeap();
            for (int i = 1; i < names.length; i++) {
                subject.fill(names[i], 1);
            }
            double heap = (usedHeap() - before) / others;
            double jol = (graph(subject, names, source.first) - graphBefore) / others;
            String further = "";
            if (!HAS_ONE.contains(pool)) {
                further = Table.number(further(subject, names));
            }
            table.row(pool, Table.count(count), Table.number(heap), Table.number(jol), further);
            if (pool.equals(Subjects.OURS)) {
                targets.atMost("bytes an endpoint with one idle connection, heap", BOUND, heap, "");
                targets.atMost("the same, JOL", BOUND, jol, "");
            }
        }
    }

    /** Some endpoints get all the connections that they may have. */
    private static double further(Subject<?> subject, String[] names) throws Exception {
        long before = usedHeap();
        int some = Math.min(MOST_WITH_MORE, names.length);
        for (int i = 0; i < some; i++) {
            subject.fill(names[i], MAX_SIZE);
        }
        return (usedHeap() - before) / ((double) some * (MAX_SIZE - 1));
    }

    /** All connections are there before a pool opens the first, so that only the pool's own memory grows. */
    private static final class PreparedConnections {
        private final Map<String, BenchConnection> first = new HashMap<>();
        private final Map<String, Deque<BenchConnection>> further = new HashMap<>();

        PreparedConnections(String[] names) {
            for (int i = 0; i < names.length; i++) {
                first.put(names[i], new BenchConnection(names[i]));
                if (i < MOST_WITH_MORE) {
                    var more = new ArrayDeque<BenchConnection>();
                    for (int n = 1; n < MAX_SIZE; n++) {
                        more.add(new BenchConnection(names[i]));
                    }
                    further.put(names[i], more);
                }
            }
        }

        BenchConnection take(String name) {
            BenchConnection connection = first.get(name);
            return isUsed(connection) ? further.get(name).remove() : connection;
        }

        /** Marks it by what only callers that check for two hands touch otherwise. */
        private static boolean isUsed(BenchConnection connection) {
            return !connection.isHeld.compareAndSet(false, true);
        }
    }

    private static long graph(Object... roots) {
        return GraphLayout.parseInstance(roots).totalSize();
    }

    private static long usedHeap() throws InterruptedException {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(25); // lets reference handlers finish between two collections
            Runtime runtime = Runtime.getRuntime();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }
}
