package io.genericpool.core.internal.endpoint;

import io.genericpool.core.internal.capacity.Claimant;
import io.genericpool.core.internal.slot.IdleOrder;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotArray;
import io.genericpool.core.internal.slot.SlotLease;
import org.jspecify.annotations.Nullable;

/**
 * The slots of one endpoint, at places that do not change. Most endpoints have one, so the first place is a field of the
 * endpoint itself: no array to make and none to go through; from the second on there is a {@link SlotArray} with all of
 * them. Places change under the endpoint's lock; the fast path reads without it: it may see a slot that has just been
 * removed (its word says DISPOSED) or miss one that was just added (the thread that added it serves waiters under the lock).
 *
 * <p>All that the fast path reads of an endpoint is here, side by side in memory: with very many endpoints, each line of
 * the cache that an acquire touches is a miss.
 */
@SuppressWarnings("serial") // it is never serialized: see EndpointLock
public abstract class EndpointSlots<E, C> extends Claimant<E, C> {
    private static final long serialVersionUID = 1L;

    public final EndpointContext<E, C> context;

    /** Zero: the fast path is open. Written under the lock. */
    volatile int attention;

    /** The slot at place 0. */
    private volatile @Nullable Slot<E, C> first;

    /** Every place, the first as well; null until a second one is used, and never again afterwards. */
    private volatile @Nullable SlotArray<E, C> array;

    /** The idle ones in order; null in a pool that does not keep it. Guarded by the lock. */
    final @Nullable IdleOrder<E, C> order;

    public EndpointSlots(EndpointContext<E, C> context, boolean fifo) {
        this.context = context;
        this.order = fifo ? new IdleOrder<>() : null;
    }

    /** Under the lock. @return the place for the next slot */
    public final int nextIndex() {
        SlotArray<E, C> all = array;
        return all != null ? all.nextIndex() : first == null ? 0 : 1;
    }

    /** Under the lock. */
    final void addSlot(Slot<E, C> slot) {
        SlotArray<E, C> all = array;
        if (all != null) {
            all.add(slot);
        } else if (slot.index > 0) {
            all = new SlotArray<>(order == null);
            Slot<E, C> lowest = first;
            if (lowest != null) {
                all.add(lowest);
            }
            all.add(slot);
            array = all;
        }
        if (slot.index == 0) {
            first = slot;
        }
    }

    /** Under the lock. */
    final void removeSlot(Slot<E, C> slot) {
        SlotArray<E, C> all = array;
        if (all != null) {
            all.remove(slot);
        }
        if (slot.index == 0) {
            first = null;
        }
        if (order != null) {
            order.remove(slot);
        }
    }

    /** The owner of the slot at a place is about to make it idle. */
    final void listPlace(int place) {
        SlotArray<E, C> all = array;
        if (all != null) {
            all.list(place);
        }
    }

    /** Under the lock, by the owner of a slot that is about to be leased: what lists it then is its release. */
    final void unlistIfMarked(Slot<E, C> slot) {
        SlotArray<E, C> all = mapped();
        if (all != null && (slot.word() & Slot.UNLISTED) != 0) {
            all.unlist(slot);
        }
    }

    /** By the repair: an error may have kept an idle connection from being listed. Listing one that is listed is harmless. */
    final void relistPlace(Slot<E, C> slot) {
        SlotArray<E, C> all = array;
        if (all != null) {
            all.relist(slot);
        }
    }

    /** Where idle connections are looked for; null while there are so few places that all are looked at. */
    public final @Nullable SlotArray<E, C> mapped() {
        SlotArray<E, C> all = array;
        return all == null || all.fresh() == null ? null : all;
    }

    /** How many places there are, used or not. */
    public final int places() {
        SlotArray<E, C> all = array;
        return all == null ? 1 : all.length();
    }

    /** The slot at a place below {@link #places()}; null when there is none at the moment. */
    public final @Nullable Slot<E, C> slotAt(int place) {
        SlotArray<E, C> all = array;
        return all == null ? first : all.at(place);
    }

    /** Without the lock: how many slots are neither idle nor on their way out; an estimate where there are many places. */
    final int countBusy() {
        SlotArray<E, C> all = array;
        return all != null ? all.countBusy() : SlotArray.isBusy(first) ? 1 : 0;
    }

    /** As above, of the first 64 places: a bit for each. */
    final long busyPlaces() {
        SlotArray<E, C> all = array;
        return all != null ? all.busyPlaces() : SlotArray.isBusy(first) ? 1 : 0;
    }

    /** Leases a slot that is idle and usable at the given time, without the lock. @return the lease, or null */
    final @Nullable SlotLease<E, C> tryLeaseIdle(long now, long threadId) {
        SlotArray<E, C> all = array;
        return all == null ? SlotArray.tryLease(first, now) : all.tryLease(now, threadId);
    }
}
