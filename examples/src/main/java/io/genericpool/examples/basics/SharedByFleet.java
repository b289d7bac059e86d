package io.genericpool.examples.basics;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPools;
import io.genericpool.fleet.FleetLimits;
import io.genericpool.fleet.WhenUnreachable;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.shared.FleetEngine;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** A limit that holds for all processes together. */
final class SharedByFleet {
    private SharedByFleet() {}

    static ConnectionPool<InetSocketAddress, Socket> newPool(
            ConnectionManager<InetSocketAddress, Socket> manager, FleetEngine engine) {
        FleetLimits<InetSocketAddress> limits = FleetLimits.<InetSocketAddress>builder(engine)
                .name("orders")
                .cap(server -> 200) // all processes together, per server
                .key(server -> server.getHostString() + ":" + server.getPort())
                .grace(Duration.ofSeconds(15)) // for processes that are paused
                .whenUnreachable(WhenUnreachable.KEEP)
                .build();
        return ConnectionPools.builder(manager)
                .maxSize(100) // this process alone
                .sharedLimits(limits)
                .build();
    }
}
