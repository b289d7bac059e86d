package io.genericpool.websocket;

import java.time.Duration;

/** Durations as nanoseconds, saturating at {@link Long#MAX_VALUE}, which stands for ever. */
final class Nanos {
    private static final Duration MAX = Duration.ofNanos(Long.MAX_VALUE);

    private Nanos() {}

    static long of(Duration duration) {
        return duration.compareTo(MAX) >= 0 ? Long.MAX_VALUE : duration.toNanos();
    }

    /** The time a caller gave for waiting. */
    static long ofTimeout(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must not be negative, but is " + timeout);
        }
        return of(timeout);
    }
}
