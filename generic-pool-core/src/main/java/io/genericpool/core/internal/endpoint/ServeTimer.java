package io.genericpool.core.internal.endpoint;

import io.genericpool.core.internal.capacity.Claimant;
import io.genericpool.core.internal.executor.TimedSteps;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.spi.PoolClock;
import org.jspecify.annotations.Nullable;

/**
 * Serves an endpoint at a later time, when nothing else may happen until then that would: its gate opens, or its limit
 * rises. One timer an endpoint at most. Guarded by the endpoint's lock; the clock is called without it.
 */
public final class ServeTimer {
    private final Claimant<?, ?> endpoint;
    private final TimedSteps timers;
    private boolean isSet;
    private long dueAt;
    /** Tells a timer that was set from those set before. */
    private int settings;

    private PoolClock.@Nullable Timer timer;

    public ServeTimer(Claimant<?, ?> endpoint, TimedSteps timers) {
        this.endpoint = endpoint;
        this.timers = timers;
    }

    /** Sees to it that the endpoint is served at some time, or before. */
    public void set(long due, long now, Actions actions) {
        // I21: the one that is set is due in time
        if (isSet && dueAt - due <= 0) {
            return;
        }
        cancel(actions);
        isSet = true;
        dueAt = due;
        int setting = settings;
        long delay = Math.max(0, due - now);
        actions.add(more -> start(setting, delay));
    }

    private void start(int setting, long delay) {
        PoolClock.Timer started;
        try {
            started = timers.scheduleSurely(() -> fire(setting), delay);
        } catch (Throwable e) {
            forget(setting);
            throw e;
        }
        keep(started, setting);
    }

    /** No timer is to be had: the next step sets another one. */
    private void forget(int setting) {
        endpoint.lock();
        try {
            if (settings == setting) {
                isSet = false;
            }
        } finally {
            endpoint.unlock();
        }
    }

    private void keep(PoolClock.Timer started, int setting) {
        boolean isNeeded;
        endpoint.lock();
        try {
            isNeeded = isSet && settings == setting;
            if (isNeeded) {
                timer = started;
            }
        } finally {
            endpoint.unlock();
        }
        if (!isNeeded) {
            started.cancel();
        }
    }

    private void fire(int setting) {
        endpoint.step(actions -> {
            // I21: one that fires in vain has an old number
            if (isSet && settings == setting) {
                isSet = false;
                timer = null;
                settings++;
                endpoint.serve(actions);
            }
        });
    }

    public void cancel(Actions actions) {
        settings++;
        isSet = false;
        PoolClock.Timer started = timer;
        if (started != null) {
            timer = null;
            actions.add(more -> started.cancel());
        }
    }
}
