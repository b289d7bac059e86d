package io.genericpool.tcp.internal.wire;

import io.genericpool.spi.LeaseScope;
import org.jspecify.annotations.Nullable;

/** Says whether a view of a connection may still be used: one of a lease until that has ended, any other always. */
public final class ViewState {
    /** Null for the connection itself. */
    private final @Nullable LeaseScope lease;

    private ViewState(@Nullable LeaseScope lease) {
        this.lease = lease;
    }

    public static ViewState of(LeaseScope lease) {
        return new ViewState(lease);
    }

    /** For the connection itself. */
    public static ViewState alwaysOpen() {
        return new ViewState(null);
    }

    /** From the beginning of the release on. */
    public boolean isClosed() {
        return lease != null && !lease.isActive();
    }

    /**
     * Fails when this is for a lease that has ended.
     *
     * @throws IllegalStateException when the lease has ended
     */
    public void check() {
        if (isClosed()) {
            throw ended();
        }
    }

    static IllegalStateException ended() {
        return new IllegalStateException("the lease of this connection has ended");
    }
}
