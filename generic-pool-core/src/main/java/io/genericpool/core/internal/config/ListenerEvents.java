package io.genericpool.core.internal.config;

import io.genericpool.core.internal.flight.Flight;
import io.genericpool.event.LeaseEndEvent;
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
    /** {@code onLeaseEnded} is overridden, or a flight recording asked for leases when the pool was built: times are exact. */
    public final boolean leases;

    ListenerEvents(@Nullable PoolListener<?> listener) {
        acquires = hears(listener, "onAcquired", LeaseEvent.class);
        waits = hears(listener, "onAcquiredAfterWait", LeaseEvent.class);
        releases = hears(listener, "onReleased", LeaseEvent.class);
        leases = hears(listener, "onLeaseEnded", LeaseEndEvent.class)
                || Flight.shared().hearsLeases();
    }

    private static boolean hears(@Nullable PoolListener<?> listener, String method, Class<?> event) {
        return listener != null && ManagerHooks.overrides(PoolListener.class, listener.getClass(), method, event);
    }
}
