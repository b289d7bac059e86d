package io.genericpool.websocket;

import java.time.Duration;
import java.util.Map;

/** What has passed over all connections of a manager, those included that are gone: a snapshot. Counters only grow. */
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
     * Attempts to connect that failed, ran out of time or were cancelled.
     *
     * @return the counter
     */
    long failedConnects();

    /**
     * Attempts that were made because one before had failed.
     *
     * @return the counter
     */
    long retries();

    /**
     * Connections that sessions took in place of others: those that were lost, and those that were replaced as planned.
     *
     * @return the counter, of all sessions
     */
    long reconnects();

    /**
     * The sum of what opening connections took, upgrade included.
     *
     * @return the time; divided by {@link #connects} it is the mean
     */
    Duration totalConnectTime();

    /**
     * The longest time that opening a connection took.
     *
     * @return the time
     */
    Duration longestConnectTime();

    /**
     * The part of {@link #totalConnectTime} from the upgrade requests to their answers.
     *
     * @return the time; divided by {@link #connects} it is the mean
     */
    Duration totalUpgradeTime();

    /**
     * The longest time that a server took to answer an upgrade request, refused ones not counted.
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
     * Messages that nobody received.
     *
     * @return the counter
     */
    long messagesDropped();

    /**
     * How often connections have ended with which code; 1006 stands for failures and cuts.
     *
     * @return counters by close code
     */
    Map<Integer, Long> closeCodes();
}
