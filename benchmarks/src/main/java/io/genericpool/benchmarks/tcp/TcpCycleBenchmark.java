package io.genericpool.benchmarks.tcp;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.LeaseScope;
import io.genericpool.tcp.TcpConnectionManager;
import io.genericpool.tcp.TcpEndpoint;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
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
 * What the TCP manager adds to the engine's cycle of acquire and release, when the aliveness bypass applies and when it does
 * not. The bare engine has the same endpoint and settings, and a manager of nothing.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "-Xmx2g")
@Threads(1)
@State(Scope.Benchmark)
public class TcpCycleBenchmark {
    /** What is pooled. */
    @Param({"bare", "bare, lending views", "tcp without views", "tcp", "tcp async", "tcp, checked each time"})
    public String pooled;

    private ServerSocket server;
    private Socket accepted;
    private TcpEndpoint endpoint;
    private ConnectionPool<TcpEndpoint, ?> pool;

    @Setup(Level.Trial)
    public void open() throws Exception {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        endpoint = TcpEndpoint.of("127.0.0.1", server.getLocalPort());
        pool = ConnectionPools.builder(manager())
                .minIdle(1)
                .maxSize(8)
                .totalMaxSize(100)
                .alivenessBypass(pooled.endsWith("checked each time") ? Duration.ZERO : Duration.ofMillis(500))
                .build();
        pool.connection(endpoint).release();
        accepted = pooled.startsWith("bare") ? null : server.accept();
    }

    private ConnectionManager<TcpEndpoint, ?> manager() {
        return switch (pooled) {
            case "bare" -> new Nothing();
            case "bare, lending views" -> new LentNothing();
            case "tcp without views" ->
                TcpConnectionManager.builder().leaseViews(false).build();
            case "tcp async" -> TcpConnectionManager.builder().buildAsync();
            default -> TcpConnectionManager.builder().build();
        };
    }

    @Benchmark
    public Object cycle() {
        var lease = pool.connection(endpoint);
        Object connection = lease.connection();
        lease.release();
        return connection;
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        pool.close();
        server.close();
        if (accepted != null) {
            accepted.close();
        }
    }

    private static class Nothing implements ConnectionManager<TcpEndpoint, Object> {
        @Override
        public Object create(TcpEndpoint endpoint, Duration timeout) {
            return new Object();
        }

        @Override
        public boolean checkAliveness(TcpEndpoint endpoint, Object connection, Duration timeout) {
            return true;
        }

        @Override
        public boolean isAlivenessCheckInstant() {
            return true;
        }

        @Override
        public void dispose(TcpEndpoint endpoint, Object connection, Duration timeout) {}
    }

    private static final class LentNothing extends Nothing {
        @Override
        public Object lend(TcpEndpoint endpoint, Object connection, LeaseScope scope) {
            var view = new View();
            scope.onEnd(view);
            return view;
        }
    }

    private static final class View implements Runnable {
        volatile boolean hasEnded;

        @Override
        public void run() {
            hasEnded = true;
        }
    }
}
