package io.genericpool.benchmarks.outage;

import io.genericpool.spi.ConnectGovernor;
import io.genericpool.tcp.TcpEndpoint;

/** Counts the connects to one endpoint beside the governor that decides: those that are made, and those that fail. */
final class ConnectCounts implements ConnectGovernor<TcpEndpoint> {
    private final TcpEndpoint watched;
    private final Timeline connected;
    private final Timeline failed;

    ConnectCounts(TcpEndpoint watched, Timeline connected, Timeline failed) {
        this.watched = watched;
        this.connected = connected;
        this.failed = failed;
    }

    @Override
    public Verdict beforeConnect(TcpEndpoint endpoint, long nowNanos) {
        return Verdict.proceed();
    }

    @Override
    public void onConnected(TcpEndpoint endpoint, long nowNanos) {
        if (endpoint.equals(watched)) {
            connected.add();
        }
    }

    @Override
    public void onConnectFailed(TcpEndpoint endpoint, long nowNanos, Throwable cause) {
        if (endpoint.equals(watched)) {
            failed.add();
        }
    }
}
