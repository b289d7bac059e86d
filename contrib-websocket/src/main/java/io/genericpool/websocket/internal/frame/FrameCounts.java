package io.genericpool.websocket.internal.frame;

/**
 * What has passed through one socket.
 *
 * @param messagesIn messages of the peer
 * @param messagesOut messages to the peer
 * @param bytesIn bytes of the peer, frame headers included
 * @param bytesOut bytes to the peer, frame headers included
 * @param pingsIn pings of the peer
 * @param pingsOut pings of our own
 * @param pongsIn pongs of the peer
 */
public record FrameCounts(
        long messagesIn, long messagesOut, long bytesIn, long bytesOut, long pingsIn, long pingsOut, long pongsIn) {}
