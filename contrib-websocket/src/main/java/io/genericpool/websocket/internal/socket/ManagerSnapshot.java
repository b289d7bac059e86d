package io.genericpool.websocket.internal.socket;

import io.genericpool.websocket.WebSocketManagerStats;
import java.time.Duration;
import java.util.Map;

/** The statistics of a manager at one moment. */
record ManagerSnapshot(
        int openSockets,
        long connects,
        long failedConnects,
        long retries,
        long reconnects,
        long moves,
        Duration totalConnectTime,
        Duration longestConnectTime,
        Duration totalUpgradeTime,
        Duration longestUpgradeTime,
        long messagesIn,
        long messagesOut,
        long bytesIn,
        long bytesOut,
        long messagesDropped,
        Map<Integer, Long> closeCodes)
        implements WebSocketManagerStats {}
