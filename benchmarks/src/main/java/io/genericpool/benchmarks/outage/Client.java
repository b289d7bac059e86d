package io.genericpool.benchmarks.outage;

import io.genericpool.ConnectionPool;
import io.genericpool.PoolException;
import io.genericpool.tcp.SocketConnection;
import io.genericpool.tcp.TcpEndpoint;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/** A thread that leases a connection to one endpoint, has a byte sent back, releases it and pauses, again and again. */
final class Client implements Runnable {
    private static final long LONGEST_NANOS = 60_000_000_000L;

    private final ConnectionPool<TcpEndpoint, SocketConnection> pool;
    private final TcpEndpoint endpoint;
    private final Supplier<Phase> phase;
    private final Timeline successes;
    private final long pauseNanos;
    private final Map<Phase, Histogram> waits = new EnumMap<>(Phase.class);
    private final Map<Phase, Long> failures = new EnumMap<>(Phase.class);
    private volatile boolean isOver;
    private volatile boolean isWrong;

    Client(
            ConnectionPool<TcpEndpoint, SocketConnection> pool,
            TcpEndpoint endpoint,
            Supplier<Phase> phase,
            Timeline successes,
            long pauseNanos) {
        this.pool = pool;
        this.endpoint = endpoint;
        this.phase = phase;
        this.successes = successes;
        this.pauseNanos = pauseNanos;
        for (Phase each : Phase.values()) {
            waits.put(each, new Histogram(LONGEST_NANOS, 3));
            failures.put(each, 0L);
        }
    }

    @Override
    public void run() {
        for (int i = 0; !isOver; i = (i + 1) & 0x7f) {
            Phase now = phase.get();
            try {
                exchange(now, i);
                successes.add();
            } catch (PoolException | IOException e) {
                failures.merge(now, 1L, Long::sum);
            }
            LockSupport.parkNanos(pauseNanos);
        }
    }

    private void exchange(Phase now, int word) throws IOException {
        long before = System.nanoTime();
        pool.use(endpoint, connection -> {
            waits.get(now).recordValue(Math.min(System.nanoTime() - before, LONGEST_NANOS));
            connection.output().write(word);
            int answer = connection.input().read();
            if (answer < 0) {
                throw new IOException("the server has ended the connection");
            }
            isWrong |= answer != word;
            return null;
        });
    }

    void end() {
        isOver = true;
    }

    TcpEndpoint endpoint() {
        return endpoint;
    }

    /** After its thread has ended. */
    Histogram waits(Phase of) {
        return waits.get(of);
    }

    /** After its thread has ended. */
    long failures(Phase of) {
        return failures.get(of);
    }

    boolean isWrong() {
        return isWrong;
    }
}
