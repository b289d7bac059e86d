package io.genericpool.core.internal.config;

/** How often the collector writes the tick and looks after the connections. */
public final class Periods {
    private static final long SHORTEST = 10_000_000L;
    private static final long LONGEST = 1_000_000_000L;

    private Periods() {}

    /** Half the smallest time that the tick is compared with, between 10 ms and 1 s. */
    public static long tick(PoolSettings<?> settings, ManagerHooks traits) {
        long smallest = smallestSwept(settings);
        if (traits.checks && settings.alivenessBypass > 0) {
            smallest = Math.min(smallest, settings.alivenessBypass);
        }
        return clamp(smallest / 2);
    }

    /** The same without the aliveness bypass, which only acquires look at; a multiple of the tick. */
    public static long sweep(PoolSettings<?> settings, long tick) {
        return Math.max(tick, clamp(smallestSwept(settings) / 2) / tick * tick);
    }

    private static long smallestSwept(PoolSettings<?> settings) {
        long smallest = Math.min(settings.idleTimeout, settings.maxLifetime);
        smallest = Math.min(smallest, settings.keepaliveInterval);
        smallest = Math.min(smallest, settings.leakDetectionThreshold);
        return Math.min(smallest, settings.endpointRetention);
    }

    private static long clamp(long nanos) {
        return Math.max(SHORTEST, Math.min(LONGEST, nanos));
    }
}
