package io.genericpool.stress.support;

import io.genericpool.spi.ConnectionSignals;
import org.jspecify.annotations.Nullable;

/** A connection with a plain field, which only the pool's own ordering publishes from one holder to the next. */
public final class StressConnection {
    /** The generation of credentials it was made with. */
    public final int generation;

    public int plain;

    /** Written before the connection is handed out. */
    @Nullable
    public ConnectionSignals signals;

    public volatile boolean isDisposed;

    public StressConnection(int generation) {
        this.generation = generation;
    }

    public void die() {
        ConnectionSignals bound = signals;
        if (bound == null) {
            throw new IllegalStateException("not bound");
        }
        bound.dead(null);
    }
}
