package io.genericpool.micrometer;

import io.genericpool.ConnectionStats;
import io.genericpool.DisposeReason;
import io.genericpool.PoolStats;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/** The meters of a whole pool. */
final class PoolMeters {
    static final String CONNECTIONS = "connections";

    private PoolMeters() {}

    /** The states of connections, which add up to all connections that count against the limits. */
    enum State {
        IDLE(ConnectionStats::idle),
        LEASED(ConnectionStats::leased),
        CHECKING(ConnectionStats::checking),
        CONNECTING(ConnectionStats::connecting),
        PENDING(ConnectionStats::pending),
        DISPOSING(ConnectionStats::disposing);

        @SuppressWarnings("ImmutableEnumChecker") // a reference to a method, without state
        private final ToIntFunction<ConnectionStats> count;

        State(ToIntFunction<ConnectionStats> count) {
            this.count = count;
        }

        int of(ConnectionStats stats) {
            return count.applyAsInt(stats);
        }
    }

    /** The outcomes of acquires, which add up to all acquires that have ended. */
    private enum Outcome {
        GRANTED(ConnectionStats::granted),
        TIMED_OUT(ConnectionStats::timedOut),
        CANCELLED(ConnectionStats::cancelled),
        FAILED(ConnectionStats::failed),
        REJECTED(ConnectionStats::rejected);

        @SuppressWarnings("ImmutableEnumChecker") // a reference to a method, without state
        private final ToLongFunction<ConnectionStats> count;

        Outcome(ToLongFunction<ConnectionStats> count) {
            this.count = count;
        }

        long of(ConnectionStats stats) {
            return count.applyAsLong(stats);
        }
    }

    /** How a constant stands in a tag. */
    static String tag(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static void register(MeterSet<PoolReading> meters) {
        gauges(meters);
        for (Outcome outcome : Outcome.values()) {
            counter(meters, "acquires", "Acquires that have ended", outcome::of, "outcome", tag(outcome));
        }
        for (DisposeReason reason : DisposeReason.values()) {
            counter(
                    meters,
                    "connections.disposed",
                    "Connections disposed",
                    stats -> stats.disposed(reason),
                    "reason",
                    tag(reason));
        }
        counter(meters, "connections.opened", "Connections opened", PoolStats::created);
        counter(meters, "connects.failed", "Connection attempts that failed", PoolStats::connectFailures);
        counter(meters, "leaks", "Leases reported as leaked", PoolStats::leaks);
        counter(meters, "hooks.failed", "Hooks of the manager that failed", PoolStats::hookFailures);
        counter(meters, "releases.stale", "Releases of a lease that had already ended", PoolStats::staleReleases);
        counter(meters, "listener.failures", "Calls of the listener that threw", PoolStats::listenerFailures);
        counter(meters, "repairs", "Repairs after an error in the pool", PoolStats::repaired);
    }

    private static void gauges(MeterSet<PoolReading> meters) {
        for (State state : State.values()) {
            meters.gauge(
                    "genericpool.connections",
                    CONNECTIONS,
                    "Connections that count against the limits",
                    reading -> state.of(reading.stats()),
                    "state",
                    tag(state));
        }
        meters.gauge(
                "genericpool.connections.limit", CONNECTIONS, "The total limit in force", reading -> reading.stats()
                        .totalMaxSize());
        meters.gauge(
                "genericpool.connections.abandoned",
                CONNECTIONS,
                "Connections beyond the limits, whose manager has not returned in time",
                reading -> reading.stats().abandoned());
        meters.gauge("genericpool.waiters", null, "Requests that are waiting", reading -> reading.stats()
                .waiters());
        meters.gauge("genericpool.endpoints", null, "Endpoints that the pool holds", reading -> reading.stats()
                .endpoints());
        meters.gauge(
                "genericpool.endpoints.starving",
                null,
                "Endpoints that lack a permit of the total limit only",
                reading -> reading.stats().starving());
        meters.timeGauge(
                "genericpool.leases.longest",
                "The time for which the oldest current lease has been held",
                reading -> reading.stats().longestHeld());
    }

    private static void counter(
            MeterSet<PoolReading> meters,
            String name,
            String description,
            ToLongFunction<PoolStats> value,
            String... tags) {
        meters.counter("genericpool." + name, null, description, reading -> value.applyAsLong(reading.stats()), tags);
    }
}
