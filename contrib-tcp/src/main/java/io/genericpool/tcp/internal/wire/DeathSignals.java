package io.genericpool.tcp.internal.wire;

import io.genericpool.spi.ConnectionSignals;
import org.jspecify.annotations.Nullable;

/** Remembers that a connection has died, and tells its pool, whichever comes first: the death or the pool. */
public final class DeathSignals {
    private volatile @Nullable ConnectionSignals signals;
    private volatile boolean isDead;
    private volatile @Nullable Throwable cause;
    private volatile boolean isRetired;

    public void bind(ConnectionSignals pool) {
        signals = pool;
        if (isDead) {
            pool.dead(cause);
        }
        if (isRetired) {
            pool.retire();
        }
    }

    /** @param why null for an orderly end */
    void died(@Nullable Throwable why) {
        if (isDead) {
            return;
        }
        cause = why;
        isDead = true;
        ConnectionSignals pool = signals;
        if (pool != null) {
            pool.dead(why);
        }
    }

    void retire() {
        isRetired = true;
        ConnectionSignals pool = signals;
        if (pool != null) {
            pool.retire();
        }
    }

    boolean isDead() {
        return isDead;
    }

    boolean isRetired() {
        return isRetired;
    }

    @Nullable
    Throwable cause() {
        return cause;
    }
}
