package io.genericpool.replay;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Threads that use a pool in real time, over connections that are only a wait. */
final class Simulated implements ConnectionManager<String, Object> {
    private static final long CONNECT_NANOS = TimeUnit.MILLISECONDS.toNanos(15);

    private final int threads;
    private final int leases;

    Simulated(int threads, int leases) {
        this.threads = threads;
        this.leases = leases;
    }

    /** Real time: what is recorded is the work of real threads. */
    static void pass(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public Object create(String endpoint, Duration timeout) {
        pass(CONNECT_NANOS);
        return new Object();
    }

    @Override
    public void dispose(String endpoint, Object connection, Duration timeout) {}

    ConnectionPoolBuilder<String, Object> builder() {
        return ConnectionPools.builder(this).name("simulated");
    }

    /** Each thread leases, holds for 2 to 22 ms, and pauses for 5 to 35 ms, again and again. */
    void load(ConnectionPool<String, Object> pool) throws InterruptedException {
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            var random = new SplittableRandom(i);
            var thread = new Thread(() -> work(pool, random), "caller-" + i);
            thread.start();
            running.add(thread);
        }
        for (Thread thread : running) {
            thread.join();
        }
    }

    private void work(ConnectionPool<String, Object> pool, SplittableRandom random) {
        for (int i = 0; i < leases; i++) {
            pass(millis(random.nextInt(5, 36)));
            try (var lease = pool.connection(random.nextInt(4) == 0 ? "b" : "a")) {
                lease.connection();
                pass(millis(random.nextInt(2, 23)));
            }
        }
    }

    private static long millis(int count) {
        return TimeUnit.MILLISECONDS.toNanos(count);
    }
}
