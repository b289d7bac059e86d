package io.genericpool.core.internal.endpoint;

import io.genericpool.DisposeReason;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.slot.IdleOrder;
import io.genericpool.core.internal.slot.PlaceMap;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotArray;
import org.jspecify.annotations.Nullable;

/**
 * Finds idle connections of an endpoint, under its lock. A look costs the same for any number of connections: what it finds
 * unfit is taken out of what later looks go through, and comes back when it becomes idle again (I41).
 *
 * <p>A connection that is idle and not flagged is either fresh, so that it may be lent as it is, or stale, so that it must be
 * checked first. A fresh one becomes stale with time; no other way leads back than a check or a use.
 */
final class IdleSearch<E, C> {
    /** How many idle connections are compared to find the one idle longest. */
    private static final int MOST_COMPARED = 64;

    /**
     * An idle connection that may be lent as it is: in order the first, else that at the lowest place. Those past their
     * lifetime are disposed on the way.
     *
     * @return null when there is none
     */
    @Nullable
    Slot<E, C> fresh(EndpointPool<E, C> pool, long tick, Actions actions) {
        IdleOrder<E, C> order = pool.order;
        if (order != null) {
            return freshInOrder(pool, order, tick, actions);
        }
        SlotArray<E, C> mapped = pool.mapped();
        return mapped == null ? freshOfAll(pool, tick, actions) : freshMapped(pool, mapped, tick, actions);
    }

