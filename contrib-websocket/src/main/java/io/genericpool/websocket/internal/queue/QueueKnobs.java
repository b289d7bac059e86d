package io.genericpool.websocket.internal.queue;

import io.genericpool.spi.PoolClock;
import io.genericpool.websocket.OverflowPolicy;
import io.genericpool.websocket.internal.knobs.Bounds;
import java.util.Objects;

/** What a builder was told of queues. It checks each value and has the defaults. Not thread-safe. */
public final class QueueKnobs {
    private static final long MAX_HIGH_WATER_MARK = 8L * 1024 * 1024;

    private int maxMessageSize = 4 * 1024 * 1024;
    private int inboundMessages = 1024;
    private long inboundBytes = 16L * 1024 * 1024;
    private OverflowPolicy overflowPolicy = OverflowPolicy.BLOCK;
    private long highWaterMark = 4L * 1024 * 1024;

    public void maxMessageSize(int bytes) {
        maxMessageSize = (int) Bounds.atLeast("maxMessageSize", bytes, 1);
    }

    public void inboundCapacity(int messages, long bytes) {
        inboundMessages = (int) Bounds.atLeast("inboundCapacity: messages", messages, 1);
        inboundBytes = Bounds.atLeast("inboundCapacity: bytes", bytes, 1);
    }

    public void overflowPolicy(OverflowPolicy policy) {
        overflowPolicy = Objects.requireNonNull(policy, "overflowPolicy");
    }

    public void sendHighWaterMark(long bytes) {
        highWaterMark = Bounds.within("sendHighWaterMark", bytes, 1, MAX_HIGH_WATER_MARK);
    }

    /** The settings as they are now. Later changes have no effect on them. */
    public QueueSettings settings(MessageAccess messages, PoolClock clock) {
        return new QueueSettings(
                maxMessageSize, inboundMessages, inboundBytes, overflowPolicy, highWaterMark, messages, clock);
    }
}
