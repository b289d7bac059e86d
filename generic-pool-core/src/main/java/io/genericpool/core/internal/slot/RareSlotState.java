package io.genericpool.core.internal.slot;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** What a slot keeps only where it is needed, so that an idle connection costs little memory. */
public final class RareSlotState<E, C> {
    private static final VarHandle LENT_LEASE;

    static {
        try {
            LENT_LEASE = MethodHandles.lookup().findVarHandle(RareSlotState.class, "lentLease", SlotLease.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The current lease; kept only while its view has asked to be told of the end, so that a revoke can tell it. */
    public volatile @Nullable SlotLease<E, C> lentLease;
    /**
     * The thread that runs a hook of an acquire or release of this slot. A plain field: the one reader it is meant for is
     * that thread itself, and any other compares in vain.
     */
    public @Nullable Thread insideHook;

    /**
     * The times of the current lease, exact; kept only where they are told of. It was requested, the connection was given away,
     * and the requester ran. Written by the slot's owner.
     */
    public long requestedAt;

    public long deliveredAt;
    public long beganAt;
    /** The three are those of the present lease: one that ends before it began is not told of. */
    public boolean hasTimes;

    /** The lease that a close has ended under its holder. Guarded by the endpoint's lock. */
    public @Nullable SlotLease<E, C> revokedLease;

    /** Why the manager signalled death. Written before the flag. */
    public volatile @Nullable Throwable deathCause;

    /** It was a suspect when its present check began. Written by the slot's owner only. */
    public volatile boolean isSuspectInCheck;

    /** Leases that did not come to be. Written by the slot's owner only. */
    volatile long uncountedLeases;

    /** Position in the order of becoming idle; kept only when that order is exact. Guarded by the endpoint's lock. */
    long idleOrder;

    /** The place in {@link IdleOrder}, which writes it. */
    IdleOrder.@Nullable Line<E, C> idleLine;

    @Nullable
    Slot<E, C> previousIdle;

    @Nullable
    Slot<E, C> nextIdle;

    /** The version a sweep has last seen leased, and when; written and read by the collector alone. */
    public long seenVersion = -1;

    public long seenLeasedAt;
    /** The version whose lease was reported as leaked. */
    public long leakReportedVersion = -1;

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
    public void uncountLease() {
        uncountedLeases = uncountedLeases + 1;
    }

    /** By the slot's owner, once the lease has ended. */
    public void forgetLentLease() {
        LENT_LEASE.setRelease(this, null);
    }

    /** Why the connection died, for the request that waited for it. */
    public Throwable deathCause() {
        Throwable cause = deathCause;
        return cause == null ? new IOException("the connection was closed before it was handed out") : cause;
    }
}
