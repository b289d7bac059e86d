package io.genericpool.core.internal.slot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The slots of one endpoint, at places that do not change, and for each of a few classes of threads the place it used
 * last. Places and growth change under the endpoint's lock; the fast path reads without it: it may see a slot that has
 * just been removed (its word says DISPOSED) or miss one that was just added (the thread that added it serves waiters under the
 * lock, where the array is seen whole).
 */
public final class SlotArray<E, C> {
    private static final int HINTS = 8;

    /** Grows, never shrinks; the volatile write publishes the elements copied so far. */
    private volatile @Nullable Slot<E, C>[] slots = newArray(4);

    /** Where a thread of a class found a slot last. Plain and racy: only a hint. */
    private final int[] hints = new int[HINTS];

    private int lowestFree;

    @SuppressWarnings("unchecked")
    private static <E, C> @Nullable Slot<E, C>[] newArray(int length) {
        return (@Nullable Slot<E, C>[]) new Slot<?, ?>[length];
    }

    /** Under the lock. @return the place for the next slot */
    public int nextIndex() {
        @Nullable Slot<E, C>[] current = slots;
        int i = lowestFree;
        while (i < current.length && current[i] != null) {
            i++;
        }
        lowestFree = i;
        return i;
    }

    /** Under the lock. */
    public void add(Slot<E, C> slot) {
        @Nullable Slot<E, C>[] current = slots;
        if (slot.index >= current.length) {
            current = Arrays.copyOf(current, current.length * 2);
        }
        current[slot.index] = slot;
        slots = current;
    }

    /** Under the lock. */
    public void remove(Slot<E, C> slot) {
        @Nullable Slot<E, C>[] current = slots;
        lowestFree = Math.min(lowestFree, slot.index);
        current[slot.index] = null;
        slots = current;
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
        return scan(current, now, lastUsed, thread);
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
