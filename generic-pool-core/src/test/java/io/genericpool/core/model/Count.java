package io.genericpool.core.model;

import io.genericpool.ConnectionStats;
import java.util.function.ToLongFunction;

/** What a pool counts, and where its statistics say so. */
enum Count {
    ACQUIRES(ConnectionStats::acquires),
    GRANTED(ConnectionStats::granted),
    TIMED_OUT(ConnectionStats::timedOut),
    CANCELLED(ConnectionStats::cancelled),
    FAILED(ConnectionStats::failed),
    REJECTED(ConnectionStats::rejected),
    CREATED(ConnectionStats::created),
    CONNECT_FAILURES(ConnectionStats::connectFailures),
    HOOK_FAILURES(ConnectionStats::hookFailures),
    STALE_RELEASES(ConnectionStats::staleReleases),
    LEAKS(ConnectionStats::leaks),
    ABANDONED(ConnectionStats::abandoned);

    static final Count[] ALL = values();

    final ToLongFunction<ConnectionStats> reading;

    Count(ToLongFunction<ConnectionStats> reading) {
        this.reading = reading;
    }
}
