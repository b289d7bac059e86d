package io.genericpool.core.internal.endpoint;

import io.genericpool.DisposeReason;
import io.genericpool.core.internal.queue.ConnectAttempt;
import io.genericpool.core.internal.queue.Waiter;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotLease;
import io.genericpool.support.Nanos;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a connection that can serve again, or for the first time: it must go, or gives way to a starving
 * endpoint, or is delivered to the oldest waiter that takes it, or becomes idle. Run under the endpoint's lock by the thread that
 * owns the slot.
 */
public final class OfferStep<E, C> {
    private final EndpointContext<E, C> context;
    private final ServeStep<E, C> serve;

    public OfferStep(EndpointContext<E, C> context, ServeStep<E, C> serve) {
        this.context = context;
        this.serve = serve;
    }

    /**
     * Offers a slot and then serves the endpoint.
     *
     * @param fresh the connect it comes from, or null when it was used, reset or checked
     */
    public void run(Step<E, C> step, Slot<E, C> slot, @Nullable ConnectAttempt<E, C> fresh) {
        EndpointPool<E, C> pool = step.endpoint;
        if (slot.isGone()) { // the caller was late, and the repair has taken it
            serve.run(step);
            return;
        }
        DisposeReason reason = mustGo(pool, slot);
        if (reason != null) {
            pool.dispose(slot, reason, null, step.actions);
        } else if (context.capacity.claimSurplus(slot)) {
            pool.disposeCounted(slot, DisposeReason.RESIZED, null, step.actions);
        } else if (givesWay(step, slot, fresh)) {
            pool.disposeCounted(slot, DisposeReason.PRESSURE, null, step.actions);
        } else if (!handOver(step, slot, fresh)) {
            settle(step, slot);
        }
        // With one more connection, an idle one beside it may be more than what is reserved.
        step.mayRelieve |= fresh != null && pool.limits.reserved() > 0;
        serve.run(step);
    }

    private @Nullable DisposeReason mustGo(EndpointPool<E, C> pool, Slot<E, C> slot) {
        DisposeReason flagged = Slot.flagged(slot.word());
        if (flagged != null) {
            return flagged;
        }
        if (pool.has(EndpointPool.CLOSED)) {
            return DisposeReason.CLOSED;
        }
        if (slot.expiresAt - context.ticker.coarse() <= 0) {
            return DisposeReason.MAX_LIFETIME;
        }
        if (slot.leases() >= context.maxLeases) {
            return DisposeReason.MAX_LEASES;
        }
        return pool.held() > pool.mostHeld() ? Backlog.beyondMaxSize(pool) : null;
    }

    /**
     * Whether a starving endpoint has the better claim. A connection serves its own endpoint until the overtake window has
     * passed since it was connected or since that starvation began; one that was just made serves at least once, since
     * otherwise two starving endpoints could dispose each other's connections for ever. The window saves connects: where the
     * connection would have to go for a new one of its own endpoint, it saves none, and the permit goes to who starves.
     */
    private boolean givesWay(Step<E, C> step, Slot<E, C> slot, @Nullable ConnectAttempt<E, C> fresh) {
        EndpointPool<E, C> pool = step.endpoint;
        if (context.capacity.pressure() == 0) {
            return false;
        }
        boolean servesItself =
                takerOf(pool, fresh) != null && (fresh != null || !needsThisRoom(step, slot, serve.oldest(step)));
        long window = fresh == null ? pool.overtakeWindow() : Nanos.FOREVER;
        return context.capacity.claimFor(slot, servesItself, window, step.now);
    }

    private @Nullable Waiter<E, C> takerOf(EndpointPool<E, C> pool, @Nullable ConnectAttempt<E, C> fresh) {
        if (pool.isSuspended()) {
            return null;
        }
        return fresh == null ? pool.queue.oldestForReuse() : pool.queue.oldestFor(fresh);
    }

