package io.genericpool.core.internal.config;

import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolListener;
import org.jspecify.annotations.Nullable;

/**
 * Which events of the fast path a listener hears, looked up once. A listener that overrides neither {@code onAcquired} nor
 * {@code onReleased} costs an acquire and a release nothing.
 */
public final class ListenerEvents {
    /** {@code onAcquired} is overridden. */
    public final boolean acquires;
    /** {@code onAcquiredAfterWait} is overridden: heard beyond the fast path. */
    public final boolean waits;
    /** {@code onReleased} is overridden. */
    public final boolean releases;

    ListenerEvents(@Nullable PoolListener<?> listener) {
        acquires = hears(listener, "onAcquired");
        waits = hears(listener, "onAcquiredAfterWait");
        releases = hears(listener, "onReleased");
    }

    private static boolean hears(@Nullable PoolListener<?> listener, String method) {
        return listener != null
                && ManagerHooks.overrides(PoolListener.class, listener.getClass(), method, LeaseEvent.class);
    }
}
