package io.genericpool.benchmarks.subject;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The least that fair waiting costs: the JDK's fair semaphore, and a deque from which its holders take a connection. For one
 * endpoint.
 */
public final class SemaphoreSubject extends Subject<BenchConnection> {
    private final Semaphore permits;
    private final ConcurrentLinkedDeque<BenchConnection> idle = new ConcurrentLinkedDeque<>();
    private final Opener opener;

    public SemaphoreSubject(int maxSize, Opener opener) {
        this.permits = new Semaphore(maxSize, true);
        this.opener = opener;
    }

    @Override
    public BenchConnection acquire(String endpoint) throws Exception {
        if (!permits.tryAcquire(30, TimeUnit.SECONDS)) {
            throw new TimeoutException("no permit");
        }
        BenchConnection connection = idle.pollFirst();
        return connection == null ? opener.open(endpoint) : connection;
    }

    @Override
    public BenchConnection connection(BenchConnection lease) {
        return lease;
    }

    @Override
    public void release(String endpoint, BenchConnection lease) {
        idle.addFirst(lease);
        permits.release();
    }
}
