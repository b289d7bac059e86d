package io.genericpool.core.internal.capacity;

import io.genericpool.core.internal.slot.RareSlotState;
import io.genericpool.core.internal.slot.Slot;
import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * All slots of a pool, and the clock hand that looks for the one to give up. Changes are made under the lock of
 * {@link TotalCapacity}; the hand reads without it, as a slot's owner checks again before anything happens.
 */
public final class SlotTable<E, C> {
    /** How many connections one search looks at, once it has seen an idle one. */
    private static final int PROBES = 64;

    private static final int MOST_LOOKED_AT = 1_000;

    private volatile @Nullable Slot<E, C>[] slots = newArray(16);
    /** By place: whether a disposal has begun, or is claimed, whose permit is on its way. */
    private boolean[] leaving = new boolean[16];

    private int[] free = new int[16];
    private int freeCount;
    private int length;

    /** Where the next search starts. Racy on purpose: two searches that start at the same place do no harm. */
    private volatile int hand;

    @SuppressWarnings("unchecked")
    private static <E, C> @Nullable Slot<E, C>[] newArray(int length) {
        return (@Nullable Slot<E, C>[]) new Slot<?, ?>[length];
    }

    /** Makes room first: from then on nothing can fail, here or in {@link #remove}. */
    public void add(Slot<E, C> slot) {
        @Nullable Slot<E, C>[] current = slots;
        int at = freeCount > 0 ? free[freeCount - 1] : length;
        if (at >= current.length) {
            int places = current.length * 2;
            free = Arrays.copyOf(free, places);
            leaving = Arrays.copyOf(leaving, places);
            current = Arrays.copyOf(current, places);
        }
        if (freeCount > 0) {
            freeCount--;
        } else {
            length++;
        }
        slot.tableIndex = at;
        current[at] = slot;
        slots = current;
    }

    /** Takes a slot out. @return whether it was in */
    public boolean remove(Slot<E, C> slot) {
        int at = slot.tableIndex;
        if (at < 0) {
            return false;
        }
        @Nullable Slot<E, C>[] current = slots;
        slot.tableIndex = -1;
        leaving[at] = false;
        current[at] = null;
        free[freeCount++] = at;
        slots = current;
        return true;
    }

    /** Whether the permit of a slot is on its way. Without the lock, the answer may be old. */
    public boolean isLeaving(Slot<E, C> slot) {
        boolean[] current = leaving;
        int at = slot.tableIndex;
        return at >= 0 && at < current.length && current[at];
    }

    /** Notes whether the permit of a slot is on its way. @return whether that is news */
    boolean setLeaving(Slot<E, C> slot, boolean enabled) {
        int at = slot.tableIndex;
        if (at < 0 || leaving[at] == enabled) {
            return false;
        }
        leaving[at] = enabled;
        return true;
    }

    int countLeaving() {
        int count = 0;
        for (boolean each : leaving) {
            count += each ? 1 : 0;
        }
        return count;
    }

    /**
     * Finds a connection to give up: the one idle longest among the next {@value #PROBES} connections, or if none of
     * those is idle, the first idle one after them.
     *
     * @param sparesReserved whether those that are reserved for their endpoint are passed over
     * @param floor tenants that do not starve are passed over when they keep no more connections; negative for no such tenant
     * @return null when no connection was seen idle in a whole round
     */
    public @Nullable Slot<E, C> longestIdle(boolean sparesReserved, int floor) {
        @Nullable Slot<E, C>[] current = slots;
        int n = current.length;
        int start = hand % n;
        int probes = 0;
        Slot<E, C> longest = null;
        int i = 0;
        for (; i < n && (probes < PROBES || longest == null); i++) {
            Slot<E, C> slot = current[(start + i) % n];
            if (slot != null) {
                probes++;
                if (slot.isIdle()
                        && (longest == null || slot.since - longest.since < 0)
                        && mayGo(Claimant.of(slot), sparesReserved, floor)) {
                    longest = slot;
                }
            }
        }
        hand = (start + i) % n;
        return longest;
    }

    private boolean mayGo(Claimant<E, C> pool, boolean sparesReserved, int floor) {
        return !(sparesReserved && pool.isReserved())
                && (floor < 0 || pool.tenant().wanted > 0 || pool.tenant().staying() > floor);
    }

    /** In how many hooks of acquires and releases a thread, the current one, is. */
    public void addInsideHook(Thread current, Collection<Object> all) {
        for (Slot<E, C> slot : slots) {
            RareSlotState<E, C> extras = slot == null ? null : slot.extrasOrNull();
            if (extras != null && extras.insideHook == current) {
                all.add(slot);
            }
        }
    }

    /** How many leased connections were taken by a thread, among the first {@value #MOST_LOOKED_AT}: for messages only. */
    public int countHeldBy(long thread) {
        @Nullable Slot<E, C>[] current = slots;
        int count = 0;
        for (int i = 0; i < Math.min(current.length, MOST_LOOKED_AT); i++) {
            Slot<E, C> slot = current[i];
            if (slot != null && slot.isHeldBy(thread)) {
                count++;
            }
        }
        return count;
    }

    /** For the collector's steps inside releases: the slots, and where the next step starts. */
    public @Nullable Slot<E, C>[] all() {
        return slots;
    }

    public int handAfter(int probes) {
        int start = hand;
        hand = (start + probes) % slots.length;
        return start;
    }
}
