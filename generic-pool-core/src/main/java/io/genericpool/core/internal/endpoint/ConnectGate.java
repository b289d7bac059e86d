package io.genericpool.core.internal.endpoint;

import org.jspecify.annotations.Nullable;

/** What a governor has said last about an endpoint it did not let connect. Immutable. */
public final class ConnectGate {
    private final long until;
    private final boolean isRefusing;
    private final @Nullable Throwable cause;

    public ConnectGate(long until, boolean isRefusing, @Nullable Throwable cause) {
        this.until = until;
        this.isRefusing = isRefusing;
        this.cause = cause;
    }

    /** No connect may start yet. */
    public boolean isClosed(long now) {
        return until - now > 0;
    }

    /** No connect may start yet, and who asks fails at once. */
    boolean isRefusing(long now) {
        return isRefusing && isClosed(now);
    }

    long closedFor(long now) {
        return Math.max(0, until - now);
    }

    /** No connect may start before a deadline. */
    boolean outlives(long deadline, long now) {
        return isClosed(now) && until - deadline > 0;
    }

    public @Nullable Throwable cause() {
        return cause;
    }
}
