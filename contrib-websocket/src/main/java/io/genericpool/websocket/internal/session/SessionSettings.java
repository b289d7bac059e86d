package io.genericpool.websocket.internal.session;

import io.genericpool.websocket.OverflowPolicy;
import io.genericpool.websocket.SessionListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a session was configured with, as it was when it started. Explained at the setters of the builder.
 *
 * @param overlap how long both connections are read at a replacement; null for until the new one has taken over
 * @param numbering null when messages are not numbered
 */
public record SessionSettings(
        SessionTarget target,
        SessionListener listener,
        Pauses backoff,
        Duration stableAfter,
        Duration rotateAfter,
        @Nullable Duration overlap,
        int bufferSize,
        OverflowPolicy overflow,
        @Nullable Numbering numbering) {}
