package io.genericpool.core.internal.endpoint;

import io.genericpool.core.internal.queue.Waiter;

/**
 * Whether a connection that comes back is left to the threads that run, instead of being handed to the thread that has waited
 * longest and must be woken first. That one is woken without it, and looks for itself ({@code overtakeWithin}, I53). Under the
 * endpoint's lock.
 *
 * <p>The idea is that of Go's {@code sync.Mutex}, with its normal mode and its starvation mode: a woken waiter competes, and
 * from some age on it does not have to.
 */
final class Overtaking<E, C> {
    /** In nanoseconds; 0: each connection is handed over. */
    private final long window;

    Overtaking(long window) {
        this.window = window;
    }

    /** Before a step looks at who waits. A woken request that has left, or looks in this very step, is awaited no longer. */
    void begin(Step<E, C> step) {
        if (window == 0) {
            return;
        }
        EndpointPool<E, C> pool = step.endpoint;
        Waiter<E, C> woken = pool.woken;
        if (woken != null && (!woken.isWaiting() || woken == step.arriving)) {
            pool.woken = null;
        }
        if (pool.woken == null && !pool.queue.isEmpty()) {
            // I6: before the look for idle connections, so that a release that comes later sees the bit
            pool.setAttention(EndpointPool.WAITERS, true);
        }
    }

    /** Whether others may be served before this request. Its own step may serve it. */
    boolean allows(Step<E, C> step, Waiter<E, C> waiter) {
        return window > 0
                && waiter != step.arriving
                && waiter.isBlocking()
                && !waiter.isNewOnly
                && step.now - waiter.startedAt < window;
    }

    /** Whether a request that has just come may be served before those that wait. */
    boolean allowsNewcomers(Step<E, C> step) {
        Waiter<E, C> oldest = step.endpoint.queue.first();
        return oldest == null || allows(step, oldest);
    }

    /** Wakes a request without a connection, one at a time. */
    void wake(Step<E, C> step, Waiter<E, C> waiter) {
        EndpointPool<E, C> pool = step.endpoint;
        if (pool.woken == null) {
            pool.woken = waiter;
            step.actions.add(more -> waiter.wake());
        }
    }

    /**
     * Whether releases must look for those who wait. They need not while the one that comes first is on its way: it looks at
     * all that is idle by then, and wakes the next.
     */
    boolean needsLook(EndpointPool<E, C> pool) {
        if (pool.queue.isEmpty()) {
            return false;
        }
        Waiter<E, C> woken = pool.woken;
        return woken == null || !woken.isWaiting() || pool.queue.first() != woken;
    }
}
