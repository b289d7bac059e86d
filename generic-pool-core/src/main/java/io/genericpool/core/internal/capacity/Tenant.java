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
    /** Disposals among them whose permits are on their way. */
    int leaving;
    /** How many permits its endpoints want. */
    public int wanted;

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
}
