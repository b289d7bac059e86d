package io.genericpool.core.internal;

import java.util.concurrent.locks.AbstractQueuedSynchronizer;

/**
 * The lock of an endpoint, as a part of the endpoint's own object: reentrant, not fair. A {@code ReentrantLock} beside it
 * would do the same and cost 36 bytes more, which counts where there are 100,000 endpoints. Never serialized, in spite of
 * its ancestors.
 */
abstract class EndpointLock extends AbstractQueuedSynchronizer {
    private static final long serialVersionUID = 1L;

    final void lock() {
        acquire(1);
    }

    final void unlock() {
        release(1);
    }

    final boolean isHeldByCurrentThread() {
        return isHeldExclusively();
    }

    @Override
    protected final boolean tryAcquire(int holds) {
        Thread current = Thread.currentThread();
        int held = getState();
        if (held == 0) {
            if (compareAndSetState(0, holds)) {
                setExclusiveOwnerThread(current);
                return true;
            }
        } else if (getExclusiveOwnerThread() == current) {
            setState(held + holds);
            return true;
        }
        return false;
    }

    @Override
    protected final boolean tryRelease(int holds) {
        if (getExclusiveOwnerThread() != Thread.currentThread()) {
            throw new IllegalMonitorStateException("the endpoint's lock is held by another thread");
        }
        int left = getState() - holds;
        if (left == 0) {
            setExclusiveOwnerThread(null);
        }
        setState(left);
        return left == 0;
    }

    @Override
    protected final boolean isHeldExclusively() {
        return getExclusiveOwnerThread() == Thread.currentThread();
    }
}
