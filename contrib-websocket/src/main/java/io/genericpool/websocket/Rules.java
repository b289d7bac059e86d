package io.genericpool.websocket;

import io.genericpool.websocket.internal.socket.SocketSettings;
import org.jspecify.annotations.Nullable;

/** Hands what users have set to the packages below, which do not know the types of knobs. */
final class Rules {
    private Rules() {}

    static SocketSettings.@Nullable HeartbeatRules of(@Nullable Heartbeat heartbeat) {
        return heartbeat == null
                ? null
                : new SocketSettings.HeartbeatRules(
                        heartbeat.interval(),
                        heartbeat.timeout(),
                        heartbeat.tolerance(),
                        heartbeat.message(),
                        heartbeat.answer());
    }

    static SocketSettings.@Nullable DrainRules of(@Nullable Drain drain) {
        return drain == null
                ? null
                : new SocketSettings.DrainRules(drain.quietPeriod(), drain.limit(), drain::isHarmless);
    }

    static SocketSettings.@Nullable RetryRules of(@Nullable Retry retry) {
        return retry == null
                ? null
                : new SocketSettings.RetryRules(retry.maxAttempts(), retry::mayRetry, retry::pauseNanos);
    }

    static SocketSettings.@Nullable RateRules of(@Nullable ConnectRate rate) {
        return rate == null ? null : new SocketSettings.RateRules(rate.connects(), rate.period(), rate::scopeOf);
    }
}
