package io.genericpool.core.internal.endpoint;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** What the endpoints that have left the pool had counted. Its lock is a leaf. */
public final class RetiredCounters {
    private final ReentrantLock lock = new ReentrantLock();
    private final EndpointCounters total = new EndpointCounters();
    private long retirements;

    /** An endpoint leaves: adds what it has counted. */
    public void retire(Consumer<EndpointCounters> change) {
        lock.lock();
        try {
            retirements++;
            change.accept(total);
        } finally {
            lock.unlock();
        }
    }

    public void count(Consumer<EndpointCounters> change) {
        lock.lock();
        try {
            change.accept(total);
        } finally {
            lock.unlock();
        }
    }

    /** How many endpoints have left. */
    public long retirements() {
        lock.lock();
        try {
            return retirements;
        } finally {
            lock.unlock();
        }
    }
}
