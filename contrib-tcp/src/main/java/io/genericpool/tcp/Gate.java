package io.genericpool.tcp;

/** Says whether a face of a connection may still be used: one of a lease until that has ended, any other always. */
final class Gate {
    private final boolean isOfLease;
    private volatile boolean isClosed;

    private Gate(boolean isOfLease) {
        this.isOfLease = isOfLease;
    }

    static Gate ofLease() {
        return new Gate(true);
    }

    /** For the connection itself. */
    static Gate alwaysOpen() {
        return new Gate(false);
    }

    void close() {
        isClosed = isOfLease;
    }

    boolean isClosed() {
        return isClosed;
    }

    /** @throws IllegalStateException when the lease has ended */
    void check() {
        if (isClosed) {
            throw ended();
        }
    }

    static IllegalStateException ended() {
        return new IllegalStateException("the lease of this connection has ended");
    }
}
