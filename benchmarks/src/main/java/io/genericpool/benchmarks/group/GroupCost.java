package io.genericpool.benchmarks.group;

import io.genericpool.EndpointGroup;
import io.genericpool.Lease;
import io.genericpool.benchmarks.report.Table;
import io.genericpool.benchmarks.report.Targets;
import io.genericpool.benchmarks.subject.BenchConnection;
import io.genericpool.benchmarks.subject.GenericPoolSubject;
import io.genericpool.benchmarks.subject.Opener;
import io.genericpool.group.Routing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Acquire and release by a group whose first choice has an idle connection, beside the same at one endpoint. */
final class GroupCost implements AutoCloseable {
    private static final int CONNECTIONS = 8;
    private static final int CYCLES_A_LOOK = 1_000;
    private static final String PLAIN = "plain, one endpoint";
    private static final String IN_TURN = "plain, three endpoints in turn";
    private static final String[] MEMBERS = {"r1", "r2", "r3"};

    private final GenericPoolSubject subject =
            GenericPoolSubject.inline(CONNECTIONS, CONNECTIONS * MEMBERS.length, new Opener());
    private final Map<String, Supplier<Lease<String, BenchConnection>>> ways = new LinkedHashMap<>();
    private final Map<String, List<Double>> nanos = new LinkedHashMap<>();
    private int next;

    GroupCost() throws Exception {
        for (String member : MEMBERS) {
            subject.fill(member, CONNECTIONS);
        }
        ways.put(PLAIN, () -> subject.pool.connection(MEMBERS[0]));
        ways.put(IN_TURN, this::inTurn);
        var key = new AtomicLong();
        add("in order", Routing.inOrder());
        add("round robin", Routing.roundRobin());
        add("weighted", Routing.<String>weighted(member -> 1));
        add("least loaded", Routing.leastLoaded());
        add("by key", Routing.<String>byKey(key::get));
    }

    private Lease<String, BenchConnection> inTurn() {
        next = next == MEMBERS.length - 1 ? 0 : next + 1;
        return subject.pool.connection(MEMBERS[next]);
    }

    private void add(String name, Routing<String> routing) {
        EndpointGroup<String, BenchConnection> group = subject.pool.group(name, routing, MEMBERS);
        ways.put(name, group::connection);
    }

    /** All ways in turn, round after round. */
    void measure(int rounds, long roundNanos) {
        for (int round = -2; round < rounds; round++) { // two to warm up
            for (var way : ways.entrySet()) {
                double found = cycle(way.getValue(), roundNanos);
                if (round >= 0) {
                    nanos.computeIfAbsent(way.getKey(), name -> new ArrayList<>())
                            .add(found);
                }
            }
        }
    }

    private static double cycle(Supplier<Lease<String, BenchConnection>> way, long roundNanos) {
        long start = System.nanoTime();
        long count = 0;
        long now;
        do {
            for (int i = 0; i < CYCLES_A_LOOK; i++) {
                way.get().release();
            }
            count += CYCLES_A_LOOK;
            now = System.nanoTime();
        } while (now - start < roundNanos);
        return (now - start) / (double) count;
    }

    void report(Table table, Targets targets) {
        double one = Table.median(nanos.get(PLAIN));
        double all = Table.median(nanos.get(IN_TURN));
        nanos.forEach((way, found) -> {
            double median = Table.median(found);
            // A policy that uses all members touches the memory of all of them, as a caller does that asks them in
            // turn.
            boolean usesOne = way.equals("in order") || way.equals("by key");
            double plain = usesOne ? one : all;
            table.row(way, Table.number(median), Table.number(median / one) + "x", Table.number(median / all) + "x");
            if (!way.startsWith("plain")) {
                targets.atMost("acquire and release by a group, " + way + ", beside plain", 2, median / plain, "x");
            }
        });
    }

    @Override
    public void close() {
        subject.close();
    }
}
