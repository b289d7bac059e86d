package io.genericpool.core.internal.endpoint;

import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.SuspendMode;
import io.genericpool.core.internal.capacity.EndpointShare;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.queue.Failure;
import io.genericpool.core.internal.queue.WarmUp;
import io.genericpool.core.internal.slot.RareSlotState;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.spi.SharedLimits;
import java.util.ArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What operators ask of one endpoint: evict, suspend, resize, warm up, close. Each is one step under its lock. */
public final class AdminStep<E, C> {
    private final ServeStep<E, C> serve;
    private final Backlog<E, C> backlog;

    public AdminStep(ServeStep<E, C> serve, Backlog<E, C> backlog) {
        this.serve = serve;
        this.backlog = backlog;
    }

    /** What a close has found at an endpoint: how many requests waited, and how many leases are held. */
    public record Closed(int waiters, int leases) {}

    /** From its end on, no connection is lent that was there before, whether it has begun to be disposed or not. */
    public void evict(EndpointPool<E, C> pool, Backlog.Slice slice) {
        pool.step(actions -> {
            evict(pool, slice, actions);
            serve.run(Step.of(pool, actions));
        });
    }

    private void evict(EndpointPool<E, C> pool, Backlog.Slice slice, Actions actions) {
        pool.beginGeneration();
        pool.attempts.uncoverAll(pool.queue);
        for (int i = 0; i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            // I40: not lent any more, although its disposal may wait for its slice
            if (slot != null) {
                slot.raise(Slot.EVICTED);
            }
        }
        backlog.disposeIdle(pool, slice, actions);
    }

    /**
     * The pool has come to rest, or has ended its rest: the endpoint does as the pool does now.
     *
     * @param rest asked under the lock, so that of several that tell an endpoint, the last says what holds
     */
    public void rest(EndpointPool<E, C> pool, Supplier<@Nullable SuspendMode> rest, Backlog.Slice slice) {
        pool.step(actions -> {
            if (pool.has(EndpointPool.REMOVED)) {
                return;
            }
            // I51: read here, since another thread may have ended the rest meanwhile
            SuspendMode mode = rest.get();
            pool.rest(mode);
            if (mode == null) {
                pool.openGate();
            } else {
                evict(pool, slice, actions);
            }
            if (mode == SuspendMode.FAIL) {
                pool.failAll(Failure.of(Failure.Kind.SUSPENDED), actions);
            }
            serve.run(Step.of(pool, actions));
        });
    }

    /** Suspends, or resumes when the mode is null. False when the endpoint has left the pool. */
    public boolean suspend(EndpointPool<E, C> pool, @Nullable SuspendMode mode) {
        return pool.decide(actions -> {
            if (pool.has(EndpointPool.REMOVED)) {
                return false;
            }
            pool.suspend(mode);
            if (mode == null) {
                pool.openGate();
            }
            if (mode == SuspendMode.FAIL) {
                pool.failAll(Failure.of(Failure.Kind.SUSPENDED), actions);
            }
            serve.run(Step.of(pool, actions));
            return true;
        });
    }

    /** Sets the limits of an endpoint. False when it has left the pool. */
    public boolean resize(EndpointPool<E, C> pool, EndpointLimits limits) {
        return pool.decide(actions -> {
            boolean isPresent = !pool.has(EndpointPool.REMOVED);
            if (isPresent) {
                setLimits(Step.of(pool, actions), limits, true);
            }
            return isPresent;
        });
    }

    /** Undoes a resize: the endpoint is held in the pool by what it has, not by its limits any more. */
    public void resetLimits(EndpointPool<E, C> pool, EndpointLimits limits) {
        pool.step(actions -> {
            if (pool.isResized && !pool.has(EndpointPool.REMOVED)) {
                setLimits(Step.of(pool, actions), limits, false);
            }
        });
    }

    /** Sets its share of a limit that other processes share. False when the endpoint has left the pool. */
    public boolean share(EndpointPool<E, C> pool, SharedLimits.Share share) {
        return pool.decide(actions -> {
            EndpointShare own = pool.share;
            if (own == null || pool.has(EndpointPool.REMOVED)) {
                return false;
            }
            if (own.take(share, pool.size + pool.abandoned(), pool.disposing, pool::countIdle)) {
                pool.updateOverSize();
                comeDown(Step.of(pool, actions));
            }
            return true;
        });
    }

