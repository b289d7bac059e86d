package io.genericpool.core.model;

import io.genericpool.core.model.TraceLog.Kind;
import io.genericpool.core.model.TraceServer.Target;
import io.genericpool.spi.ConnectGovernor;
import java.io.IOException;
import java.time.Duration;

/** A governor that makes an endpoint wait for a moment after a failed connect, and says no or throws as a trace wants it. */
final class TraceGovernor implements ConnectGovernor<Target> {
    private static final long BACKOFF = 7_368_787;

    private final TraceServer server;
    private final long[] until;

    TraceGovernor(TraceServer server) {
        this.server = server;
        this.until = new long[server.config.endpoints];
    }

    @Override
    public Verdict beforeConnect(Target target, long nowNanos) {
        mayThrow(target);
        boolean waits = server.strikes(Fault.GOVERNOR_WAITS);
        boolean refuses = !waits && server.strikes(Fault.GOVERNOR_REFUSES);
        long left = waits || refuses ? 3 * BACKOFF : until[target.index()] - server.clock.now();
        if (left <= 0) {
            return Verdict.proceed();
        }
        var entry = server.log.add(Kind.GATED, target.index(), 0, 0, refuses);
        entry.nanos = Math.max(left, 1_000_000);
        var delay = Duration.ofNanos(left);
        return refuses ? Verdict.refuseFor(delay, new IOException("by trace")) : Verdict.waitFor(delay);
    }

    @Override
    public void onConnected(Target target, long nowNanos) {
        mayThrow(target);
    }

    @Override
    public void onEndpointRemoved(Target target) {
        mayThrow(target);
    }

    private void mayThrow(Target target) {
        if (server.strikes(Fault.GOVERNOR_THROWS)) {
            server.log.add(Kind.HOOK_FAILED, target.index(), 0, 0, false);
            throw new IllegalStateException("by trace");
        }
    }

    @Override
    public void onConnectFailed(Target target, long nowNanos, Throwable cause) {
        until[target.index()] = server.clock.now() + BACKOFF;
        mayThrow(target);
    }
}
