package io.genericpool.core.internal.slot;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The slots of one endpoint, at places that do not change, and for each of a few classes of threads the place it used
 * last. Places and growth change under the endpoint's lock; the fast path reads without it: it may see a slot that has
 * just been removed (its word says DISPOSED) or miss one that was just added (the thread that added it serves waiters under the
 * lock, where the array is seen whole).
 */
public final class SlotArray<E, C> {
    private static final int HINTS = 8;

    /** Up to so many places a look goes through all of them: they are few lines of the cache. */
    static final int MOST_UNMAPPED = 32;

    /** Of more places so many are looked at for an estimate. */
    private static final int SAMPLE = 16;

    /** How many places, and words of bits, a look without the lock goes through before it leaves the rest to one with it. */
    private static final int MOST_LOOKED_AT = 8;

    /** Grows, never shrinks; the volatile write publishes the elements copied so far. */
    private volatile @Nullable Slot<E, C>[] slots = newArray(4);

    /** Where a thread of a class found a slot last. Plain and racy: only a hint. */
    private final int[] hints = new int[HINTS];

    /** Which places are taken. */
    private final BitSet taken = new BitSet();

    private final boolean mapped;

    /** Where connections may be idle that can be lent as they are; null while there are few places. */
    private volatile @Nullable PlaceMap fresh;

    /** Where idle connections must be checked before they are lent. Made before {@link #fresh}; used under the lock. */
    private @Nullable PlaceMap stale;

    /** @param mapped whether idle connections of many places are found by maps */
    public SlotArray(boolean mapped) {
        this.mapped = mapped;
    }

    @SuppressWarnings("unchecked")
    private static <E, C> @Nullable Slot<E, C>[] newArray(int length) {
        return (@Nullable Slot<E, C>[]) new Slot<?, ?>[length];
    }

    /** Without the lock: how many slots are neither idle nor on their way out; where there are many, from a sample. */
    public int countBusy() {
        @Nullable Slot<E, C>[] all = slots;
        int length = all.length;
        int looks = length <= MOST_UNMAPPED ? length : SAMPLE;
        int place = looks == length ? 0 : ThreadLocalRandom.current().nextInt(length);
        int busy = 0;
        for (int i = 0; i < looks; i++) {
            busy += isBusy(all[place]) ? 1 : 0;
            place = place + 1 == length ? 0 : place + 1;
        }
        return looks == length ? busy : (int) ((long) busy * length / looks);
    }

    /** As above, of the first 64 places: a bit for each. */
    public long busyPlaces() {
        @Nullable Slot<E, C>[] all = slots;
        int length = Math.min(all.length, Long.SIZE);
        long busy = 0;
        for (int i = 0; i < length; i++) {
            busy |= isBusy(all[i]) ? 1L << i : 0;
        }
        return busy;
    }

    public static boolean isBusy(@Nullable Slot<?, ?> slot) {
        int state = slot == null ? Slot.IDLE : slot.state();
        return state != Slot.IDLE && state < Slot.DISPOSING;
    }

    /** Under the lock. @return the place for the next slot */
    public int nextIndex() {
        return taken.nextClearBit(0);
    }

    /** Under the lock. Makes room first: from then on nothing can fail. */
    public void add(Slot<E, C> slot) {
        @Nullable Slot<E, C>[] current = slots;
        if (slot.index >= current.length) {
            current = Arrays.copyOf(current, current.length * 2);
        }
        map(current.length);
        taken.set(slot.index);
        current[slot.index] = slot;
        slots = current;
    }

    private void map(int places) {
        if (!mapped || places <= MOST_UNMAPPED) {
            return;
        }
        PlaceMap present = fresh;
        if (present != null) {
            requireNonNull(stale).ensure(places);
            present.ensure(places);
            return;
        }
        var staleOnes = new PlaceMap();
        staleOnes.ensure(places);
        stale = staleOnes;
        var map = new PlaceMap();
        map.ensure(places);
        // I41: each may be idle, and one that becomes idle just now does not see the map yet
        for (int i = taken.nextSetBit(0); i >= 0; i = taken.nextSetBit(i + 1)) {
            map.set(i);
            requireNonNull(slots[i]).noteListed();
        }
        fresh = map; // not before: a lease from the map would lose its mark above
    }

    /** Under the lock. */
    public void remove(Slot<E, C> slot) {
        @Nullable Slot<E, C>[] current = slots;
        taken.clear(slot.index);
        current[slot.index] = null;
        slots = current;
        PlaceMap map = fresh;
        if (map != null) {
            map.clear(slot.index);
            requireNonNull(stale).clear(slot.index);
        }
    }

