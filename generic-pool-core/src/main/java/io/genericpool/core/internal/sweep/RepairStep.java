package io.genericpool.core.internal.sweep;

import io.genericpool.DisposeReason;
import io.genericpool.core.internal.call.CallContext;
import io.genericpool.core.internal.call.Connector;
import io.genericpool.core.internal.call.Disposer;
import io.genericpool.core.internal.endpoint.EndpointCounters;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.EndpointState;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.slot.RareSlotState;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.support.Nanos;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what an error has left without an owner, and takes it back (I30, I31). A slot that something should be under way
 * for, and that no call, reset or hook knows of, is given up when two sweeps in a row have seen it so, with the same word.
 * One whose call a live thread has yet to begin gets as long as a call may take before it is abandoned. An owner that was
 * merely late finds that out when it comes ({@link Slot#isGone}), and leaves the slot alone. Used by one sweep at a time.
 */
public final class RepairStep<E, C> {
    private static final SafeLog LOG = SafeLog.of(RepairStep.class);

    /** In nanoseconds. */
    private static final long LONGEST_PATIENCE = 300_000_000_000L;

    private final CallContext<E, C> context;
    private final Connector<E, C> connector;
    private final Disposer<E, C> disposer;
    private final WaiterRepair<E, C> waiters = new WaiterRepair<>();
    private final long patience;
    /** By slot: what the last sweep has seen without an owner, and what this one has. */
    private IdentityHashMap<Slot<E, C>, Seen> before = new IdentityHashMap<>();

    private IdentityHashMap<Slot<E, C>, Seen> ownerless = new IdentityHashMap<>();

    private record Seen(long word, long since) {}

    /** The slots that calls, resets and hooks were at work on when this sweep began; null when an error has hidden them. */
    private @Nullable Set<Object> owned;

    public RepairStep(CallContext<E, C> context, Connector<E, C> connector, Disposer<E, C> disposer) {
        this.context = context;
        this.connector = connector;
        this.disposer = disposer;
        long timeout = context.settings.connectTimeout;
        this.patience = Nanos.isOff(timeout) ? LONGEST_PATIENCE : Math.min(LONGEST_PATIENCE, 2 * timeout);
    }

    /** Before the endpoints are looked at. */
    public void begin() {
        owned = null; // until it is known anew: by an old one, what has begun meanwhile would have no owner
        before = ownerless;
        ownerless = new IdentityHashMap<>();
        var actions = new Actions();
        try {
            context.calls.endOverdue(context.ticker.exact(), actions);
            connector.retry(actions);
            boolean wasWrong = context.capacity.repair(context.registry.tenants.all(), actions);
            wasWrong |= context.settings.sharedLimits != null
                    && context.capacity.repairAbandoned(context.registry.all(), actions);
            if (wasWrong) {
                LOG.debug("pool {}: the counts of the total were wrong and are corrected", context.settings.name());
            }
        } finally {
            actions.run();
        }
        owned = owners();
    }

    /** The slots that calls, resets and hooks are at work on. */
    private Set<Object> owners() {
        Set<Object> known = Collections.newSetFromMap(new IdentityHashMap<>());
        context.calls.addOwned(known);
        context.hooks.addOwned(known);
        return known;
    }

    /** Looks at one endpoint, without its lock where nothing seems to be wrong. */
    public void run(EndpointPool<E, C> pool) {
        if (pool.has(EndpointState.REMOVED)) {
            context.registry.remove(pool); // unless that was done
            return;
        }
        int slots = 0;
        boolean isForgotten = false;
        for (int i = 0; i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot != null) {
                slots++;
                isForgotten |= slot.isIdle() && Slot.flagged(slot.word()) != null;
                pool.relist(slot);
                look(pool, slot);
            }
        }
        if (isForgotten && context.backlog.isEmpty()) {
            pool.step(actions -> {
                context.backlog.disposeForgotten(pool, actions);
                context.steps.serveLocked(pool, actions);
            });
        }
        boolean seemsWrong = slots != pool.size || pool.credits != 0;
        boolean asks =
                !pool.queue.isEmpty() || pool.wanted() > 0 || pool.grants() > 0 || pool.has(EndpointState.WAITERS);
        // I60: the total counts its abandoned calls as they were before an error
        boolean isMiscounted = pool.share != null && pool.abandoned() != pool.abandonedCounted();
        if (seemsWrong || asks || isMiscounted) {
            pool.step(actions -> {
                recount(pool, seemsWrong);
                context.capacity.repairLine(pool);
                waiters.run(pool, pool.now(), actions);
                context.steps.serveLocked(pool, actions);
            });
        }
    }

    private static void recount(EndpointPool<?, ?> pool, boolean seemsWrong) {
        if (seemsWrong && pool.recount()) {
            pool.counters().repaired++;
        }
    }

    private void look(EndpointPool<E, C> pool, Slot<E, C> slot) {
        Set<Object> known = owned;
        if (known == null || !isOwnerless(slot, known)) {
            return;
        }
        long word = slot.word();
        Seen seen = before.get(slot);
        if (seen == null || seen.word != word) {
            ownerless.put(slot, new Seen(word, pool.now()));
            return;
        }
        if (isGivenUp(pool, slot, seen)) {
            // An owner that waits for the lock comes first.
            pool.stepBehindOthers(actions -> {
                if (slot.word() == word && isGivenUp(pool, slot, seen) && !isAtWork(slot)) {
                    repair(pool, slot, word, actions);
                    context.steps.serveLocked(pool, actions);
                }
            });
        }
        if (slot.word() == word) {
            ownerless.put(slot, seen); // in case that came to nothing
        }
    }

    /** One that a live thread has yet to begin a call for is waited for. */
    private boolean isGivenUp(EndpointPool<E, C> pool, Slot<E, C> slot, Seen seen) {
        return !slot.isAwaited() || pool.now() - seen.since > patience;
    }

    /**
     * Whether it has an owner by now. Under the lock, where a call that has begun is in the ledger or has changed the word. A
     * check leaves the word as it was, so the slot may have been in two, each begun after a sweep had asked for the owners.
     */
    private boolean isAtWork(Slot<E, C> slot) {
        RareSlotState<?, ?> extras = slot.extrasOrNull();
        return context.calls.owns(slot) || context.hooks.owns(slot) || (extras != null && extras.insideHook != null);
    }

    /** Whether something should be under way for a slot, and nothing is; or a disposal was claimed and is not made. */
    private boolean isOwnerless(Slot<E, C> slot, Set<Object> known) {
        return switch (slot.state()) {
            case Slot.IDLE, Slot.LEASED -> context.capacity.table.isLeaving(slot);
            case Slot.DISPOSED -> true;
            default -> !isOwned(slot, known);
        };
    }

    private static boolean isOwned(Slot<?, ?> slot, Set<Object> known) {
        RareSlotState<?, ?> extras = slot.extrasOrNull();
        return known.contains(slot) || (extras != null && extras.insideHook != null);
    }

    /** Under the lock. */
    private void repair(EndpointPool<E, C> pool, Slot<E, C> slot, long word, Actions actions) {
        EndpointCounters counters = pool.counters();
        switch (Slot.state(word)) {
            case Slot.IDLE, Slot.LEASED -> {
                context.capacity.unclaim(slot);
                counters.repaired++;
            }
            case Slot.DISPOSED -> {
                pool.forget(slot, actions);
                counters.repaired++;
            }
            case Slot.DISPOSING -> disposeAgain(pool, slot, word, actions);
            default -> giveUp(pool, slot, word, actions);
        }
    }

    private void disposeAgain(EndpointPool<E, C> pool, Slot<E, C> slot, long word, Actions actions) {
        if (Slot.hasDisposalBegun(word)) {
            giveUp(pool, slot, word, actions); // the call has ended, and what follows was lost
        } else if (slot.word() == word) {
            actions.add(more -> disposer.dispose(slot, DisposeReason.INVALIDATED, null, more));
            pool.counters().repaired++;
        }
    }

    private void giveUp(EndpointPool<E, C> pool, Slot<E, C> slot, long word, Actions actions) {
        EndpointCounters counters = pool.counters();
        if (pool.slotAt(slot.index) != slot || !slot.tryGiveUp(word)) {
            return;
        }
        counters.repaired++;
        connector.forget(pool, slot);
        pool.forget(slot, actions);
        C connection = slot.connection;
        if (connection != null) {
            counters.countDisposed(DisposeReason.INVALIDATED);
            actions.add(more -> disposer.disposeLate(slot, connection, DisposeReason.INVALIDATED, false, more));
        }
    }
}
