package io.genericpool.jdbc;

import java.time.Duration;

/** Durations as nanoseconds, saturating at {@link Long#MAX_VALUE}, which stands for ever. */
final class Nanos {
    private static final Duration MAX = Duration.ofNanos(Long.MAX_VALUE);

    private Nanos() {}

    static long of(Duration duration) {
        return duration.compareTo(MAX) >= 0 ? Long.MAX_VALUE : duration.toNanos();
    }
}
