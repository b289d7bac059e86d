package io.genericpool.core.internal.capacity;

import io.genericpool.core.internal.slot.PlaceMap;
import io.genericpool.core.internal.slot.RareSlotState;
import io.genericpool.core.internal.slot.Slot;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All slots of a pool, and the clock hand that looks for the one to give up. Changes are made under the lock of
 * {@link TotalCapacity}; the hand reads without it, as a slot's owner checks again before anything happens.
 *
 * <p>The hand goes over the places that may hold an idle connection. It takes out each one that it finds in use, with a mark
 * on the slot, and the release of that lease lists it again. So a pool whose connections are all leased is searched once,
 * and from then on each search looks at what was released since (I41).
 */
public final class SlotTable<E, C> {
    /** How many idle connections one search compares. */
    public static final int PROBES = 64;

    private static final int MOST_LOOKED_AT = 1_000;

    private volatile @Nullable Slot<E, C>[] slots = newArray(16);
    /** By place: whether a disposal has begun, or is claimed, whose permit is on its way. */
    private boolean[] leaving = new boolean[16];

    private int[] free = new int[16];
    private int freeCount;
    private int length;

    /** Where the next search starts. Racy on purpose: two searches that start at the same place do no harm. */
    private volatile int hand;

    /** One search at a time, so that none misses what another has taken out for a moment. A leaf, like the table's lock. */
    private final ReentrantLock searching = new ReentrantLock();

    /** The places that may hold an idle connection; bits are cleared under {@link #searching}. */
    private final PlaceMap listed = new PlaceMap();

    /** How many places all searches have looked at. */
    private long probes;

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
        listed.ensure(current.length);
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

    /** The owner of a slot is about to make it idle. */
    public void list(Slot<E, C> slot) {
        int at = slot.tableIndex;
        if (at >= 0) {
            listed.set(at);
        }
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

    /** How many are idle at this moment, and not about to be disposed. */
    int countIdle() {
        @Nullable Slot<E, C>[] current = slots;
        int idle = 0;
        for (int i = 0; i < current.length; i++) {
            Slot<E, C> slot = current[i];
            idle += slot != null && slot.isIdle() && !leaving[i] ? 1 : 0;
        }
        return idle;
    }

    /** What a search has found, and how many places it has come on: all of them, when it has seen each listed one. */
    public record Found<E, C>(@Nullable Slot<E, C> victim, int passed) {}

    /** How many places there are, used or not: a whole round. */
    public int places() {
        return slots.length;
    }

    /** How many places all searches have looked at. */
    public long probes() {
        searching.lock();
        try {
            return probes;
        } finally {
            searching.unlock();
        }
    }

    /**
     * Finds a connection to give up: the one idle longest among the next {@value #PROBES} idle ones. Those in use do not
     * count: each is come across once for each time that it was released.
     *
     * @param sparesReserved whether those that are reserved for their endpoint are passed over
     * @param floor tenants that do not starve are passed over when they keep no more connections; negative for no such tenant
     */
    public Found<E, C> longestIdle(boolean sparesReserved, int floor) {
        searching.lock();
        try {
            return search(sparesReserved, floor);
        } finally {
            searching.unlock();
        }
    }

    private Found<E, C> search(boolean sparesReserved, int floor) {
        @Nullable Slot<E, C>[] current = slots;
        int n = current.length;
        int start = hand % n;
        Slot<E, C> longest = null;
        int passed = 0;
        for (int idle = 0; idle < PROBES && passed < n; ) {
            int place = next((start + passed) % n, n);
            int distance = place < 0 ? n : (place - start + n) % n;
            if (distance < passed || distance >= n) { // round
                passed = n;
                break;
            }
            passed = distance + 1;
            probes++;
            Slot<E, C> slot = idleAt(current, place);
            if (slot != null) {
                idle++;
                boolean older = longest == null || slot.since - longest.since < 0;
                longest = older && mayGo(Claimant.of(slot), sparesReserved, floor) ? slot : longest;
            }
        }
        hand = (start + passed) % n;
        return new Found<>(longest, passed);
    }

    /** The next listed place in a circle of n places, or -1. */
    private int next(int from, int n) {
        int place = listed.next(from);
        if (place < 0 || place >= n) {
            place = listed.next(0);
        }
        return place < n ? place : -1;
    }

    /** The slot at a listed place, if it is idle. One in use is taken out, and lists itself when it becomes idle. */
    private @Nullable Slot<E, C> idleAt(@Nullable Slot<E, C>[] current, int place) {
        Slot<E, C> slot = current[place];
        if (slot == null) {
            listed.clear(place);
            if (slots[place] != null) { // its next slot is there, and may have listed itself
                listed.set(place);
            }
            return null;
        }
        return isIdle(slot, place) ? slot : null;
    }

    private boolean isIdle(Slot<E, C> slot, int place) {
        for (; ; ) {
            long word = slot.word();
            int state = Slot.state(word);
            boolean mayBeTakenOut = state >= Slot.LEASED && state <= Slot.CHECKING && (word & Slot.UNTABLED) == 0;
            if (!mayBeTakenOut) {
                return state == Slot.IDLE;
            }
            // I41: cleared before the mark, so that a release that sees the mark lists it afterwards
            listed.clear(place);
            if (slot.tryUnlist(word, Slot.UNTABLED)) {
                return false;
            }
            listed.set(place);
        }
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
