package io.genericpool.core.internal;

import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.queue.Waiter;
import io.genericpool.support.Nanos;
import java.util.concurrent.locks.LockSupport;

/** A request whose thread waits for it. */
class ParkedWaiter<E, C> extends Waiter<E, C> {
    private final PoolParts<E, C> context;
    private final Thread thread = Thread.currentThread();
    private boolean isInterrupted;
    /** It is to look for a connection. */
    private volatile boolean isWoken;

    public ParkedWaiter(PoolParts<E, C> context, boolean isNewOnly, long startedAt, long timeout) {
        super(isNewOnly, startedAt, timeout);
        this.context = context;
    }

    /**
     * Waits, on the thread that made it, until the outcome is decided. An interrupt or the deadline decides it too, unless
     * another thread was faster; then that outcome stands, and an interrupt is only remembered.
     */
    public final void await(EndpointPool<E, C> pool) {
        long deadline = startedAt + timeout;
        for (; ; ) {
            // I6, before the looks: a clock that takes a lock may swallow the unpark that comes meanwhile
            long left = Nanos.isOff(timeout) ? Long.MAX_VALUE : deadline - context.ticker.exact();
            if (!isWaiting()) {
                break;
            }
            if (left <= 0) {
                leave(pool, TIMED_OUT);
            } else if (Thread.interrupted()) {
                isInterrupted = true;
                leave(pool, CANCELLED);
            } else if (isWoken) {
                isWoken = false; // before the look: one that wakes it from now on is heard again
                context.requests.lookAgain(pool, this);
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
            withdraw(pool);
        }
    }

    /** It has left: what was meant for it is handed on. */
    void withdraw(EndpointPool<E, C> pool) {
        context.requests.withdraw(pool, this);
    }

    @Override
    public long threadId() {
        return thread.getId();
    }

    @Override
    public boolean isBlocking() {
        return true;
    }

    @Override
    public boolean isEntering() {
        return false;
    }

    @Override
    public void wake() {
        isWoken = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void signal(Actions more) {
        LockSupport.unpark(thread);
    }
}