    private @Nullable Slot<E, C> freshOfAll(EndpointPool<E, C> pool, long tick, Actions actions) {
        for (int i = 0; i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot != null && isServiceable(pool, slot, tick, actions) && !slot.isStale(tick)) {
                return slot;
            }
        }
        return null;
    }

    private @Nullable Slot<E, C> freshInOrder(
            EndpointPool<E, C> pool, IdleOrder<E, C> order, long tick, Actions actions) {
        Slot<E, C> slot = order.firstFresh();
        for (; slot != null; slot = order.firstFresh()) {
            if (!isServiceable(pool, slot, tick, actions)) {
                order.remove(slot);
            } else if (slot.isStale(tick)) {
                order.moveToStale(slot);
            } else {
                break;
            }
        }
        return slot;
    }

    private @Nullable Slot<E, C> freshMapped(
            EndpointPool<E, C> pool, SlotArray<E, C> mapped, long tick, Actions actions) {
        PlaceMap fresh = mapped.fresh();
        for (int i = fresh == null ? -1 : fresh.next(0); fresh != null && i >= 0; i = fresh.next(i + 1)) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot != null && isFresh(pool, mapped, slot, tick, actions)) {
                return slot;
            }
        }
        return null;
    }

    /** Whether a listed slot is fresh. One that is not is taken out, unless it changes meanwhile. */
    private boolean isFresh(
            EndpointPool<E, C> pool, SlotArray<E, C> mapped, Slot<E, C> slot, long tick, Actions actions) {
        for (; ; ) {
            long word = slot.word();
            int state = Slot.state(word);
            if (state == Slot.IDLE && (word & Slot.UNLISTED) == 0) {
                if (Slot.flagged(word) != null || (isExpired(slot, tick) && dispose(pool, slot, actions))) {
                    mapped.unlist(slot); // it is never lent again
                    return false;
                }
                if (!isExpired(slot, tick) && !slot.isStale(tick)) {
                    return true;
                }
                if (!isExpired(slot, tick) && mapped.tryMoveToStale(slot, word)) {
                    return false;
                }
            } else if (state >= Slot.DISPOSING || mapped.tryUnlist(slot, word)) {
                return false;
            }
        }
    }

    /** Idle, not flagged, and within its lifetime; one past its lifetime is disposed. */
    private boolean isServiceable(EndpointPool<E, C> pool, Slot<E, C> slot, long tick, Actions actions) {
        if (!slot.isIdle() || Slot.flagged(slot.word()) != null) {
            return false; // a signal takes it out, or the backlog, where there may be very many
        }
        boolean alive = !isExpired(slot, tick);
        if (!alive) {
            dispose(pool, slot, actions);
        }
        return alive;
    }

    private static boolean isExpired(Slot<?, ?> slot, long tick) {
        return slot.expiresAt - tick <= 0;
    }

    /** @return false when it is not idle any more */
    private static <E, C> boolean dispose(EndpointPool<E, C> pool, Slot<E, C> slot, Actions actions) {
        boolean owned = slot.tryMove(Slot.IDLE, Slot.PENDING);
        if (owned) {
            pool.dispose(slot, DisposeReason.MAX_LIFETIME, null, actions);
        }
        return owned;
    }

    /**
     * An idle connection that must be checked before it is lent: in order the first, else any. Asked when there is no fresh
     * one; where there is, it may miss one that became stale since the last look.
     *
     * @return null when there is none
     */
    @Nullable
    Slot<E, C> stale(EndpointPool<E, C> pool, long tick, Actions actions) {
        IdleOrder<E, C> order = pool.order;
        if (order != null) {
            return staleInOrder(pool, order, tick, actions);
        }
        SlotArray<E, C> mapped = pool.mapped();
        return mapped == null ? staleOfAll(pool, tick, actions) : staleMapped(pool, mapped, tick, actions);
    }

    private @Nullable Slot<E, C> staleOfAll(EndpointPool<E, C> pool, long tick, Actions actions) {
        for (int i = 0; i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot != null && isServiceable(pool, slot, tick, actions) && slot.isStale(tick)) {
                return slot;
            }
        }
        return null;
    }

    private @Nullable Slot<E, C> staleInOrder(
            EndpointPool<E, C> pool, IdleOrder<E, C> order, long tick, Actions actions) {
        freshInOrder(pool, order, tick, actions); // moves those in front of it
        Slot<E, C> slot = order.firstStale();
        for (; slot != null && !isServiceable(pool, slot, tick, actions); slot = order.firstStale()) {
            order.remove(slot);
        }
        return slot;
    }

    private @Nullable Slot<E, C> staleMapped(
            EndpointPool<E, C> pool, SlotArray<E, C> mapped, long tick, Actions actions) {
        PlaceMap stale = mapped.stale();
        for (int i = stale.next(0); i >= 0; i = stale.next(i + 1)) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot != null && (slot.word() & Slot.UNLISTED) != 0 && isServiceable(pool, slot, tick, actions)) {
                return slot;
            }
            stale.clear(i); // in use, or fresh again, or on its way out
        }
        return null;
    }

    /** Whether the one idle longest is stale. Asked in order only. */
    boolean isStaleFirst(EndpointPool<E, C> pool, long tick, Actions actions) {
        Slot<E, C> stale = stale(pool, tick, actions);
        Slot<E, C> fresh = fresh(pool, tick, actions);
        return stale != null && (fresh == null || IdleOrder.orderOf(stale) < IdleOrder.orderOf(fresh));
    }

    /** The connection idle longest, of the first {@value #MOST_COMPARED} idle ones of each kind, whatever its flags. */
    @Nullable
    Slot<E, C> longest(EndpointPool<E, C> pool) {
        IdleOrder<E, C> order = pool.order;
        if (order != null) {
            return older(order.firstIdleStale(), order.firstIdleFresh());
        }
        SlotArray<E, C> mapped = pool.mapped();
        return mapped == null ? longestOfAll(pool) : older(longestStale(pool, mapped), longestFresh(pool, mapped));
    }

    private @Nullable Slot<E, C> longestOfAll(EndpointPool<E, C> pool) {
        Slot<E, C> longest = null;
        for (int i = 0; i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            longest = slot != null && slot.isIdle() ? older(longest, slot) : longest;
        }
        return longest;
    }

    private @Nullable Slot<E, C> longestStale(EndpointPool<E, C> pool, SlotArray<E, C> mapped) {
        PlaceMap stale = mapped.stale();
        Slot<E, C> longest = null;
        int i = stale.next(0);
        for (int idle = 0; i >= 0 && idle < MOST_COMPARED; i = stale.next(i + 1)) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot != null && slot.isIdle()) {
                idle++;
                longest = older(longest, slot);
            } else {
                stale.clear(i);
            }
        }
        return longest;
    }

    private @Nullable Slot<E, C> longestFresh(EndpointPool<E, C> pool, SlotArray<E, C> mapped) {
        PlaceMap fresh = mapped.fresh();
        Slot<E, C> longest = null;
        int i = fresh == null ? -1 : fresh.next(0);
        for (int idle = 0; fresh != null && i >= 0 && idle < MOST_COMPARED; i = fresh.next(i + 1)) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot != null && isIdleOrUnlisted(mapped, slot)) {
                idle++;
                longest = older(longest, slot);
            }
        }
        return longest;
    }

    /** Whether a listed slot is idle; one that is not is taken out. */
    private static <E, C> boolean isIdleOrUnlisted(SlotArray<E, C> mapped, Slot<E, C> slot) {
        for (; ; ) {
            long word = slot.word();
            if (Slot.state(word) == Slot.IDLE) {
                return true;
            }
            if (Slot.state(word) >= Slot.DISPOSING || mapped.tryUnlist(slot, word)) {
                return false;
            }
        }
    }

    private static <E, C> @Nullable Slot<E, C> older(@Nullable Slot<E, C> one, @Nullable Slot<E, C> other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.since - one.since < 0 ? other : one;
    }
}
