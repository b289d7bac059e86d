package io.genericpool.websocket;

import java.time.Duration;
import java.util.Map;

/**
 * A snapshot of the traffic of all connections of a manager, including connections that have ended. Counters only grow.
 */
public interface WebSocketManagerStats {
    /**
     * Sockets that are open or being closed.
     *
     * @return the gauge
     */
    int openSockets();

    /**
     * Connections opened.
     *
     * @return the counter
     */
    long connects();

    /**
     * Connection attempts that failed, timed out or were cancelled.
     *
     * @return the counter
     */
    long failedConnects();

    /**
     * Connection attempts made because an earlier one had failed.
     *
     * @return the counter
     */
    long retries();

    /**
     * Connections that sessions acquired to replace others, whether these were lost or replaced as planned.
     *
     * @return the counter, of all sessions
     */
    long reconnects();

    /**
     * Reconnects of sessions over a group that led to another member than before.
     *
     * @return the counter, of all sessions
     */
    long moves();

    /**
     * The total time spent to open connections, including the upgrade.
     *
     * @return the time; divide it by {@link #connects} for the mean
     */
    Duration totalConnectTime();

    /**
     * The longest time to open a connection.
     *
     * @return the time
     */
    Duration longestConnectTime();

    /**
     * The part of {@link #totalConnectTime} from the upgrade requests to their answers.
     *
     * @return the time; divide it by {@link #connects} for the mean
     */
    Duration totalUpgradeTime();

    /**
     * The longest time from an upgrade request to the server's answer, without refused upgrades.
     *
     * @return the time
     */
    Duration longestUpgradeTime();

    /**
     * Messages received from the network.
     *
     * @return the counter
     */
    long messagesIn();

    /**
     * Messages written to the network.
     *
     * @return the counter
     */
    long messagesOut();

    /**
     * Bytes received, frame headers included.
     *
     * @return the counter
     */
    long bytesIn();

    /**
     * Bytes sent, frame headers included.
     *
     * @return the counter
     */
    long bytesOut();

    /**
     * Messages that were not received.
     *
     * @return the counter
     */
    long messagesDropped();

    /**
     * The number of connections that ended, by close code; 1006 stands for failures and cuts.
     *
     * @return counters by close code
     */
    Map<Integer, Long> closeCodes();
}
