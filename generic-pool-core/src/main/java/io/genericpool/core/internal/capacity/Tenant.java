package io.genericpool.core.internal.capacity;

import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that share one part of the total limit. Without the knob {@code tenant} all endpoints of a pool are of one
 * tenant. Guarded by the lock of {@link TotalCapacity}; the search for victims reads the counts without it.
 */
public final class Tenant<E, C> {
    /** Null for the one tenant of a pool without the knob. */
    final @Nullable Object key;

    /** In the order in which they began to starve; hashed by identity. */
    public final LinkedHashSet<Claimant<E, C>> starving = new LinkedHashSet<>();

    /** Slots of its endpoints, and permits granted to them that are not taken up. */
    public int held;
    /** Those permits alone. */
    int granted;
    /** Disposals among them whose permits are on their way. */
    int leaving;
    /** How many permits its endpoints want. */
    public int wanted;

    private int countedSlots;
    private int countedLeaving;

    /** How many endpoints of the pool are its own; changed by the map of tenants alone, one at a time. */
    public int endpoints;

    public Tenant(@Nullable Object key) {
        this.key = key;
    }

    /** It has a part in the total: it holds connections, or wants some. */
    public boolean isActive() {
        return held > 0 || wanted > 0;
    }

    /** Those that will be left when the disposals on the way have ended. */
    int staying() {
        return held - leaving;
    }

    void beginRecount() {
        countedSlots = 0;
        countedLeaving = 0;
    }

    /** Counts one of its slots. */
    void recount(boolean isLeaving) {
        countedSlots++;
        countedLeaving += isLeaving ? 1 : 0;
    }

    /** All its slots were counted. @return whether what was known before was wrong */
    boolean endRecount() {
        // I31: counted from what changes under the lock of the total only
        int countedWanted = 0;
        for (Claimant<E, C> endpoint : starving) {
            countedWanted += endpoint.wanted();
        }
        boolean wasWrong = held != countedSlots + granted || leaving != countedLeaving || wanted != countedWanted;
        held = countedSlots + granted;
        leaving = countedLeaving;
        wanted = countedWanted;
        return wasWrong;
    }
}
