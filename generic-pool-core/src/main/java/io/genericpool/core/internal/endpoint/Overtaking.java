package io.genericpool.core.internal.endpoint;

import io.genericpool.core.internal.queue.Actions;
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
    private final EndpointContext<E, C> context;
    /** In nanoseconds; 0: each connection is handed over. */
    private final long window;

    Overtaking(EndpointContext<E, C> context) {
        this.context = context;
        this.window = context.settings.overtakeWithin;
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
        if (!pool.queue.isEmpty()) {
            // I6: before the look for idle connections, so that a release that comes later sees the bit
            pool.setAttention(EndpointPool.WAITERS, true);
        }
    }

    /**
     * Whether others may be served before this request. Its own step may serve it. While an endpoint starves, whatever is idle
     * goes to that one, so nothing is left idle for those who run.
     */
    boolean allows(Step<E, C> step, Waiter<E, C> waiter) {
        return window > 0
                && waiter != step.arriving
                && waiter.mayBeOvertaken()
                && !waiter.isNewOnly
                && waiter.timeout > 0
                && step.now - waiter.startedAt < window
                && step.endpoint.queue.first() == waiter
                && context.capacity.pressure() == 0;
    }

    /** Whether a request that has just come may be served before those that wait. */
    boolean allowsNewcomers(Step<E, C> step) {
        Waiter<E, C> oldest = step.endpoint.queue.first();
        return oldest == null || allows(step, oldest);
    }

    /** Wakes a request without a connection, one at a time. */
    void wake(Step<E, C> step, Waiter<E, C> waiter) {
        EndpointPool<E, C> pool = step.endpoint;
        // I53: the next is woken by the step in which this one looks
        if (!isAwaited(pool)) {
            step.actions.add(new WakeUp<>(waiter)); // first: no memory for it must not count as a wake-up (I29)
            pool.woken = waiter;
        }
    }

    /** Twice does no harm. */
    private record WakeUp<E, C>(Waiter<E, C> waiter) implements Actions.Action {
        @Override
        public void run(Actions more) {
            waiter.wake();
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }
    }

    /** Whether a woken request has yet to look: what is idle is left to it and to those who run. */
    boolean isAwaited(EndpointPool<E, C> pool) {
        Waiter<E, C> woken = pool.woken;
        return woken != null && woken.isWaiting();
    }

    /** Whether this request is the one that has yet to look: nothing else is done for it meanwhile. */
    boolean isWoken(EndpointPool<E, C> pool, Waiter<E, C> waiter) {
        return pool.woken == waiter;
    }

    /**
     * At the end of a step: whether releases must look for those who wait. They need not while the one that comes first is on its
     * way: it looks at all that is idle by then, and wakes the next.
     */
    boolean needsLook(EndpointPool<E, C> pool) {
        if (!isAwaited(pool)) {
            pool.woken = null;
        }
        return !pool.queue.isEmpty() && (pool.woken == null || pool.queue.first() != pool.woken);
    }
}
