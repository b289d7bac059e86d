package io.genericpool.core.internal.call;

import io.genericpool.DisposeReason;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.core.internal.endpoint.EndpointCounters;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.ReleaseCollector;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.core.internal.queue.Waiter;
import io.genericpool.core.internal.report.PoolErrors;
import io.genericpool.core.internal.slot.RareSlotState;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotLease;
import io.genericpool.spi.ConnectionManager;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The beginning and the end of a lease where the manager or a listener has a say: their code runs here, on
 * the acquiring or releasing thread and without a lock, while the slot is owned by that thread.
 */
public final class LeaseHooks<E, C> {
    private static final SafeLog LOG = SafeLog.of(LeaseHooks.class);

    private final CallContext<E, C> context;
    private final Disposer<E, C> disposer;
    private final PoolErrors<E, C> failures;
    private final ReleaseCollector<E, C> releaseCollector;

    public LeaseHooks(
            CallContext<E, C> context,
            Disposer<E, C> disposer,
            PoolErrors<E, C> failures,
            ReleaseCollector<E, C> releaseCollector) {
        this.context = context;
        this.disposer = disposer;
        this.failures = failures;
        this.releaseCollector = releaseCollector;
    }

    /**
     * Makes a fresh lease what its caller gets: runs the hooks of the acquire and tells the listener.
     *
     * @param waiter the request; null when the lease was granted without one: then it has cost no time
     * @param timeout the timeout of the acquire, for errors
     * @throws PoolException when a hook has failed: the connection is on its way out then, and the lease has ended
     */
    public Lease<E, C> prepare(SlotLease<E, C> lease, @Nullable Waiter<E, C> waiter, long timeout) {
        boolean isFast = waiter == null;
        EndpointPool<E, C> pool = EndpointPool.of(lease.slot);
        stampTimes(lease.slot, waiter);
        if (context.traits.hasAcquireHooks) {
            Throwable failure = acquired(lease, isFast);
            if (failure != null) {
                long start = waiter == null ? context.ticker.exact() : waiter.startedAt;
                PoolException exception = failures.hookFailed(pool, start, timeout, failure);
                context.events.acquireFailed(pool, context.ticker.exact() - start, hasWaited(waiter), exception);
                throw exception;
            }
        }
        tellAcquired(lease, waiter);
        if (takesBack(lease, isFast)) {
            PoolException exception = failures.closed(pool.endpoint, timeout);
            context.events.acquireFailed(pool, 0, hasWaited(waiter), exception);
            throw exception;
        }
        return lease;
    }

    private static boolean hasWaited(@Nullable Waiter<?, ?> waiter) {
        return waiter != null && waiter.hasWaited();
    }

    /**
     * Whether the pool was closed while code of the user's ran for a lease that no caller has seen: a close from inside of that
     * has not waited for it, so that it must not be handed out any more. It has ended then (I26).
     */
    public boolean takesBack(SlotLease<E, C> lease, boolean isFast) {
        boolean ranOthersCode =
                context.traits.hasAcquireHooks || context.settings.hears.acquires || context.settings.hears.waits;
        if (!ranOthersCode || !context.registry.isClosed()) {
            return false;
        }
        Slot<E, C> slot = lease.slot;
        if (slot.tryPend(lease.word)) {
            context.hooks.insideQuietly(slot, () -> {
                slot.uncountLease();
                countUnseen(EndpointPool.of(slot), isFast, counters -> counters.rejected++);
                context.hooks.endView(lease);
                EndpointPool.of(slot).stampIdle(slot, context.ticker.coarse());
                tellReleased(slot, 0, true);
                context.steps.discard(slot, DisposeReason.CLOSED);
            });
        }
        return true;
    }

    private void countUnseen(EndpointPool<E, C> pool, boolean isFast, Consumer<EndpointCounters> countInstead) {
        pool.count(c -> {
            countInstead.accept(c);
            if (isFast) {
                c.slowAcquires++;
            } else {
                c.slowGranted--;
            }
        });
    }

    /**
     * Runs the hooks of an acquire, by the owner of a fresh lease.
     *
     * @param isFast whether the lease was granted on the fast path, which counts differently
     * @return what went wrong: the connection is on its way out then, and the lease has ended; null when all is well
     */
    public @Nullable Throwable acquired(SlotLease<E, C> lease, boolean isFast) {
        Slot<E, C> slot = lease.slot;
        try {
            acquireHooks(lease);
            if (context.traits.lends && !lease.isActive()) {
                context.hooks.endView(lease); // a close has revoked it before it knew of the view
            }
            return null;
        } catch (Throwable e) {
            context.hooks.failed(slot, "onAcquire", e);
            discardUnused(lease, isFast);
            return e;
        }
    }

