package io.genericpool.micrometer;

import io.genericpool.CircuitState;
import io.genericpool.micrometer.PoolMeters.State;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of one registry, per endpoint. They change only when an endpoint gets or loses its row. */
final class EndpointMeters {
    private final Supplier<PoolReading> source;
    private final MultiGauge connections;
    private final MultiGauge waiters;
    private final MultiGauge limit;
    private final MultiGauge circuit;
    private final MultiGauge share;

    private final Showing<Map<String, EndpointSums>> showing = new Showing<>(this::show, Map.of());

    private Set<String> present = Set.of();
    /** Those of them that share a limit with other processes. */
    private Set<String> sharing = Set.of();

    EndpointMeters(MeterSet<PoolReading> meters) {
        this.source = meters.source;
        this.connections = gauge(meters, "connections", PoolMeters.CONNECTIONS, "Connections of an endpoint");
        this.waiters = gauge(meters, "waiters", null, "Requests that wait for an endpoint");
        this.limit = gauge(meters, "limit", PoolMeters.CONNECTIONS, "The limit of an endpoint in force");
        this.circuit = gauge(meters, "circuit", null, "1 for the state of an endpoint's circuit, 0 for the others");
        this.share = gauge(
                meters, "share", PoolMeters.CONNECTIONS, "This pool's share of a limit that other processes share");
    }

    private static MultiGauge gauge(
            MeterSet<PoolReading> meters, String name, @Nullable String unit, String description) {
        return MultiGauge.builder("genericpool.endpoint." + name)
                .baseUnit(unit)
                .description(description)
                .tags(meters.tags)
                .register(meters.registry);
    }

    void update(PoolReading reading) {
        showing.update(reading::endpoints);
    }

    void close() {
        showing.close();
    }

    private void show(Map<String, EndpointSums> rows) {
        Set<String> shared = rows.entrySet().stream()
                .filter(row -> row.getValue().hasShare())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
        if (!present.equals(rows.keySet())) {
            present = Set.copyOf(rows.keySet());
            showRows();
        }
        if (!sharing.equals(shared)) {
            sharing = shared;
            var shares = new ArrayList<Row<?>>();
            sharing.forEach(row -> shares.add(row(row, Tags.of("endpoint", row), EndpointSums::share)));
            register(share, shares);
        }
    }

    private void showRows() {
        var byState = new ArrayList<Row<?>>();
        var waiting = new ArrayList<Row<?>>();
        var limits = new ArrayList<Row<?>>();
        var circuits = new ArrayList<Row<?>>();
        for (String row : present) {
            Tags tags = Tags.of("endpoint", row);
            for (State state : State.values()) {
                byState.add(row(row, tags.and("state", PoolMeters.tag(state)), sums -> sums.connections(state)));
            }
            waiting.add(row(row, tags, EndpointSums::waiters));
            limits.add(row(row, tags, EndpointSums::limit));
            for (CircuitState state : CircuitState.values()) {
                circuits.add(row(row, tags.and("state", PoolMeters.tag(state)), sums -> sums.circuits(state)));
            }
        }
        register(connections, byState);
        register(waiters, waiting);
        register(limit, limits);
        register(circuit, circuits);
    }

    /** Rows that are there already stay as they are. */
    private static void register(MultiGauge gauge, List<Row<?>> rows) {
        gauge.register(rows);
    }

    private Row<?> row(String row, Tags tags, ToDoubleFunction<EndpointSums> value) {
        return Row.of(tags, source, readings -> {
            EndpointSums sums = readings.get().endpoints().get(row);
            return sums == null ? Double.NaN : value.applyAsDouble(sums); // it has just left
        });
    }
}
