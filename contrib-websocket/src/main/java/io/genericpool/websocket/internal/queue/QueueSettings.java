package io.genericpool.websocket.internal.queue;

import io.genericpool.spi.PoolClock;
import io.genericpool.websocket.OverflowPolicy;

/**
 * How much is queued for one connection, and what happens then.
 *
 * @param maxMessageSize the size of a received message at most, in bytes
 * @param inboundMessages how many received messages may wait
 * @param inboundBytes how many bytes these may have
 * @param overflowPolicy what becomes of a message for which there is no room
 * @param highWaterMark how many bytes may wait to be sent
 * @param messages the inside of messages
 * @param clock times the waits
 */
public record QueueSettings(
        int maxMessageSize,
        int inboundMessages,
        long inboundBytes,
        OverflowPolicy overflowPolicy,
        long highWaterMark,
        MessageAccess messages,
        PoolClock clock) {
    /** A message for which there is no room must not get lost without a word. */
    boolean mustNotDrop() {
        return overflowPolicy == OverflowPolicy.BLOCK || overflowPolicy == OverflowPolicy.FAIL;
    }
}
