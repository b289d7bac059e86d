package io.genericpool.tcp.internal.wire;

/** Says whether a view of a connection may still be used: one of a lease until that has ended, any other always. */
public final class ViewState {
    private final boolean ofLease;
    private volatile boolean closed;

    private ViewState(boolean ofLease) {
        this.ofLease = ofLease;
    }

    public static ViewState ofLease() {
        return new ViewState(true);
    }

    /** For the connection itself. */
    public static ViewState alwaysOpen() {
        return new ViewState(false);
    }

    public void close() {
        closed = ofLease;
    }

    public boolean isClosed() {
        return closed;
    }

    /**
     * Fails when this is for a lease that has ended.
     *
     * @throws IllegalStateException when the lease has ended
     */
    public void check() {
        if (closed) {
            throw ended();
        }
    }

    static IllegalStateException ended() {
        return new IllegalStateException("the lease of this connection has ended");
    }
}
