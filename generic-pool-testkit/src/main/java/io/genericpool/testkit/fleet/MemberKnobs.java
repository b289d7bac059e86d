package io.genericpool.testkit.fleet;

import io.genericpool.spi.PoolClock;
import io.genericpool.spi.shared.FleetEngine;
import java.time.Duration;

/**
 * What a pool of {@link FleetPoolsContract} is built with.
 *
 * @param engine keeps the ledger
 * @param fleet the name of the fleet
 * @param cap of the one endpoint, for all pools together
 * @param lease how long a pool may be silent
 * @param grace how much longer the ledger waits for it; may be zero
 * @param heartbeat how often a pool at rest calls
 * @param keep whether the pool keeps its shares while the engine is away; else it has none once its lease is over
 * @param clock the pool's clock
 * @param minIdle the pool's {@code minIdle}
 * @param maxSize the pool's {@code maxSize}
 */
public record MemberKnobs(
        FleetEngine engine,
        String fleet,
        int cap,
        Duration lease,
        Duration grace,
        Duration heartbeat,
        boolean keep,
        PoolClock clock,
        int minIdle,
        int maxSize) {}