    private void acquireHooks(SlotLease<E, C> lease) throws Exception {
        Slot<E, C> slot = lease.slot;
        RareSlotState<E, C> extras = slot.extras();
        extras.insideHook = Thread.currentThread();
        try {
            if (context.traits.acquires) {
                context.manager.onAcquire(slot.owner.endpoint(), slot.connection());
            }
            if (context.traits.lends) {
                lease.view = Objects.requireNonNull(
                        context.manager.lend(slot.owner.endpoint(), slot.connection(), lease),
                        "lend returned null instead of a view");
            }
        } finally {
            extras.insideHook = null;
        }
    }

    private void discardUnused(SlotLease<E, C> lease, boolean isFast) {
        Slot<E, C> slot = lease.slot;
        if (!slot.tryPend(lease.word)) {
            return; // revoked, or released by the hook itself: it counts as granted
        }
        context.hooks.insideQuietly(slot, () -> {
            slot.uncountLease();
            context.hooks.endView(lease);
            countUnseen(EndpointPool.of(slot), isFast, counters -> counters.failed++);
            context.steps.discard(slot, DisposeReason.HOOK_FAILED);
        });
    }

    /** Ends a lease whose release needs more than one CAS, or may be stale. */
    public void release(SlotLease<E, C> lease) {
        Slot<E, C> slot = lease.slot;
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        if (!slot.tryPend(lease.word)) {
            pool.count(c -> c.staleReleases++);
            return;
        }
        long held = context.ticker.coarse() - slot.since;
        CompletionStage<?> reset = ConnectionManager.NO_RESET;
        Throwable failure = null;
        if (context.traits.hasReleaseHooks) {
            try {
                reset = releaseHooks(lease);
            } catch (Throwable e) {
                failure = e;
            }
        }
        tellReleased(slot, held, false);
        if (failure != null) {
            discardFailed(slot, failure);
        } else if (reset == ConnectionManager.NO_RESET) {
            long now = context.ticker.coarse();
            pool.stampIdle(slot, now);
            if (!pool.trySettle(slot, now)) {
                context.steps.offer(slot);
            }
        } else {
            new PendingReset<>(context, disposer, slot, reset).await();
        }
        releaseCollector.afterRelease();
    }

    private void discardFailed(Slot<E, C> slot, Throwable failure) {
        context.hooks.insideQuietly(slot, () -> {
            context.hooks.failed(slot, "onRelease", failure);
            EndpointPool.of(slot).stampIdle(slot, context.ticker.coarse());
            context.steps.discard(slot, DisposeReason.HOOK_FAILED);
        });
    }

    private CompletionStage<?> releaseHooks(SlotLease<E, C> lease) throws Exception {
        Slot<E, C> slot = lease.slot;
        RareSlotState<E, C> extras = slot.extras();
        extras.insideHook = Thread.currentThread();
        try {
            if (lease.runOnEnd()) {
                extras.forgetLentLease();
            }
            if (context.traits.releases) {
                context.manager.onRelease(slot.owner.endpoint(), slot.connection());
            }
            if (!context.traits.resets || Slot.flagged(slot.word()) == DisposeReason.DEAD) {
                return ConnectionManager.NO_RESET; // nothing is reset in a dead connection
            }
            return Objects.requireNonNull(
                    context.manager.resetAsync(slot.owner.endpoint(), slot.connection()),
                    "resetAsync returned null instead of a stage");
        } finally {
            extras.insideHook = null;
        }
    }

    public void invalidate(SlotLease<E, C> lease, @Nullable Throwable cause) {
        if (context.traits.knowsFatal && cause != null) {
            invalidate(lease, cause, () -> isFatal(lease, cause));
        } else {
            invalidate(lease, cause, null);
        }
    }

    /** Some work has failed: the manager says whether the connection is broken. Throws nothing but errors of the pool's own. */
    public void endFailedUse(SlotLease<E, C> lease, Throwable failure) {
        try {
            endFailed(lease, failure);
        } catch (Throwable e) {
            endLost(lease, e);
            throw e;
        }
    }

    private void endFailed(SlotLease<E, C> lease, Throwable failure) {
        if (!lease.isActive()) {
            invalidate(lease, failure, context.traits.knowsFatal ? () -> true : null);
            return;
        }
        var question = new FatalQuestion<>(context, lease.slot, () -> invalidate(lease, failure, () -> true));
        boolean isFatal = isFatal(lease, failure);
        if (!question.isAnsweredInTime()) {
            return;
        }
        if (isFatal) {
            invalidate(lease, failure, context.traits.knowsFatal ? () -> true : null);
        } else {
            lease.release();
        }
    }

    private boolean isFatal(SlotLease<E, C> lease, Throwable failure) {
        if (!context.traits.knowsFatal) {
            return true; // as the method that is not overridden says
        }
        try {
            return context.hooks.inside(
                    lease.slot, () -> context.manager.isFatal(lease.endpoint(), lease.slot.connection(), failure));
        } catch (Throwable e) {
            context.hooks.failed(lease.slot, "isFatal", e);
            return true;
        }
    }

