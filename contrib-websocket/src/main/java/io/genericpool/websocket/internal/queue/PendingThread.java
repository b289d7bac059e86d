package io.genericpool.websocket.internal.queue;

import io.genericpool.support.Nanos;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread that waits: woken with the result in hand, so that it takes no lock again. */
final class PendingThread<T> implements Pending<T> {
    private final Thread thread = Thread.currentThread();
    private volatile @Nullable T result;
    private volatile @Nullable RuntimeException failure;

    @Override
    public void succeed(T outcome) {
        result = outcome;
        LockSupport.unpark(thread);
    }

    @Override
    public void fail(RuntimeException reason) {
        failure = reason;
        LockSupport.unpark(thread);
    }

    /** Waits for an outcome; returns without one when the time is up or the thread is interrupted. */
    void await(long nanos) {
        long deadline = System.nanoTime() + nanos;
        boolean forEver = Nanos.isOff(nanos);
        long left = nanos;
        while (!hasOutcome() && left > 0 && !Thread.currentThread().isInterrupted()) {
            if (forEver) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, left);
                left = deadline - System.nanoTime();
            }
        }
    }

    /** Returns the outcome, waiting for one that is on its way. */
    T outcome() {
        boolean interrupted = false;
        while (!hasOutcome()) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        RuntimeException reason = failure;
        if (reason != null) {
            throw reason;
        }
        T outcome = result;
        if (outcome == null) {
            throw new AssertionError("an outcome is a result or a failure");
        }
        return outcome;
    }

    private boolean hasOutcome() {
        return result != null || failure != null;
    }
}
