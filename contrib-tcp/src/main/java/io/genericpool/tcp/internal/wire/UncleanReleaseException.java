package io.genericpool.tcp.internal.wire;

import java.io.IOException;

/** A lease was released with data unread where that is not allowed: what a pool's listener is told of the discarded one. */
public final class UncleanReleaseException extends IOException {
    private static final long serialVersionUID = 1;

    public UncleanReleaseException(int unread) {
        super((unread == ReadAhead.CAPACITY ? "at least " : "") + unread
                + " bytes were not read before the release; UnreadData.DISCARD discards the connection");
    }
}
