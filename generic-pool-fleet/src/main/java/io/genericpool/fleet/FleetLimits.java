package io.genericpool.fleet;

import io.genericpool.fleet.internal.keeper.KeeperSettings;
import io.genericpool.fleet.internal.keeper.ShareKeeper;
import io.genericpool.spi.SharedLimits;
import io.genericpool.spi.shared.FleetEngine;
import java.util.UUID;

/**
 * Limits that hold for all processes of a fleet together. Each pool has a share of every endpoint's cap. Shares grow and
 * shrink with what the processes want, and an engine keeps the ledger of them. Give the object to
 * {@code ConnectionPoolBuilder.sharedLimits}.
 *
 * <p>An acquire of an idle connection asks nothing. A change is sent within {@code gather}; a process at rest makes one
 * call per {@code heartbeat}. When a process dies, its shares are free after {@code lease} and {@code grace}.
 *
 * <p>Thread-safe. One object may serve several pools: each is a session of its own. The engine belongs to the caller:
 * close it after the pools.
 *
 * @param <E> the type of endpoints
 */
public final class FleetLimits<E> implements SharedLimits<E> {
    private final KeeperSettings<E> settings;

    FleetLimits(KeeperSettings<E> settings) {
        this.settings = settings;
    }

    /**
     * Returns a new builder.
     *
     * @param engine keeps the ledger; equal for all processes of the fleet
     * @param <E> the type of endpoints
     * @return the builder
     */
    public static <E> FleetLimitsBuilder<E> builder(FleetEngine engine) {
        return new FleetLimitsBuilder<>(engine);
    }

    @Override
    public Session<E> open(Holder<E> pool) {
        var keeper = new ShareKeeper<E>(settings, pool, UUID.randomUUID().toString());
        keeper.start();
        return keeper;
    }

    @Override
    public String toString() {
        return "limits of fleet '" + settings.fleet() + "'";
    }
}
