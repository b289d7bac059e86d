package io.genericpool.core.internal;

import io.genericpool.DisposeReason;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.spi.ConnectionManager;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The beginning and the end of a lease where the manager or a listener has a say: their code runs here, on
 * the acquiring or releasing thread and without a lock, while the slot is owned by that thread.
 */
final class LeaseHooks<E, C> {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseHooks.class);

    private final PoolContext<E, C> context;
    /**
     * How deep each thread is inside hooks, so that a close called there does not wait for itself. The hooks of every
     * lease are left out of it: each notes its thread in its slot, which costs next to nothing, and is looked for there.
     */
    private final CallDepth depths = new CallDepth();

    LeaseHooks(PoolContext<E, C> context) {
        this.context = context;
    }

    /**
     * Makes a fresh lease what its caller gets: runs the hooks of the acquire and tells the listener.
     *
     * @param isFast whether the lease was granted without a request being entered: then it has cost no time
     * @param startedAt when the acquire began; not used when it was fast, since then no clock was read
     * @throws PoolException when a hook has failed: the connection is on its way out then, and the lease has ended
     */
    Lease<E, C> prepare(SlotLease<E, C> lease, boolean isFast, long startedAt, long timeout) {
        EndpointPool<E, C> pool = lease.slot.pool;
        if (context.traits.hasAcquireHooks) {
            Throwable failure = acquired(lease, isFast);
            if (failure != null) {
                long start = isFast ? context.ticker.exact() : startedAt;
                PoolException exception = context.failures.hookFailed(pool, start, timeout, failure);
                context.events.acquireFailed(pool, context.ticker.exact() - start, exception);
                throw exception;
            }
        }
        if (context.events.isOn) {
            tellAcquired(lease, isFast ? 0 : context.ticker.exact() - startedAt);
        }
        return lease;
    }

    /**
     * Runs the hooks of an acquire, by the owner of a fresh lease.
     *
     * @param isFast whether the lease was granted on the fast path, which counts differently
     * @return what went wrong: the connection is on its way out then, and the lease has ended; null when all is well
     */
    @Nullable
    Throwable acquired(SlotLease<E, C> lease, boolean isFast) {
        Slot<E, C> slot = lease.slot;
        try {
            acquireHooks(lease);
            if (context.traits.lends && !lease.isActive()) {
                endView(lease); // a close has revoked it before it knew of the view
            }
            return null;
        } catch (Throwable e) {
            failed(slot.pool, "onAcquire", e);
            discardUnused(lease, isFast);
            return e;
        }
    }

    private void acquireHooks(SlotLease<E, C> lease) throws Exception {
        Slot<E, C> slot = lease.slot;
        SlotExtras<E, C> extras = slot.extras();
        extras.insideHook = Thread.currentThread();
        try {
            context.manager.onAcquire(slot.pool.endpoint, slot.connection());
            if (context.traits.lends) {
                extras.lentLease = lease;
                lease.view = Objects.requireNonNull(
                        context.manager.lend(slot.pool.endpoint, slot.connection(), lease),
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
        slot.uncountLease();
        endView(lease);
        slot.pool.count(c -> {
            c.failed++;
            if (isFast) {
                c.slowAcquires++;
            } else {
                c.slowGranted--;
            }
        });
        slot.pool.discard(slot, DisposeReason.HOOK_FAILED);
    }

    /** Ends a lease whose release needs more than one CAS, or may be stale. */
    void release(SlotLease<E, C> lease) {
        Slot<E, C> slot = lease.slot;
        EndpointPool<E, C> pool = slot.pool;
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
            failed(pool, "onRelease", failure);
            pool.stampIdle(slot, context.ticker.coarse());
            pool.discard(slot, DisposeReason.HOOK_FAILED);
        } else if (reset == ConnectionManager.NO_RESET) {
            long now = context.ticker.coarse();
            pool.stampIdle(slot, now);
            if (!pool.trySettle(slot, now)) {
                pool.offer(slot);
            }
        } else {
            new PendingReset<>(context, slot, reset).await();
        }
        context.releaseCollector.afterRelease();
    }

    private CompletionStage<?> releaseHooks(SlotLease<E, C> lease) throws Exception {
        Slot<E, C> slot = lease.slot;
        SlotExtras<E, C> extras = slot.extras();
        extras.insideHook = Thread.currentThread();
        try {
            lease.runOnEnd();
            extras.forgetLentLease();
            context.manager.onRelease(slot.pool.endpoint, slot.connection());
            if (Slot.flagged(slot.word()) == DisposeReason.DEAD) {
                return ConnectionManager.NO_RESET; // nothing to reset in a dead connection
            }
            return Objects.requireNonNull(
                    context.manager.resetAsync(slot.pool.endpoint, slot.connection()),
                    "resetAsync returned null instead of a stage");
        } finally {
            extras.insideHook = null;
        }
    }

    void invalidate(SlotLease<E, C> lease, @Nullable Throwable cause) {
        invalidate(lease, cause, () -> context.traits.knowsFatal && cause != null && isFatal(lease, cause));
    }

    /** Some work has failed: the manager says whether the connection is broken. Never throws. */
    void endFailedUse(SlotLease<E, C> lease, Throwable failure) {
        if (lease.isActive() && !isFatal(lease, failure)) {
            lease.release();
        } else {
            invalidate(lease, failure, () -> context.traits.knowsFatal);
        }
    }

    private boolean isFatal(SlotLease<E, C> lease, Throwable failure) {
        try {
            return inside(() -> context.manager.isFatal(lease.endpoint(), lease.slot.connection(), failure));
        } catch (Throwable e) {
            failed(lease.slot.pool, "isFatal", e);
            return true;
        }
    }

    /**
     * Ends a lease whose connection is given up.
     *
     * @param isDeath whether the manager knows that it has died of an error; asked when the connection is nobody's
     */
    private void invalidate(SlotLease<E, C> lease, @Nullable Throwable cause, BooleanSupplier isDeath) {
        Slot<E, C> slot = lease.slot;
        EndpointPool<E, C> pool = slot.pool;
        if (!slot.tryPend(lease.word)) {
            pool.count(c -> c.staleReleases++);
            return;
        }
        if (cause != null) {
            LOG.debug("pool {}: a connection to {} is given up", context.settings.name(), pool.label(), cause);
        }
        long held = context.ticker.coarse() - slot.since;
        endView(lease);
        pool.stampIdle(slot, context.ticker.coarse());
        tellReleased(slot, held, true);
        if (Slot.flags(slot.word()) == 0 && isDeath.getAsBoolean()) {
            context.suspicion.begin(pool);
        }
        pool.discard(slot, DisposeReason.INVALIDATED);
        context.releaseCollector.afterRelease();
    }

    /** Gives back a lease that its requester has never seen: no hook has run for it, and it does not count as granted. */
    void giveBackUnseen(SlotLease<E, C> lease, Consumer<EndpointCounters> countInstead, Actions actions) {
        Slot<E, C> slot = lease.slot;
        if (!slot.tryPend(lease.word)) {
            return;
        }
        slot.uncountLease();
        slot.pool.count(c -> {
            c.slowGranted--;
            countInstead.accept(c);
        });
        slot.pool.offer(slot, actions);
    }

    /** Releases a lease whose hooks have run, but whose requester left at the last moment: it counts as cancelled. */
    void releaseUnseen(SlotLease<E, C> lease) {
        if (lease.isActive()) {
            lease.slot.uncountLease();
            lease.slot.pool.count(c -> {
                c.slowGranted--;
                c.cancelled++;
            });
        }
        release(lease);
    }

    /** Tells a view that its lease has ended. */
    void endView(SlotLease<E, C> lease) {
        if (!context.traits.lends) {
            return;
        }
        try {
            inside(() -> {
                lease.runOnEnd();
                return true;
            });
        } catch (Throwable e) {
            failed(lease.slot.pool, "lend", e);
        }
    }

    /** While the slot is this thread's, so that a close by the listener must not wait for it. */
    private void tellReleased(Slot<E, C> slot, long held, boolean isInvalidated) {
        if (context.events.isOn) {
            insideQuietly(() -> context.events.released(slot.pool, slot, held, isInvalidated));
        }
    }

    void tellAcquired(SlotLease<E, C> lease, long waited) {
        insideQuietly(() -> context.events.acquired(lease.slot.pool, lease.slot, waited));
    }

    /** Tells a listener, marked as inside a hook. */
    void insideQuietly(Runnable telling) {
        depths.enter();
        try {
            telling.run();
        } finally {
            depths.leave();
        }
    }

    /** Counts and reports a hook that threw, overran or returned null. */
    void failed(EndpointPool<E, C> pool, String hook, Throwable failure) {
        pool.count(c -> c.hookFailures++);
        LOG.debug("pool {}: {} failed for {}", context.settings.name(), hook, pool.label(), failure);
        if (context.events.isOn) {
            insideQuietly(() -> context.events.hookFailed(pool, hook, failure));
        }
    }

    /** Runs a hook on the current thread, marked as inside one. */
    <T> T inside(Callable<T> hook) throws Exception {
        depths.enter();
        try {
            return hook.call();
        } finally {
            depths.leave();
        }
    }

    /** In how many hooks and calls of this pool the current thread is. */
    int depth() {
        int inHooks = depths.current() + context.capacity.table.countInsideHook(Thread.currentThread());
        return inHooks > 0 ? inHooks : context.calls.isInsideCall() ? 1 : 0;
    }
}
