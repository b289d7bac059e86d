package io.genericpool.websocket;

import java.time.Duration;
import java.util.Optional;

/** What has passed over one connection since it was opened: a snapshot. Counts cover all its leases. */
public interface WebSocketStats {
    /**
     * Messages received from the network, those included that were dropped.
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
     * Bytes received, frame headers included, above TLS and below inflating.
     *
     * @return the counter
     */
    long bytesIn();

    /**
     * Bytes sent, frame headers included, above TLS.
     *
     * @return the counter
     */
    long bytesOut();

    /**
     * Pings of the peer.
     *
     * @return the counter
     */
    long pingsIn();

    /**
     * Pings sent to the peer.
     *
     * @return the counter
     */
    long pingsOut();

    /**
     * Pongs of the peer.
     *
     * @return the counter
     */
    long pongsIn();

    /**
     * Messages that nobody received: they arrived between leases, were left over by one, or found the queue full.
     *
     * @return the counter
     */
    long messagesDropped();

    /**
     * The round trip of the last ping, or of the last heartbeat that is a message with a matcher.
     *
     * @return the time, or empty when there was none yet
     */
    Optional<Duration> lastRoundTrip();

    /**
     * What opening the connection took: from the request for headers to the answer to the upgrade.
     *
     * @return the time
     */
    Duration connectTime();

    /**
     * The part of {@link #connectTime} from the upgrade request to its answer: a round trip and what the server did.
     *
     * @return the time
     */
    Duration upgradeTime();

    /**
     * How long the connection has been, or was, open.
     *
     * @return the time
     */
    Duration age();

    /**
     * How long nothing has been received, by frames of any kind.
     *
     * @return the time; never more than the age
     */
    Duration silence();
}
