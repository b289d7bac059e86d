package io.genericpool.tcp;

import io.genericpool.PoolConfig;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Durations as nanoseconds, saturating at {@link Long#MAX_VALUE}, which stands for ever. */
final class Nanos {
    static final long FOREVER = Long.MAX_VALUE;

    private static final Duration MAX = Duration.ofNanos(FOREVER);

    private Nanos() {}

    static long of(Duration duration) {
        return duration.compareTo(MAX) >= 0 ? FOREVER : duration.toNanos();
    }

    /** The value of a knob that must be more than zero; {@link PoolConfig#NO_LIMIT} is for ever. */
    static long ofPositive(String name, Duration value) {
        Objects.requireNonNull(value, name);
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " must be more than zero, but is " + value);
        }
        return of(value);
    }

    static Duration toDuration(long nanos) {
        return nanos == FOREVER ? PoolConfig.NO_LIMIT : Duration.ofNanos(nanos);
    }

    /** For calls that count in milliseconds and take 0 for ever: rounded up, so that no wait becomes endless or none. */
    static int toMillis(long nanos) {
        if (nanos == FOREVER) {
            return 0;
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos) + (nanos % 1_000_000 == 0 ? 0 : 1);
        return (int) Math.max(1, Math.min(millis, Integer.MAX_VALUE));
    }
}
