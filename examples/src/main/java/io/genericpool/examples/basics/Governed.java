package io.genericpool.examples.basics;

import io.genericpool.ConnectionPool;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.ConnectionPools;
import io.genericpool.rate.RateGovernor;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.ConnectionManager;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** A backoff of one's own, and a rate beside it. */
final class Governed {
    private Governed() {}

    static ConnectionPool<InetSocketAddress, Socket> newPool(ConnectionManager<InetSocketAddress, Socket> manager) {
        ConnectGovernor<InetSocketAddress> governor = ConnectGovernor.all(
                CircuitGovernor.builder()
                        .failFastAfter(3)
                        .maxBackoff(Duration.ofSeconds(10)) // kinder to a server that many processes share
                        .build(),
                RateGovernor.of(300, Duration.ofMinutes(5)));
        return ConnectionPools.builder(manager).connectGovernor(governor).build();
    }
}
