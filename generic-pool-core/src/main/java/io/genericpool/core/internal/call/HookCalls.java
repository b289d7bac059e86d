package io.genericpool.core.internal.call;

import io.genericpool.core.internal.endpoint.EndpointContext;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.core.internal.report.PoolEvents;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotLease;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Runs code of the manager, the listener and the governor on threads that own a slot, and reports what it throws. */
public final class HookCalls<E, C> {
    private static final SafeLog LOG = SafeLog.of(HookCalls.class);

    private final EndpointContext<E, C> context;
    private final PoolEvents<E> events;
    private final CallLedger calls;
    /**
     * The slots that each thread owns inside hooks, so that a close called there does not wait for itself. The hooks of
     * every lease are left out of it: each notes its thread in its slot, which costs next to nothing, and is looked for
     * there.
     */
    private final OwnedSlots<E, C> owned = new OwnedSlots<>();

    public HookCalls(EndpointContext<E, C> context, PoolEvents<E> events, CallLedger calls) {
        this.context = context;
        this.events = events;
        this.calls = calls;
    }

    /** Tells a view that its lease has ended. */
    void endView(SlotLease<E, C> lease) {
        if (!context.traits.lends) {
            return;
        }
        try {
            inside(lease.slot, () -> {
                lease.runOnEnd();
                return true;
            });
        } catch (Throwable e) {
            failed(lease.slot, "lend", e);
        }
    }

    /** Tells a listener, by the owner of a slot. */
    @SuppressWarnings("Finally") // what is thrown there is newer news
    void insideQuietly(Slot<E, C> slot, Runnable telling) {
        owned.enter(slot);
        try {
            telling.run();
        } finally {
            try {
                owned.leave();
            } catch (Throwable e) {
                owned.leave(); // an error must not make the thread the slot's owner for ever
                throw e;
            }
        }
    }

    /** Counts and reports a hook that threw, overran or returned null; by the owner of the slot it was about. */
    public void failed(Slot<E, C> slot, String hook, Throwable failure) {
        failed(slot, EndpointPool.of(slot), hook, failure);
    }

    /** As {@link #failed(Slot, String, Throwable)}, about no connection. */
    public void failed(EndpointPool<E, C> pool, String hook, Throwable failure) {
        failed(null, pool, hook, failure);
    }

    public void failed(@Nullable Slot<E, C> slot, EndpointPool<E, C> pool, String hook, Throwable failure) {
        pool.count(c -> c.hookFailures++);
        LOG.debug("pool {}: {} failed for {}", context.settings.name(), hook, pool.label(), failure);
        if (!events.enabled) {
            return;
        }
        if (slot == null) {
            events.hookFailed(pool, hook, failure);
        } else {
            insideQuietly(slot, () -> events.hookFailed(pool, hook, failure));
        }
    }

    /** Runs a hook on the current thread, which owns the slot it is about. */
    @SuppressWarnings("Finally") // as above
    <T> T inside(Slot<E, C> slot, Callable<T> hook) throws Exception {
        owned.enter(slot);
        try {
            return hook.call();
        } finally {
            try {
                owned.leave();
            } catch (Throwable e) {
                owned.leave(); // an error must not make the thread the slot's owner for ever
                throw e;
            }
        }
    }

    /** Adds the slots that threads are inside of hooks for. */
    public void addOwned(Collection<Object> all) {
        owned.addAllTo(all);
    }

    /** Whether a thread is inside of a hook for a slot. */
    public boolean owns(Slot<E, C> slot) {
        return owned.contains(slot);
    }

    /** How many slots cannot come back before the current thread returns from the hooks and calls that it is inside of. */
    public int ownedSlots() {
        Set<Object> slots = Collections.newSetFromMap(new IdentityHashMap<>());
        owned.addTo(slots);
        context.capacity.table.addInsideHook(Thread.currentThread(), slots);
        slots.removeIf(slot -> ((Slot<?, ?>) slot).state() >= Slot.DISPOSING); // its call goes on without this thread
        calls.addInsideCall(slots);
        slots.removeIf(slot -> ((Slot<?, ?>) slot).state() == Slot.DISPOSED);
        return slots.size();
    }
}
