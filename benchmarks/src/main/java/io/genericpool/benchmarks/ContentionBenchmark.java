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
 * One endpoint with eight connections, acquired and released without holding them, by one, two and sixteen threads. The
 * score is the time of one cycle as its thread sees it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "-Xmx2g")
@State(Scope.Benchmark)
public class ContentionBenchmark {
    private static final int MAX_SIZE = 8;
    private static final int MOST_THREADS = 16;

    /** Which pool: a name in {@link Subjects}. */
    @Param({
        "generic-pool",
        "generic-pool-observed",
        "commons-pool2",
        "commons-pool2-fair",
        "httpcore-strict",
        "httpcore-lax",
        "httpcore-segmented",
        "reactor-pool",
        "hikari-bag",
        "floor"
    })
    public String pool;

    private final String[] endpoint = Endpoints.shuffled(1);
    private Opener opener;
    private Subject<?> subject;

    @Setup(Level.Trial)
    public void fill() throws Exception {
        opener = new Opener();
        subject = Subjects.of(pool, MAX_SIZE, MAX_SIZE, opener);
        subject.fill(endpoint[0], pool.equals(Subjects.FLOOR) ? 1 : MAX_SIZE);
        subject.filled();
    }

    @Benchmark
    @Threads(1)
    public BenchConnection oneThread() throws Exception {
        return subject.cycle(endpoint[0]);
    }

    @Benchmark
    @Threads(2)
    public BenchConnection twoThreads() throws Exception {
        return subject.cycle(endpoint[0]);
    }

    @Benchmark
    @Threads(16)
    public BenchConnection sixteenThreads() throws Exception {
        return subject.cycle(endpoint[0]);
    }

    @TearDown(Level.Trial)
    public void check() throws Exception {
        try (Subject<?> measured = subject) {
            TwoHandsCheck.run(measured, opener, endpoint, MOST_THREADS, MAX_SIZE);
        }
    }
}
