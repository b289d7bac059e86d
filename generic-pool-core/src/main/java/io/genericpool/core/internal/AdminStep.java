package io.genericpool.core.internal;

import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.SuspendMode;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** What operators ask of one endpoint: evict, suspend, resize, warm up, close. Each is one step under its lock. */
final class AdminStep<E, C> {
    private final PoolContext<E, C> context;

    AdminStep(PoolContext<E, C> context) {
        this.context = context;
    }

    /** From its end on, no connection is lent that was there before, whether it has begun to be disposed or not. */
    void evict(EndpointPool<E, C> pool, Backlog.Slice slice) {
        pool.step(actions -> {
            pool.generation++;
            pool.openGate();
            pool.forgetStuckConnects();
            pool.attempts.uncoverAll(pool.queue);
            for (int i = 0; i < pool.places(); i++) {
                Slot<E, C> slot = pool.slotAt(i);
                if (slot != null) {
                    slot.raise(Slot.EVICTED);
                }
            }
            context.backlog.disposeIdle(pool, slice, actions);
            pool.serveLocked(actions);
        });
    }

    /** Suspends, or resumes when the mode is null. False when the endpoint has left the pool. */
    boolean suspend(EndpointPool<E, C> pool, @Nullable SuspendMode mode) {
        var isPresent = new boolean[1];
        pool.step(actions -> {
            isPresent[0] = !pool.has(EndpointPool.REMOVED);
            if (isPresent[0]) {
                pool.suspension(mode);
                if (mode == null) {
                    pool.openGate();
                }
                if (mode == SuspendMode.FAIL) {
                    pool.failAll(Failure.of(Failure.Kind.SUSPENDED), actions);
                }
                pool.serveLocked(actions);
            }
        });
        return isPresent[0];
    }

    /** Sets the limits of an endpoint. False when it has left the pool. */
    boolean resize(EndpointPool<E, C> pool, EndpointLimits limits) {
        var isPresent = new boolean[1];
        pool.step(actions -> {
            isPresent[0] = !pool.has(EndpointPool.REMOVED);
            if (isPresent[0]) {
                pool.isResized = true;
                setLimits(pool, limits, actions);
            }
        });
        return isPresent[0];
    }

    /** Undoes a resize: the endpoint is held in the pool by what it has, not by its limits any more. */
    void resetLimits(EndpointPool<E, C> pool, EndpointLimits limits) {
        pool.step(actions -> {
            if (pool.isResized && !pool.has(EndpointPool.REMOVED)) {
                pool.isResized = false;
                setLimits(pool, limits, actions);
            }
        });
    }

    private void setLimits(EndpointPool<E, C> pool, EndpointLimits limits, Actions actions) {
        pool.limits = limits;
        // Before the look for idle slots, so that a release that misses the one is seen by the other.
        pool.setAttention(EndpointPool.OVER_SIZE, pool.held() > limits.maxSize());
        context.serve.disposeBeyondMaxSize(pool, actions);
        pool.mayRelieve = true; // fewer may be reserved
        pool.serveLocked(actions);
    }

    /** Begins a warm-up; null when the endpoint has left the pool. */
    @Nullable
    WarmUp warmUp(EndpointPool<E, C> pool, int connections) {
        var begun = new ArrayList<WarmUp>(1);
        pool.step(actions -> {
            if (pool.has(EndpointPool.REMOVED)) {
                return;
            }
            pool.touch(pool.now());
            int target = Math.min(connections, pool.limits.maxSize());
            var warmUp = new WarmUp(target, pool.generation, Math.max(0, target - pool.held()));
            begun.add(warmUp);
            pool.extras().warmUps.add(warmUp);
            pool.serveLocked(actions);
        });
        return begun.isEmpty() ? null : begun.get(0);
    }

    /** Lets an endpoint go that is kept only for its gate: somebody else needs its place. */
    void retireIfUnused(EndpointPool<E, C> pool) {
        pool.step(actions -> context.serve.retireIfUnused(pool, actions));
    }

    /** The pool closes: whoever waits fails, idle connections go. Says how many waited, and how many are leased. */
    int[] close(EndpointPool<E, C> pool, Backlog.Slice slice) {
        var found = new int[2];
        long unseen = -Thread.currentThread().getId();
        pool.step(actions -> {
            pool.setAttention(EndpointPool.CLOSED, true);
            for (Waiter<E, C> w = pool.queue.first(); w != null; w = pool.queue.first()) {
                pool.fail(w, Failure.of(Failure.Kind.CLOSED), actions);
                found[0]++;
            }
            for (int i = 0; i < pool.places(); i++) {
                Slot<E, C> slot = pool.slotAt(i);
                if (slot == null) {
                    continue;
                }
                if (slot.holder == unseen && slot.tryMove(Slot.LEASED, Slot.PENDING)) {
                    // Delivered to this very thread, which closes from inside its own request and would wait for
                    // itself.
                    slot.uncountLease();
                    pool.slowGranted--;
                    pool.counters().rejected++;
                    found[0]++;
                    pool.dispose(slot, DisposeReason.CLOSED, null, actions);
                } else if (slot.state() == Slot.LEASED) {
                    found[1]++;
                }
            }
            context.backlog.disposeIdle(pool, slice, actions);
            pool.serveLocked(actions);
        });
        return found;
    }

    /** Ends the leases that are still held, under their holders. Says how many. */
    int revoke(EndpointPool<E, C> pool, Backlog.Slice slice) {
        var revoked = new ArrayList<Slot<E, C>>();
        pool.step(actions -> {
            for (int i = 0; i < pool.places(); i++) {
                Slot<E, C> slot = pool.slotAt(i);
                if (slot != null && slot.tryMove(Slot.LEASED, Slot.PENDING)) {
                    SlotExtras<E, C> extras = slot.extrasOrNull();
                    if (extras != null) {
                        extras.revokedLease = extras.lentLease;
                    }
                    revoked.add(slot);
                }
            }
            context.backlog.disposeRevoked(pool, revoked, slice, actions);
        });
        return revoked.size();
    }
}
