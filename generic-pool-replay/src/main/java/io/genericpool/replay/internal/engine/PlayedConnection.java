package io.genericpool.replay.internal.engine;

import io.genericpool.spi.ConnectionSignals;
import org.jspecify.annotations.Nullable;

/** A connection of a replay. */
final class PlayedConnection {
    final long openedAt;

    @Nullable
    ConnectionSignals signals;

    PlayedConnection(long openedAt) {
        this.openedAt = openedAt;
    }
}