    /**
     * Ends a lease whose connection is given up.
     *
     * @param isDeath whether the manager knows that it has died of an error; asked when the connection has no holder; null for no
     */
    private void invalidate(SlotLease<E, C> lease, @Nullable Throwable cause, @Nullable BooleanSupplier isDeath) {
        Slot<E, C> slot = lease.slot;
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        if (!slot.tryPend(lease.word)) {
            pool.count(c -> c.staleReleases++);
            return;
        }
        // I30: the owner's, also while it waits for the lock of a timer or of a log
        context.hooks.insideQuietly(slot, () -> endInvalidated(lease, cause, isDeath));
        releaseCollector.afterRelease();
    }

    private void endInvalidated(SlotLease<E, C> lease, @Nullable Throwable cause, @Nullable BooleanSupplier isDeath) {
        Slot<E, C> slot = lease.slot;
        EndpointPool<E, C> pool = EndpointPool.of(slot);
        if (cause != null) {
            LOG.debug("pool {}: a connection to {} was invalidated", context.settings.name(), pool.label(), cause);
        }
        long held = context.ticker.coarse() - slot.since;
        context.hooks.endView(lease);
        pool.stampIdle(slot, context.ticker.coarse());
        tellReleased(slot, held, true);
        if (isDeath != null && Slot.flags(slot.word()) == 0) {
            var question = new FatalQuestion<>(context, slot, () -> discardInvalidated(slot, true));
            boolean hasDied = isDeath.getAsBoolean();
            if (question.isAnsweredInTime()) {
                discardInvalidated(slot, hasDied);
            }
        } else {
            discardInvalidated(slot, false);
        }
    }

    private void discardInvalidated(Slot<E, C> slot, boolean hasDied) {
        if (hasDied) {
            context.suspicion.begin(EndpointPool.of(slot));
        }
        context.steps.discard(slot, DisposeReason.INVALIDATED);
    }

    /** A lease that an error has kept from its requester; one that has ended in order is left alone. */
    public void endLost(SlotLease<E, C> lease, Throwable why) {
        if (lease.isActive()) {
            invalidate(lease, why, null);
        }
    }

    /** Releases a lease whose holder cannot do so again, should an error strike. */
    public void releaseSurely(SlotLease<E, C> lease) {
        try {
            lease.release();
        } catch (Throwable e) {
            endLost(lease, e);
            throw e;
        }
    }

    /** Releases a lease whose hooks have run, but whose requester left at the last moment: it counts as cancelled. */
    public void releaseUnseen(SlotLease<E, C> lease) {
        if (lease.isActive()) {
            lease.slot.uncountLease();
            EndpointPool.of(lease.slot).count(c -> {
                c.slowGranted--;
                c.cancelled++;
            });
        }
        release(lease);
    }

    /** While the slot is this thread's, so that a close by the listener must not wait for it. */
    private void tellReleased(Slot<E, C> slot, long held, boolean isInvalidated) {
        if (context.settings.hears.releases || context.settings.hears.leases) {
            RareSlotState<E, C> extras = slot.extras();
            Thread before = extras.insideHook;
            extras.insideHook = Thread.currentThread();
            try {
                if (context.settings.hears.releases) {
                    context.events.released(EndpointPool.of(slot), slot, held, isInvalidated);
                }
                if (context.settings.hears.leases) {
                    context.events.leaseEnded(EndpointPool.of(slot), slot, isInvalidated);
                }
            } finally {
                extras.insideHook = before;
            }
        }
    }

    /**
     * Tells the listener of a lease, if it hears of this one; by the thread that is about to hand it out.
     *
     * @param waiter the request; null when there was none
     */
    public void tellAcquired(SlotLease<E, C> lease, @Nullable Waiter<E, C> waiter) {
        boolean hasWaited = hasWaited(waiter);
        if (!context.settings.hears.acquires && !(hasWaited && context.settings.hears.waits)) {
            return;
        }
        long took = waiter == null ? 0 : context.ticker.exact() - waiter.startedAt;
        Slot<E, C> slot = lease.slot;
        RareSlotState<E, C> extras = slot.extras();
        Thread before = extras.insideHook;
        extras.insideHook = Thread.currentThread();
        try {
            context.events.acquired(EndpointPool.of(slot), slot, took, hasWaited);
        } finally {
            extras.insideHook = before;
        }
    }

    /**
     * Notes when a lease was requested and began, if that is told at its end. By the thread that is about to run its hooks,
     * whose time belongs to the lease.
     *
     * @param waiter the request; null when there was none
     */
    public void stampTimes(Slot<E, C> slot, @Nullable Waiter<E, C> waiter) {
        if (!context.settings.hears.leases) {
            return;
        }
        RareSlotState<E, C> extras = slot.extras();
        long now = context.ticker.exact();
        if (waiter == null) {
            extras.deliveredAt = now;
        }
        extras.requestedAt = waiter == null ? now : waiter.startedAt;
        extras.beganAt = now;
        extras.hasTimes = true;
    }
}
