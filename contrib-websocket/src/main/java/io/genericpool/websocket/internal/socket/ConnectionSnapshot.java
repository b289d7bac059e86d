package io.genericpool.websocket.internal.socket;

import io.genericpool.websocket.WebSocketStats;
import io.genericpool.websocket.internal.frame.FrameCounts;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statistics of one connection at one moment. */
public record ConnectionSnapshot(
        FrameCounts counts,
        long messagesDropped,
        @Nullable Duration roundTrip,
        Duration connectTime,
        Duration upgradeTime,
        Duration age,
        Duration silence)
        implements WebSocketStats {
    @Override
    public long messagesIn() {
        return counts.messagesIn();
    }

    @Override
    public long messagesOut() {
        return counts.messagesOut();
    }

    @Override
    public long bytesIn() {
        return counts.bytesIn();
    }

    @Override
    public long bytesOut() {
        return counts.bytesOut();
    }

    @Override
    public long pingsIn() {
        return counts.pingsIn();
    }

    @Override
    public long pingsOut() {
        return counts.pingsOut();
    }

    @Override
    public long pongsIn() {
        return counts.pongsIn();
    }

    @Override
    public Optional<Duration> lastRoundTrip() {
        return Optional.ofNullable(roundTrip);
    }
}
