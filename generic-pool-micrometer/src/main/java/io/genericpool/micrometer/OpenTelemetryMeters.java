package io.genericpool.micrometer;

import io.genericpool.ConnectionStats;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToDoubleFunction;

/**
 * A pool as OpenTelemetry's conventions for database clients describe one (1.44, still in development there). No meter has a
 * base unit, because those of the conventions are annotations, which a name does not show.
 */
final class OpenTelemetryMeters {
    static final String POOL = "db.client.connection.pool.name";
    static final String STATE = "db.client.connection.state";

    private static final String PREFIX = "db.client.connection.";

    static final TimerNames TIMERS =
            new TimerNames(PREFIX + "create_time", false, PREFIX + "wait_time", PREFIX + "use_time");

    private OpenTelemetryMeters() {}

    /** The conventions have no tag {@code pool}. */
    static Tags tags(String pool, Tags more) {
        return more.and(POOL, pool);
    }

    static void register(MeterSet<PoolReading> meters) {
        count(meters, "idle", reading -> reading.stats().idle());
        count(meters, "used", reading -> used(reading.stats()));
        meters.gauge(PREFIX + "max", null, "The maximum number of open connections", reading -> reading.stats()
                .totalMaxSize());
        meters.gauge(PREFIX + "idle.min", null, "The minimum number of idle connections", PoolReading::minIdle);
        meters.gauge(
                PREFIX + "pending_requests", null, "Requests that wait for a connection", reading -> reading.stats()
                        .waiters());
        meters.counter(PREFIX + "timeouts", null, "Requests that have timed out", reading -> reading.stats()
                .timedOut());
    }

    private static void count(MeterSet<PoolReading> meters, String state, ToDoubleFunction<PoolReading> value) {
        meters.gauge(PREFIX + "count", null, "Open connections by state", value, STATE, state);
    }

    /** All that exist and are not idle; one that is being opened does not exist yet. */
    private static int used(ConnectionStats stats) {
        return stats.leased() + stats.checking() + stats.pending() + stats.disposing();
    }
}