    private boolean handOver(Step<E, C> step, Slot<E, C> slot, @Nullable ConnectAttempt<E, C> fresh) {
        EndpointPool<E, C> pool = step.endpoint;
        for (; ; ) {
            Waiter<E, C> oldest = serve.oldest(step);
            if (fresh == null
                    && oldest != null
                    && needsThisRoom(step, slot, oldest)
                    && serve.disposeFor(step, slot, oldest)) {
                return true;
            }
            Waiter<E, C> taker = takerOf(pool, fresh);
            if (taker == null) {
                return false;
            }
            if (isLeftIdle(step, taker, slot)) {
                return false; // the step that follows wakes the taker
            }
            if (deliver(step, taker, slot)) {
                return true;
            }
            if (Slot.flags(slot.word()) != 0) {
                return false;
            }
        }
    }

    /**
     * Whether it is left to those who run. Only one that comes from a holder: a check or a connect was made for the taker. And only
     * one that can be lent as it is once it is idle: else it would have to be checked each time.
     */
    private boolean isLeftIdle(Step<E, C> step, Waiter<E, C> taker, Slot<E, C> slot) {
        return slot.state() == Slot.PENDING
                && serve.overtaking.allows(step, taker)
                && slot.usableUntil - context.ticker.coarse() > 0;
    }

    /**
     * The oldest waiter wants a new connection, nothing is on its way for it, and it can have none but in the place of this
     * one: the endpoint is full, or the pool is. In the latter case the connection serves those behind for a window first:
     * as long as it would serve them while another endpoint starves.
     */
    private boolean needsThisRoom(Step<E, C> step, Slot<E, C> slot, @Nullable Waiter<E, C> oldest) {
        EndpointPool<E, C> pool = step.endpoint;
        return oldest != null
                && oldest.isNewOnly
                && oldest.cover == null
                && !pool.isSuspended()
                && !pool.isGated(step.now)
                && !pool.isClogged()
                && (pool.size >= pool.maxSize(step.now) || isOverdue(step, slot, oldest));
    }

    private boolean isOverdue(Step<E, C> step, Slot<E, C> slot, Waiter<E, C> waiter) {
        EndpointPool<E, C> pool = step.endpoint;
        // I16: the same window for a request of its own for a new connection
        return pool.wanted() > 0
                && context.capacity.pressure() > 0
                && Math.min(step.now - slot.connectedAt, step.now - waiter.startedAt) >= pool.overtakeWindow();
    }

    /**
     * Delivers a slot that is owned by the caller. What needs memory comes first, the signal included, which means nothing
     * to a waiter without an outcome; then the slot is leased and the lease delivered, or the slot is owned again (I29).
     *
     * @return false when the waiter has left, or a flag was raised: the slot is the caller's
     */
    boolean deliver(Step<E, C> step, Waiter<E, C> waiter, Slot<E, C> slot) {
        EndpointPool<E, C> pool = step.endpoint;
        long word = slot.nextLease();
        if (word == 0) {
            return false;
        }
        var lease = new SlotLease<>(slot, word);
        if (context.settings.hears.leases) {
            slot.extras().deliveredAt = context.clock.nanoTime();
        }
        pool.unlistIfMarked(slot);
        slot.since = context.ticker.coarse();
        slot.holder = waiter.isBlocking() ? -waiter.threadId() : waiter.threadId();
        boolean seesItself = waiter == step.arriving && waiter.isBlocking();
        if (!waiter.isEntering() && !seesItself) {
            step.actions.add(waiter);
        }
        if (!slot.tryLeaseAs(word)) {
            return false;
        }
        boolean isDelivered = false;
        try {
            isDelivered = waiter.tryDeliver(lease);
        } finally {
            if (!isDelivered) {
                slot.tryMove(Slot.LEASED, Slot.PENDING);
            }
        }
        if (!isDelivered) {
            slot.uncountLease();
            slot.holder = waiter.threadId();
            return false;
        }
        pool.delivered(waiter);
        return true;
    }

    /** A slot owned by the caller becomes idle, or goes if a flag was raised meanwhile. */
    public void settle(Step<E, C> step, Slot<E, C> slot) {
        EndpointPool<E, C> pool = step.endpoint;
        if (pool.order != null) {
            pool.order.append(slot, pool.nextSequence());
        }
        step.mayRelieve = true;
        if (!slot.trySettle()) {
            DisposeReason flagged = Slot.flagged(slot.word());
            pool.dispose(slot, flagged == null ? DisposeReason.DEAD : flagged, null, step.actions);
        }
    }
}
