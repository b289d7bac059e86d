package io.genericpool.micrometer;

import io.genericpool.PoolConfig;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.OptionalInt;

/**
 * What one registry has of the limits that a pool shares with other processes. Whether a total is shared is known when the
 * pool is told its first share of it.
 */
final class FleetMeters {
    private final MeterSet<PoolReading> meters;
    private final MultiGauge share;

    private final Showing<Boolean> showing = new Showing<>(this::show, false);

    private boolean present;

    FleetMeters(MeterSet<PoolReading> meters) {
        this.meters = meters;
        meters.gauge(
                "genericpool.fleet.reachable",
                null,
                "1 while the processes that limits are shared with can be reached, else 0",
                reading -> reading.stats().sharedLimitsReachable() ? 1 : 0);
        share = MultiGauge.builder("genericpool.fleet.share")
                .baseUnit(PoolMeters.CONNECTIONS)
                .description("How many connections this pool may have of those that all processes may have")
                .tags(meters.tags)
                .register(meters.registry);
    }

    /** A share without a bound is none. */
    static boolean isBounded(OptionalInt share) {
        return share.isPresent() && share.getAsInt() != PoolConfig.UNLIMITED;
    }

    void update(PoolReading reading) {
        showing.update(() -> isBounded(reading.stats().share()));
    }

    void close() {
        showing.close();
    }

    private void show(boolean wanted) {
        if (present != wanted) {
            present = wanted;
            List<Row<?>> rows =
                    wanted ? List.of(Row.of(Tags.empty(), meters.source, source -> shareOf(source.get()))) : List.of();
            share.register(rows);
        }
    }

    private static double shareOf(PoolReading reading) {
        OptionalInt share = reading.stats().share();
        return isBounded(share) ? share.getAsInt() : Double.NaN;
    }
}
