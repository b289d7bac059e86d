package io.genericpool.websocket;

import io.genericpool.spi.ConnectGovernor;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Keeps a pool from hammering an endpoint whose connects fail: after each failure in a row the next connect has to wait
 * longer, or as long as the server asks for. Where the server says that trying again is no use (401, say), those who ask
 * meanwhile fail at once instead of waiting.
 */
final class ConnectBackoff implements ConnectGovernor<WebSocketEndpoint> {
    private static final int FIRST_SWEEP = 1024;

    private final Retry retry;
    private volatile int sweepSize = FIRST_SWEEP;
    private final ConcurrentMap<WebSocketEndpoint, Failures> failing = new ConcurrentHashMap<>();

    ConnectBackoff(Retry retry) {
        this.retry = retry;
    }

    private record Failures(int inARow, long untilNanos, Throwable last) {}

    @Override
    public Verdict beforeConnect(WebSocketEndpoint endpoint, long nowNanos) {
        Failures failures = failing.get(endpoint);
        if (failures == null || failures.untilNanos - nowNanos <= 0) {
            return Verdict.proceed();
        }
        Duration left = Duration.ofNanos(failures.untilNanos - nowNanos);
        return retry.mayRetry(failures.last) ? Verdict.waitFor(left) : Verdict.refuseFor(left, failures.last);
    }

    @Override
    public void onConnected(WebSocketEndpoint endpoint, long nowNanos) {
        failing.remove(endpoint);
    }

    @Override
    public void onConnectFailed(WebSocketEndpoint endpoint, long nowNanos, Throwable cause) {
        forgetExpired(nowNanos);
        failing.compute(endpoint, (same, before) -> {
            int inARow = before == null ? 1 : before.inARow + 1;
            return new Failures(inARow, nowNanos + retry.pauseNanos(inARow, cause), cause);
        });
    }

    // An endpoint leaves the pool as soon as its only connect has failed, so leaving it is no reason to forget it.

    /** Forgets endpoints that nobody came back to; each time the map has doubled, so that it costs little a failure. */
    private void forgetExpired(long nowNanos) {
        int limit = sweepSize;
        if (failing.size() >= limit) {
            failing.values().removeIf(failures -> failures.untilNanos - nowNanos <= 0);
            sweepSize = Math.max(FIRST_SWEEP, 2 * failing.size());
        }
    }
}