    private void setLimits(Step<E, C> step, EndpointLimits limits, boolean isResized) {
        // I7: before the look for idle slots, so that a release that misses the one is seen by the other.
        step.endpoint.setLimits(limits, isResized);
        comeDown(step);
    }

    private void comeDown(Step<E, C> step) {
        backlog.disposeBeyondMaxSize(step.endpoint, new Backlog.Slice(), step.actions);
        step.actions.add(more -> backlog.handOn());
        step.mayRelieve = true; // fewer may be reserved
        serve.run(step);
    }

    /** Begins a warm-up; null when the endpoint has left the pool. */
    public @Nullable WarmUp warmUp(EndpointPool<E, C> pool, int connections) {
        return pool.decide(actions -> {
            if (pool.has(EndpointPool.REMOVED)) {
                return null;
            }
            Step<E, C> step = Step.of(pool, actions);
            pool.touch(step.now);
            int target = Math.min(connections, pool.limits.maxSize());
            var warmUp = new WarmUp(target, pool.generation, Math.max(0, target - pool.held()), step.now);
            pool.extras().warmUps.add(warmUp);
            serve.run(step);
            return warmUp;
        });
    }

    /** Lets an endpoint go that is kept only for its gate: another endpoint needs its place. */
    void retireIfUnused(EndpointPool<E, C> pool) {
        pool.step(actions -> serve.retireIfUnused(Step.of(pool, actions)));
    }

    /** The pool closes: waiting requests fail, idle connections go. */
    public Closed close(EndpointPool<E, C> pool, Backlog.Slice slice) {
        return pool.decide(actions -> {
            // I48: no slot is made from here on, and each offer disposes
            pool.setAttention(EndpointPool.CLOSED, true);
            int waiters = pool.failAll(Failure.of(Failure.Kind.CLOSED), actions);
            int leases = 0;
            for (int i = 0; i < pool.places(); i++) {
                Slot<E, C> slot = pool.slotAt(i);
                if (slot == null) {
                    continue;
                }
                if (takeBackUnseen(pool, slot)) {
                    waiters++;
                    pool.dispose(slot, DisposeReason.CLOSED, null, actions);
                } else if (slot.state() == Slot.LEASED) {
                    leases++;
                } else if (slot.isIdle()) {
                    // I40: a fast acquire that read the attention bits before this step cannot take it any more
                    slot.raise(Slot.EVICTED);
                }
            }
            backlog.disposeIdle(pool, slice, actions);
            serve.run(Step.of(pool, actions));
            return new Closed(waiters, leases);
        });
    }

    /** A lease delivered to this very thread, which closes from inside its own request and would wait for itself. */
    private boolean takeBackUnseen(EndpointPool<E, C> pool, Slot<E, C> slot) {
        long unseen = -Thread.currentThread().getId();
        if (slot.holder != unseen || !slot.tryMove(Slot.LEASED, Slot.PENDING)) {
            return false;
        }
        slot.uncountLease();
        pool.uncountDelivery();
        return true;
    }

    /**
     * Ends the leases that are still held, under their holders. Says how many. A closed endpoint lends no more, so one that has
     * no lease now gets none, and its lock is left to the disposals.
     */
    public int revoke(EndpointPool<E, C> pool, Backlog.Slice slice) {
        if (!pool.hasLeases()) {
            return 0;
        }
        // I2: ends leases by the word, so that a release by the holder is stale
        return pool.decide(actions -> {
            var revoked = new ArrayList<Slot<E, C>>();
            for (int i = 0; i < pool.places(); i++) {
                Slot<E, C> slot = pool.slotAt(i);
                if (slot != null && slot.tryMove(Slot.LEASED, Slot.PENDING)) {
                    RareSlotState<E, C> extras = slot.extrasOrNull();
                    if (extras != null) {
                        extras.revokedLease = extras.lentLease;
                    }
                    revoked.add(slot);
                }
            }
            backlog.disposeRevoked(pool, revoked, slice, actions);
            return revoked.size();
        });
    }
}
