package io.genericpool.websocket;

import java.time.Duration;
import java.util.Optional;

/** A snapshot of the traffic of one connection since it was opened. Counters cover all its leases. */
public interface WebSocketStats {
    /**
     * Messages received from the network, including dropped ones.
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
     * Pings from the peer.
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
     * Pongs from the peer.
     *
     * @return the counter
     */
    long pongsIn();

    /**
     * Messages that were not received: they arrived between leases, were left over by a lease, or found the queue full.
     *
     * @return the counter
     */
    long messagesDropped();

    /**
     * The round-trip time of the last ping, or of the last heartbeat that is a message with a matcher.
     *
     * @return the time, or empty when there was none yet
     */
    Optional<Duration> lastRoundTrip();

    /**
     * The time to open the connection, from the request for headers to the answer to the upgrade.
     *
     * @return the time
     */
    Duration connectTime();

    /**
     * The part of {@link #connectTime} from the upgrade request to its answer: one round trip and the server's own
     * time.
     *
     * @return the time
     */
    Duration upgradeTime();

    /**
     * The time for which the connection has been, or was, open.
     *
     * @return the time
     */
    Duration age();

    /**
     * The time since the last frame of any kind was received.
     *
     * @return the time, at most the age
     */
    Duration silence();
}
