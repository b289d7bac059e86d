package io.genericpool.micrometer;

import io.genericpool.CircuitState;
import io.genericpool.EndpointStats;
import io.genericpool.micrometer.PoolMeters.State;
import java.util.EnumMap;
import java.util.Map;

/** The sums over the endpoints of one row. Written before it is published, only read afterwards. */
final class EndpointSums {
    private final Map<State, Integer> connections = new EnumMap<>(State.class);
    private final Map<CircuitState, Integer> circuits = new EnumMap<>(CircuitState.class);
    private long waiters;
    private long limit;

    void add(EndpointStats stats) {
        for (State state : State.values()) {
            connections.merge(state, state.of(stats), Integer::sum);
        }
        circuits.merge(stats.circuit().state(), 1, Integer::sum);
        waiters += stats.waiters();
        limit += stats.effectiveMaxSize();
    }

    void add(EndpointSums other) {
        other.connections.forEach((state, count) -> connections.merge(state, count, Integer::sum));
        other.circuits.forEach((state, count) -> circuits.merge(state, count, Integer::sum));
        waiters += other.waiters;
        limit += other.limit;
    }

    int connections(State state) {
        return connections.getOrDefault(state, 0);
    }

    /** The number of endpoints whose circuit is in that state. */
    int circuits(CircuitState state) {
        return circuits.getOrDefault(state, 0);
    }

    long waiters() {
        return waiters;
    }

    long limit() {
        return limit;
    }

    /** Connections and waiters together: how much an endpoint is worth a row. */
    long size() {
        return waiters
                + connections.values().stream().mapToLong(Integer::longValue).sum();
    }
}
