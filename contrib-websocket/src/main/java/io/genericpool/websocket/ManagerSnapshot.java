package io.genericpool.websocket;

import java.time.Duration;
import java.util.Map;

/** The statistics of a manager at one moment. */
record ManagerSnapshot(
        int openSockets,
        long connects,
        long failedConnects,
        long retries,
        Duration totalConnectTime,
        Duration longestConnectTime,
        long messagesIn,
        long messagesOut,
        long bytesIn,
        long bytesOut,
        long messagesDropped,
        Map<Integer, Long> closeCodes)
        implements WebSocketManagerStats {}
