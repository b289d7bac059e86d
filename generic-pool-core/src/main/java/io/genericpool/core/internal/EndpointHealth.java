package io.genericpool.core.internal;

import io.genericpool.support.Nanos;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint needs only while something is wrong with it: made then, dropped by the first step that finds all well
 * again. Guarded by the endpoint's lock.
 */
final class EndpointHealth {
    private final EndpointPool<?, ?> pool;
    private final ServeTimer timer;

    /** What the governor has said last, unless a connect has succeeded since. */
    @Nullable
    ConnectGate gate;

    /** The gate for which all waiters were looked at, and none of those that are left waits in vain. */
    @Nullable
    ConnectGate settledGate;

    @Nullable
    ShrunkLimit shrunk;

    EndpointHealth(EndpointPool<?, ?> pool) {
        this.pool = pool;
        this.timer = new ServeTimer(pool);
    }

    /** At the end of a step: forgets what is over, and sees to it that what is not is looked at in time. */
    void settle(long now, Actions actions) {
        int maxSize = pool.limits.maxSize();
        if (gate != null && !gate.isClosed(now)) {
            gate = null;
        }
        if (shrunk != null && shrunk.at(now, maxSize) >= maxSize) {
            shrunk = null;
        }
        if (pool.has(EndpointState.CLOSED | EndpointState.REMOVED) || (gate == null && shrunk == null)) {
            timer.cancel(actions);
            pool.extras().health = null;
            return;
        }
        long due = now + Nanos.FOREVER;
        if (gate != null) {
            due = now + gate.closedFor(now);
        }
        if (shrunk != null && pool.queue.uncovered() > 0 && shrunk.nextStep(now) - due < 0) {
            due = shrunk.nextStep(now);
        }
        if (due - now < Nanos.FOREVER) {
            timer.set(due, now, actions);
        } else {
            timer.cancel(actions);
        }
    }
}
