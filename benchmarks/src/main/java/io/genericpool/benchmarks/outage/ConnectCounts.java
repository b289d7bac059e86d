package io.genericpool.benchmarks.outage;

import com.google.common.net.HostAndPort;
import io.genericpool.spi.ConnectGovernor;

/** Counts the connects to one endpoint beside the governor that decides: those that are made, and those that fail. */
final class ConnectCounts implements ConnectGovernor<HostAndPort> {
    private final HostAndPort watched;
    private final Timeline connected;
    private final Timeline failed;

    ConnectCounts(HostAndPort watched, Timeline connected, Timeline failed) {
        this.watched = watched;
        this.connected = connected;
        this.failed = failed;
    }

    @Override
    public Verdict beforeConnect(HostAndPort endpoint, long nowNanos) {
        return Verdict.proceed();
    }

    @Override
    public void onConnected(HostAndPort endpoint, long nowNanos) {
        if (endpoint.equals(watched)) {
            connected.add();
        }
    }

    @Override
    public void onConnectFailed(HostAndPort endpoint, long nowNanos, Throwable cause) {
        if (endpoint.equals(watched)) {
            failed.add();
        }
    }
}
