package io.genericpool.benchmarks;

import io.genericpool.benchmarks.load.Endpoints;
import io.genericpool.benchmarks.subject.BenchConnection;
import io.genericpool.benchmarks.subject.Opener;
import io.genericpool.benchmarks.subject.Subject;
import io.genericpool.benchmarks.subject.Subjects;
import io.genericpool.benchmarks.subject.TwoHandsCheck;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Acquire and release of an idle connection by one thread that visits all endpoints in a fixed, shuffled order, so that
 * with many endpoints each visit misses the caches, for the pool and for the floors alike.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "-Xmx2g")
@Threads(1)
@State(Scope.Benchmark)
public class EndpointCountBenchmark {
    private static final int MAX_SIZE = 8;

    /** How many endpoints the pool holds. */
    @Param({"1", "1000", "10000", "100000"})
    public int endpoints;

    /** Which pool: a name in {@link Subjects}. */
    @Param({
        "generic-pool",
        "generic-pool-observed",
        "commons-pool2",
        "httpcore-strict",
        "httpcore-lax",
        "httpcore-segmented",
        "reactor-pool",
        "hikari-bag",
        "floor",
        "floor-wide"
    })
    public String pool;

    private Opener opener;
    private String[] order;
    private Subject<?> subject;
    private int next;

    @Setup(Level.Trial)
    public void fill() throws Exception {
        if (Subjects.isTooSlowFor(pool, endpoints)) {
            throw new IllegalArgumentException(
                    pool + " is left out with " + endpoints + " endpoints: its cost grows with their number");
        }
        opener = new Opener();
        order = Endpoints.shuffled(endpoints);
        subject = Subjects.of(pool, MAX_SIZE, Math.multiplyExact(endpoints, MAX_SIZE), opener);
        for (String endpoint : order) {
            subject.fill(endpoint, 1);
        }
        subject.filled();
    }

    @Benchmark
    public BenchConnection cycle() throws Exception {
        int i = next;
        next = i + 1 == order.length ? 0 : i + 1;
        return subject.cycle(order[i]);
    }

    @TearDown(Level.Trial)
    public void check() throws Exception {
        try (Subject<?> measured = subject) {
            TwoHandsCheck.run(measured, opener, order, 2, MAX_SIZE);
        }
    }
}
