package io.genericpool.core.internal.endpoint;

import io.genericpool.DisposeReason;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.slot.Slot;
import org.jspecify.annotations.Nullable;

/** What stands in for the collector in a pool without one: each release takes out a few connections that have expired. */
public final class ReleaseCollector<E, C> {
    private static final int PROBES = 64;

    private final EndpointContext<E, C> context;
    private final EndpointSteps<E, C> steps;

    public ReleaseCollector(EndpointContext<E, C> context, EndpointSteps<E, C> steps) {
        this.context = context;
        this.steps = steps;
    }

    public void afterRelease() {
        if (context.collectsOnRelease) {
            collect();
        }
    }

    public void collect() {
        int left = context.settings.disposeBatchSize();
        if (left == 0) {
            left = 32 - Integer.numberOfLeadingZeros(context.capacity.used() + 1);
        }
        @Nullable Slot<E, C>[] slots = context.capacity.table.all();
        int probes = Math.min(PROBES, slots.length);
        int start = context.capacity.table.handAfter(probes);
        long now = context.ticker.exact();
        var actions = new Actions();
        for (int i = 0; i < probes && left > 0; i++) {
            Slot<E, C> slot = slots[(start + i) % slots.length];
            if (slot != null && slot.isIdle() && expire(slot, now, actions)) {
                left--;
            }
        }
        actions.run();
    }

    private boolean expire(Slot<E, C> slot, long now, Actions actions) {
        if (slot.expiresAt - now <= 0) {
            return steps.disposeIfIdle(slot, DisposeReason.MAX_LIFETIME, actions);
        }
        if (slot.since + context.settings.endpointRetention - now <= 0) {
            // minIdle does not hold any longer
            return steps.disposeIfIdle(slot, DisposeReason.IDLE_TIMEOUT, actions);
        }
        return slot.since + slot.idleTimeout - now <= 0
                && steps.disposeIfExtra(slot, DisposeReason.IDLE_TIMEOUT, actions);
    }
}
