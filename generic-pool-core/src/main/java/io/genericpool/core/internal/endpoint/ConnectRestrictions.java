package io.genericpool.core.internal.endpoint;

import io.genericpool.core.internal.queue.Actions;
import io.genericpool.support.Nanos;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint needs only while something is wrong with it: made then, dropped by the first step that finds all well
 * again. Guarded by the endpoint's lock.
 */
public final class ConnectRestrictions {
    private final ServeTimer timer;

    /** What the governor has said last, unless a connect has succeeded since. */
    public @Nullable ConnectGate gate;

    /** The gate for which all waiters were looked at, and none of those that are left waits in vain. */
    @Nullable
    ConnectGate settledGate;

    public @Nullable ReducedLimit reduced;

    public ConnectRestrictions(ServeTimer timer) {
        this.timer = timer;
    }

    /** Forgets what is over. @return whether nothing is left */
    public boolean isOver(long now, int maxSize) {
        if (gate != null && !gate.isClosed(now)) {
            gate = null;
        }
        if (reduced != null && reduced.at(now, maxSize) >= maxSize) {
            reduced = null;
        }
        return gate == null && reduced == null;
    }

    public void end(Actions actions) {
        timer.cancel(actions);
    }

    /** Sees to it that what is not over is looked at in time: the lowered limit while a request waits for it to rise. */
    public void watch(boolean hasWaiters, long now, Actions actions) {
        long due = now + Nanos.FOREVER;
        if (gate != null) {
            due = now + gate.closedFor(now);
        }
        if (reduced != null && hasWaiters && reduced.nextStep(now) - due < 0) {
            due = reduced.nextStep(now);
        }
        if (due - now < Nanos.FOREVER) {
            timer.set(due, now, actions);
        } else {
            timer.cancel(actions);
        }
    }
}
