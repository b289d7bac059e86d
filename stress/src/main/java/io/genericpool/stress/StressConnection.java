package io.genericpool.stress;

import io.genericpool.spi.ConnectionSignals;
import org.jspecify.annotations.Nullable;

/** A connection with a plain field, which only the pool's own ordering publishes from one holder to the next. */
final class StressConnection {
    /** The generation of credentials it was made with. */
    final int generation;

    int plain;

    /** Written before the connection is handed out. */
    @Nullable
    ConnectionSignals signals;

    volatile boolean isDisposed;

    StressConnection(int generation) {
        this.generation = generation;
    }

    void die() {
        ConnectionSignals bound = signals;
        if (bound == null) {
            throw new IllegalStateException("not bound");
        }
        bound.dead(null);
    }
}
