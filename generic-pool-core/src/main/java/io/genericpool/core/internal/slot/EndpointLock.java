package io.genericpool.core.internal.slot;

import java.util.concurrent.locks.AbstractQueuedSynchronizer;

/**
 * The lock of an endpoint, as a part of the endpoint's own object: reentrant, not fair. A {@code ReentrantLock} beside it
 * would do the same and cost 36 bytes more, which counts where there are 100,000 endpoints. Never serialized, in spite of
 * its ancestors.
 */
public abstract class EndpointLock extends AbstractQueuedSynchronizer {
    private static final long serialVersionUID = 1L;
    private static final int BEHIND_OTHERS = 2;

    public final void lock() {
        acquire(1);
    }

    /**
     * Takes the lock behind all threads that wait for it. For work in slices: a thread that has just let the lock go gets it
     * again, in the usual order, before one that must be woken first.
     */
    public final void lockBehindOthers() {
        acquire(BEHIND_OTHERS);
    }

    public final void unlock() {
        release(1);
    }

    public final boolean isHeldByCurrentThread() {
        return isHeldExclusively();
    }

    /** Whether a thread holds it at this moment. */
    public final boolean isLocked() {
        return getState() != 0;
    }

    @Override
    protected final boolean tryAcquire(int holds) {
        Thread current = Thread.currentThread();
        int held = getState();
        if (held == 0) {
            if (holds == BEHIND_OTHERS && hasQueuedPredecessors()) {
                return false;
            }
            if (compareAndSetState(0, 1)) {
                setExclusiveOwnerThread(current);
                return true;
            }
        } else if (getExclusiveOwnerThread() == current) {
            setState(held + 1);
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
