package io.genericpool.tcp.internal.wire;

import io.genericpool.DisposeReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a connection ends. TLS says goodbye, but not to a peer that is gone, nor where a permit is waited for. In every case
 * the socket is closed and not reset, since a reset could destroy what a lease has written and the peer has not read yet.
 */
final class ClosePolicy {
    private static final Set<DisposeReason> WITHOUT =
            EnumSet.of(DisposeReason.DEAD, DisposeReason.PRESSURE, DisposeReason.HOOK_FAILED);

    /** What may be thrown away at most: enough for late session tickets and a last message. */
    private static final int MOST_DRAINED = 64 * 1024;

    private ClosePolicy() {}

    /**
     * Throws away what has arrived on a socket that does not wait and is about to be closed: the system would answer bytes
     * that were not read with a reset.
     */
    static void drain(ByteChannel wire) {
        var sink = ByteBuffer.allocate(4 * 1024);
        try {
            for (int total = 0, count = 1; count > 0 && total < MOST_DRAINED; total += count) {
                count = wire.read(sink.clear());
            }
        } catch (IOException e) {
            // It was reset by the peer.
        }
    }

    static boolean isDueFor(DisposeReason reason) {
        return !WITHOUT.contains(reason);
    }
}
