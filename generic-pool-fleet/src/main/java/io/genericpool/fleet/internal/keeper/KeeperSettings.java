package io.genericpool.fleet.internal.keeper;

import io.genericpool.spi.PoolClock;
import io.genericpool.spi.shared.FleetEngine;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a keeper is made with; times in nanoseconds.
 *
 * @param totalCap the cap of the pool as a whole; UNLIMITED for none
 * @param lease how long a process trusts what it was granted
 * @param grace how much longer the ledger keeps a session
 * @param fallback how many connections per endpoint it has without the engine; {@link #KEEP} for its shares
 * @param clock null for that of each pool
 */
public record KeeperSettings<E>(
        FleetEngine engine,
        String fleet,
        ToIntFunction<? super E> cap,
        int totalCap,
        Function<? super E, String> key,
        long lease,
        long grace,
        long heartbeat,
        long gather,
        int fallback,
        long capVersion,
        @Nullable PoolClock clock) {
    /** A fallback: each share stays as it is. */
    public static final int KEEP = -1;

    /** What a process does not trust at the end of a lease: its clock may be slower than the ledger's. */
    long margin() {
        return lease / 10;
    }
}
