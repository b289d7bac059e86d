package io.genericpool.core.internal.report;

import io.genericpool.CircuitStats;
import io.genericpool.EndpointLimits;
import io.genericpool.EndpointStats;
import io.genericpool.core.internal.capacity.EndpointShare;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.spi.SharedLimits;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The statistics of one endpoint, taken under its lock. An error that is kept keeps it, so it holds no part of the pool. */
public final class EndpointSnapshot extends CountsSnapshot implements EndpointStats {
    private final String label;
    private final EndpointLimits limits;
    private final boolean isSuspended;
    private final CircuitStats circuit;
    private final int effectiveMaxSize;
    private final boolean isShared;
    private final int share;
    private final SharedLimits.@Nullable Share told;

    /** The governor and the label are asked for before, since they must not be under the lock. */
    <E, C> EndpointSnapshot(EndpointPool<E, C> pool, String label, CircuitStats circuit) {
        this(pool, label, circuit, null);
    }

    /** As the other one, and counts whose leases they are on the way. */
    <E, C> EndpointSnapshot(
            EndpointPool<E, C> pool, String label, CircuitStats circuit, @Nullable LeaseHolders holders) {
        this.label = label;
        this.circuit = circuit;
        this.effectiveMaxSize = pool.maxSize(pool.now());
        EndpointShare own = pool.share;
        this.isShared = own != null;
        this.share = own == null ? 0 : own.limit();
        this.told = own == null ? null : own.told();
        this.limits = pool.limits;
        this.isSuspended = pool.isSuspended();
        addAll(pool);
        for (int i = 0; holders != null && i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot != null) {
                holders.add(slot);
            }
        }
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public EndpointLimits limits() {
        return limits;
    }

    @Override
    public boolean isSuspended() {
        return isSuspended;
    }

    @Override
    public CircuitStats circuit() {
        return circuit;
    }

    @Override
    public int effectiveMaxSize() {
        return effectiveMaxSize;
    }

    @Override
    public OptionalInt share() {
        return isShared ? OptionalInt.of(share) : OptionalInt.empty();
    }

    /** Its share is what keeps it from having more connections. */
    boolean isBoundByShare() {
        return isShared && share < limits.maxSize() && total() + abandoned() >= share;
    }

    /** What the pool was told last of the limit that is shared. */
    SharedLimits.@Nullable Share told() {
        return told;
    }

    @Override
    public String toString() {
        String lowered = effectiveMaxSize < limits.maxSize() ? ", maxSize lowered to " + effectiveMaxSize : "";
        return label + (isSuspended ? " (suspended): " : ": ") + super.toString() + ", limits: " + limits + lowered
                + ", circuit: " + circuit;
    }
}