    /** The owner of a slot is about to make it idle. */
    public void list(int place) {
        PlaceMap map = fresh;
        if (map != null) {
            map.set(place);
        }
    }

    /** Under the lock: an idle one that is never lent again is looked at no more. */
    public void unlist(Slot<E, C> slot) {
        requireNonNull(fresh).clear(slot.index);
    }

    /**
     * Under the lock: one that is not idle is looked at no more until it is.
     *
     * @param word the slot's word as seen before
     * @return false when the word has changed since
     */
    public boolean tryUnlist(Slot<E, C> slot, long word) {
        if ((word & Slot.UNLISTED) != 0) {
            return true; // it is being listed, or was leased just now
        }
        PlaceMap map = requireNonNull(fresh);
        // I41: cleared before the mark, so that a release that sees the mark lists it afterwards
        map.clear(slot.index);
        boolean unchanged = slot.tryUnlist(word, Slot.UNLISTED);
        if (!unchanged) {
            map.set(slot.index);
        }
        return unchanged;
    }

    /** As {@link #tryUnlist}, of an idle one that must be checked before it is lent. */
    public boolean tryMoveToStale(Slot<E, C> slot, long word) {
        stale().set(slot.index);
        return tryUnlist(slot, word);
    }

    /** Under the lock: how many places looks have asked for so far. */
    public long looks() {
        PlaceMap map = fresh;
        return map == null ? 0 : map.looks() + stale().looks();
    }

    /** By the repair, for an idle one: looks find it from now on. */
    public void relist(Slot<E, C> slot) {
        PlaceMap map = fresh;
        if (map != null) {
            ((slot.word() & Slot.UNLISTED) == 0 ? map : stale()).set(slot.index);
        }
    }

    /** Where connections may be idle that can be lent as they are; null while all places are looked at. */
    public @Nullable PlaceMap fresh() {
        return fresh;
    }

    /** Under the lock, where {@link #fresh} is not null: where idle connections must be checked before they are lent. */
    public PlaceMap stale() {
        return requireNonNull(stale);
    }

    /** How many places there are; never fewer than before. */
    public int length() {
        return slots.length;
    }

    /** The slot at a place; null when there is none at the moment. */
    public @Nullable Slot<E, C> at(int place) {
        return slots[place];
    }

    /**
     * Leases a slot that is idle and usable: the one a thread like this one used last, else the lowest.
     *
     * @return the lease, or null
     */
    public @Nullable SlotLease<E, C> tryLease(long now, long threadId) {
        @Nullable Slot<E, C>[] current = slots;
        int[] lastUsed = hints;
        int thread = (int) threadId & (HINTS - 1);
        int hint = lastUsed[thread];
        if (hint < current.length) {
            SlotLease<E, C> lease = tryLease(current[hint], now);
            if (lease != null) {
                return lease;
            }
        }
        PlaceMap map = fresh;
        return map == null ? scan(current, now, lastUsed, thread) : scanMapped(map, current, now, lastUsed, thread);
    }

    /** A place at a time, from one that was set lately on: most of the time that is the only one. */
    private @Nullable SlotLease<E, C> scanMapped(
            PlaceMap map, @Nullable Slot<E, C>[] current, long now, int[] lastUsed, int thread) {
        int place = map.lately();
        int from = 0;
        for (int looks = 0; looks < MOST_LOOKED_AT; looks++) {
            if (place < 0) {
                place = map.next(from, MOST_LOOKED_AT);
                from = place + 1;
            }
            if (place < 0) {
                return null;
            }
            Slot<E, C> slot = place < current.length ? current[place] : null;
            long leased = slot == null ? 0 : slot.tryLeaseUnlisting(now);
            if (slot != null && leased != 0) {
                map.clear(place); // I41: after the CAS, and before the lease can end
                lastUsed[thread] = place;
                return new SlotLease<>(slot, leased);
            }
            place = -1;
        }
        return null;
    }

    private @Nullable SlotLease<E, C> scan(@Nullable Slot<E, C>[] current, long now, int[] lastUsed, int thread) {
        for (int i = 0; i < current.length; i++) {
            SlotLease<E, C> lease = tryLease(current[i], now);
            if (lease != null) {
                lastUsed[thread] = i;
                return lease;
            }
        }
        return null;
    }

    public static <E, C> @Nullable SlotLease<E, C> tryLease(@Nullable Slot<E, C> slot, long now) {
        if (slot == null) {
            return null;
        }
        long leased = slot.tryLease(now);
        return leased == 0 ? null : new SlotLease<>(slot, leased);
    }
}
