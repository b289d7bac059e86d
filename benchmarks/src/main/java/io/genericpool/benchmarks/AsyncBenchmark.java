package io.genericpool.benchmarks;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.benchmarks.load.Endpoints;
import io.genericpool.benchmarks.subject.BenchConnection;
import io.genericpool.benchmarks.subject.GenericPoolSubject;
import io.genericpool.benchmarks.subject.Opener;
import io.genericpool.benchmarks.subject.TwoHandsCheck;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What a future costs beside a blocking call, when a connection is idle: no thread is switched in either. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "-Xmx2g")
@Threads(1)
@State(Scope.Benchmark)
public class AsyncBenchmark {
    private static final int MAX_SIZE = 8;

    private final String[] endpoint = Endpoints.shuffled(1);
    private Opener opener;
    private GenericPoolSubject subject;
    private ConnectionPool<String, BenchConnection> pool;

    @Setup(Level.Trial)
    public void fill() throws Exception {
        opener = new Opener();
        subject = GenericPoolSubject.inline(MAX_SIZE, MAX_SIZE, opener);
        subject.fill(endpoint[0], MAX_SIZE);
        pool = subject.pool;
    }

    @Benchmark
    public BenchConnection blocking() {
        Lease<String, BenchConnection> lease = pool.connection(endpoint[0]);
        BenchConnection connection = lease.connection();
        lease.release();
        return connection;
    }

    @Benchmark
    public BenchConnection async() {
        Lease<String, BenchConnection> lease = pool.connectionAsync(endpoint[0]).join();
        BenchConnection connection = lease.connection();
        lease.release();
        return connection;
    }

    /** With a stage behind the future, as code that never blocks has it. */
    @Benchmark
    public Object asyncThen() {
        return pool.connectionAsync(endpoint[0]).thenAccept(Lease::release);
    }

    @TearDown(Level.Trial)
    public void check() throws Exception {
        requireNoSwitch();
        try (GenericPoolSubject measured = subject) {
            TwoHandsCheck.run(measured, opener, endpoint, 2, MAX_SIZE);
        }
    }

    /** Fails unless an idle connection is granted before the call returns, and what depends on it runs right here. */
    private void requireNoSwitch() {
        Thread here = Thread.currentThread();
        var lease = pool.connectionAsync(endpoint[0]);
        boolean isDone = lease.isDone();
        Thread ranOn = lease.thenApply(granted -> {
                    granted.release();
                    return Thread.currentThread();
                })
                .join();
        if (!isDone || ranOn != here) {
            throw new IllegalStateException("an idle connection was handed over on another thread: " + ranOn);
        }
    }
}
