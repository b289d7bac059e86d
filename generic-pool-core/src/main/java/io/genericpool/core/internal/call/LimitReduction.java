package io.genericpool.core.internal.call;

import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.ReducedLimit;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.support.Nanos;

/** An endpoint says that it has too many connections: no more than it has then, for a while. */
public final class LimitReduction<E, C> {
    private final CallContext<E, C> context;
    private final boolean enabled;

    public LimitReduction(CallContext<E, C> context) {
        this.context = context;
        this.enabled = context.traits.namesTooMany && !Nanos.isOff(context.settings.tooManyRecovery);
    }

    /** Whether the manager takes a failure for that. Asked where the manager's code may run. */
    boolean isMeantBy(Slot<E, C> slot, Throwable failure) {
        if (!enabled) {
            return false;
        }
        try {
            return context.hooks.inside(slot, () -> context.manager.isTooMany(slot.owner.endpoint(), failure));
        } catch (Throwable e) {
            context.hooks.failed(slot, "isTooMany", e);
            return false;
        }
    }

    /** Under the endpoint's lock. */
    public void shrink(EndpointPool<E, C> pool, long now, Actions actions) {
        // Without its share: that is no word of the server's, and this limit recovers slowly.
        int limit = Math.max(1, Math.min(pool.established(), pool.ownMaxSize(now)));
        pool.restrictions().reduced = new ReducedLimit(limit, now, context.settings.tooManyRecovery);
        actions.tell(() -> context.events.shrunk(pool, limit));
    }
}
