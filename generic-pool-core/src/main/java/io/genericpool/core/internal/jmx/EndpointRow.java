package io.genericpool.core.internal.jmx;

import io.genericpool.EndpointStats;
import io.genericpool.core.jmx.PoolMXEndpoint;

/** One endpoint, as its statistics say. */
record EndpointRow(EndpointStats stats) implements PoolMXEndpoint {
    @Override
    public String getEndpoint() {
        return stats.label();
    }

    @Override
    public int getTotal() {
        return stats.total();
    }

    @Override
    public int getIdle() {
        return stats.idle();
    }

    @Override
    public int getLeased() {
        return stats.leased();
    }

    @Override
    public int getChecking() {
        return stats.checking();
    }

    @Override
    public int getConnecting() {
        return stats.connecting();
    }

    @Override
    public int getPending() {
        return stats.pending();
    }

    @Override
    public int getDisposing() {
        return stats.disposing();
    }

    @Override
    public int getWaiters() {
        return stats.waiters();
    }

    @Override
    public int getMaxSize() {
        return stats.effectiveMaxSize();
    }

    @Override
    public int getShare() {
        return stats.share().orElse(-1);
    }

    @Override
    public long getGranted() {
        return stats.granted();
    }

    @Override
    public long getTimedOut() {
        return stats.timedOut();
    }

    @Override
    public String getCircuit() {
        return stats.circuit().state().name();
    }

    @Override
    public boolean isSuspended() {
        return stats.isSuspended();
    }
}
