package io.genericpool.core.internal;

import io.genericpool.PoolConfig;
import java.time.Duration;

/** Times as nanoseconds that can be added to any clock reading without overflow. */
final class Nanos {
    /** Longer than any process lives, and small enough that {@code now + FOREVER - now} is right for any two readings. */
    static final long FOREVER = Long.MAX_VALUE / 2;

    private static final Duration LONGEST = Duration.ofNanos(FOREVER);

    private Nanos() {}

    static long of(Duration duration) {
        return duration.compareTo(LONGEST) >= 0 ? FOREVER : duration.toNanos();
    }

    static Duration toDuration(long nanos) {
        return nanos >= FOREVER ? PoolConfig.NO_LIMIT : Duration.ofNanos(nanos);
    }

    static boolean isOff(long nanos) {
        return nanos >= FOREVER;
    }

    /** For messages: {@code 1.5s} rather than {@code PT1.5S}. */
    static String text(long nanos) {
        if (isOff(nanos)) {
            return "no limit";
        }
        if (nanos < 1_000_000) {
            return nanos / 1_000 + "us";
        }
        return nanos < 10_000_000_000L ? nanos / 1_000_000 + "ms" : nanos / 1_000_000_000 + "s";
    }
}
