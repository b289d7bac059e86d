package io.genericpool.websocket;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread that waits for the next message: woken with the message in hand, so that it takes no lock again. */
final class BlockingReceiver implements Receiver {
    private final Thread thread = Thread.currentThread();
    private volatile @Nullable Message message;
    private volatile @Nullable RuntimeException failure;

    @Override
    public void deliver(Message delivered) {
        message = delivered;
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
        boolean forEver = nanos == Long.MAX_VALUE;
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

    /** Waits for an outcome that is on its way. */
    void awaitUninterruptibly() {
        boolean interrupted = false;
        while (!hasOutcome()) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    Message outcome() {
        RuntimeException reason = failure;
        if (reason != null) {
            throw reason;
        }
        Message delivered = message;
        if (delivered == null) {
            throw new IllegalStateException("no outcome yet");
        }
        return delivered;
    }

    private boolean hasOutcome() {
        return message != null || failure != null;
    }
}
