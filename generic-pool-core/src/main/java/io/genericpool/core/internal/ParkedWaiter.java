package io.genericpool.core.internal;

import io.genericpool.support.Nanos;
import java.util.concurrent.locks.LockSupport;

/** A request whose thread waits for it. */
final class ParkedWaiter<E, C> extends Waiter<E, C> {
    private final PoolParts<E, C> context;
    private final Thread thread = Thread.currentThread();
    private boolean isInterrupted;

    ParkedWaiter(PoolParts<E, C> context, boolean isNewOnly, long startedAt, long timeout) {
        super(isNewOnly, startedAt, timeout);
        this.context = context;
    }

    /**
     * Waits, on the thread that made it, until the outcome is decided. An interrupt or the deadline decides it too, unless
     * somebody else was faster; then that outcome stands, and an interrupt is only remembered.
     */
    void await(EndpointPool<E, C> pool) {
        long deadline = startedAt + timeout;
        while (isWaiting()) {
            long left = Nanos.isOff(timeout) ? Long.MAX_VALUE : deadline - context.ticker.exact();
            if (left <= 0) {
                leave(pool, TIMED_OUT);
            } else if (Thread.interrupted()) {
                isInterrupted = true;
                leave(pool, CANCELLED);
            } else {
                context.clock.park(pool, left);
            }
        }
        if (isInterrupted) {
            thread.interrupt();
        }
    }

    private void leave(EndpointPool<E, C> pool, int outcome) {
        if (tryLeave(outcome)) {
            context.requests.withdraw(pool, this);
        }
    }

    @Override
    long threadId() {
        return thread.getId();
    }

    @Override
    boolean isBlocking() {
        return true;
    }

    @Override
    boolean isEntering() {
        return false;
    }

    @Override
    void signal(Actions more) {
        LockSupport.unpark(thread);
    }
}
