package io.genericpool.core.internal.endpoint;

import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.slot.Slot;

/**
 * A connection has died of an error: those of its endpoint that are older may have, too. Each is checked before it is next
 * handed out; where the manager has no check, it is disposed, a leased one at its release. Connects in flight and
 * connections made later are not concerned.
 *
 * <p>The first death of an outage begins this; that of a connection which is a suspect already says nothing new, so that
 * connections made since the first are left in peace.
 */
public final class Suspicion<E, C> {
    private final EndpointContext<E, C> context;
    private final Backlog<E, C> backlog;

    public Suspicion(EndpointContext<E, C> context, Backlog<E, C> backlog) {
        this.context = context;
        this.backlog = backlog;
    }

    public void begin(EndpointPool<E, C> pool) {
        pool.step(actions -> begin(pool, actions));
    }

    /** Under the lock. From its end on, no fast path takes a connection that was there before. */
    public void begin(EndpointPool<E, C> pool, Actions actions) {
        // I18: no slot joins or leaves CONNECTING meanwhile, and the flag reaches any other one by its word
        for (int i = 0; i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot == null || slot.state() == Slot.CONNECTING) {
                continue;
            }
            if (context.traits.checks) {
                slot.raise(Slot.SUSPECT);
            } else {
                slot.raise(Slot.EVICTED);
            }
        }
        if (!context.traits.checks) {
            backlog.disposeIdle(pool, new Backlog.Slice(), actions);
            actions.add(more -> backlog.handOn());
        }
    }
}
