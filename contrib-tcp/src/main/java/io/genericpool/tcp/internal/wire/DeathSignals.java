package io.genericpool.tcp.internal.wire;

import io.genericpool.spi.ConnectionSignals;
import org.jspecify.annotations.Nullable;

/** Remembers that a connection has died, and tells its pool, whichever comes first: the death or the pool. */
public final class DeathSignals {
    private volatile @Nullable ConnectionSignals signals;
    private volatile boolean dead;
    private volatile @Nullable Throwable cause;
    private volatile boolean retired;

    public void bind(ConnectionSignals pool) {
        signals = pool;
        if (dead) {
            pool.dead(cause);
        }
        if (retired) {
            pool.retire();
        }
    }

    /** @param why null for an orderly end */
    void died(@Nullable Throwable why) {
        if (dead) {
            return;
        }
        cause = why;
        dead = true;
        ConnectionSignals pool = signals;
        if (pool != null) {
            pool.dead(why);
        }
    }

    void retire() {
        retired = true;
        ConnectionSignals pool = signals;
        if (pool != null) {
            pool.retire();
        }
    }

    boolean isDead() {
        return dead;
    }

    boolean isRetired() {
        return retired;
    }

    @Nullable
    Throwable cause() {
        return cause;
    }
}
