package io.genericpool.benchmarks;

import java.util.HashMap;
import java.util.Map;
import org.openjdk.jol.info.GraphLayout;

/**
 * Bytes that a pool needs for an endpoint with one idle connection, without the endpoint's key and the connection. Two
 * measurements that must agree: how much the heap has grown after several collections, and what JOL counts by walking the
 * object graph (not for pools whose graph leads into the threads that run them).
 */
public final class MemoryFootprint {
    private static final int MAX_SIZE = 8;

    private MemoryFootprint() {}

    /**
     * Prints a table.
     *
     * @param args the number of endpoints (100,000 when not given; pools that walk all endpoints get a tenth)
     * @throws Exception when a pool fails
     */
    public static void main(String[] args) throws Exception {
        System.setProperty("jol.magicFieldOffset", "true"); // the graph leads into lambdas, whose fields JOL must guess
        int endpoints = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
        System.out.printf(
                "| pool | endpoints | bytes an endpoint, heap | bytes an endpoint, JOL |%n|---|---:|---:|---:|%n");
        for (String pool : Subjects.ALL) {
            int count = Subjects.isTooSlowFor(pool, endpoints) ? endpoints / 10 : endpoints;
            print(pool, count);
        }
        System.out.printf("%nJDK %s%n", System.getProperty("java.version"));
    }

    private static void print(String pool, int count) throws Exception {
        String[] names = Endpoints.shuffled(count);
        Map<String, BenchConnection> connections = new HashMap<>();
        for (String name : names) {
            connections.put(name, new BenchConnection());
        }
        try (Subject<?> subject = Subjects.of(pool, count, MAX_SIZE, new Opener(connections::get))) {
            subject.fill(names[0], 1); // classes and threads of the pool's own are there from here on
            long graphBefore = graph(subject, names, connections);
            long before = usedHeap();
            for (int i = 1; i < names.length; i++) {
                subject.fill(names[i], 1);
            }
            long grown = usedHeap() - before;
            long graphGrown = graph(subject, names, connections) - graphBefore;
            double others = names.length - 1;
            System.out.printf("| %s | %,d | %.1f | %.1f |%n", pool, count, grown / others, graphGrown / others);
        }
    }

    private static long graph(Object... roots) {
        return GraphLayout.parseInstance(roots).totalSize();
    }

    private static long usedHeap() throws InterruptedException {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 6; i++) {
            System.gc();
            Thread.sleep(50); // lets reference handlers finish between two collections
            Runtime runtime = Runtime.getRuntime();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }
}
