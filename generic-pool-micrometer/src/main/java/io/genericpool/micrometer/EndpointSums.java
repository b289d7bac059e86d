package io.genericpool.micrometer;

import io.genericpool.CircuitState;
import io.genericpool.EndpointStats;
import io.genericpool.micrometer.PoolMeters.State;
import java.util.List;

/** The sums over the endpoints of one row. Written before it is published, only read afterwards. */
@SuppressWarnings("EnumOrdinal") // arrays that never leave the process, in place of maps of boxed numbers
final class EndpointSums {
    private static final List<State> STATES = List.of(State.values());

    private final int[] connections = new int[STATES.size()];
    private final int[] circuits = new int[CircuitState.values().length];
    private long waiters;
    private long limit;
    private long share;
    private boolean hasShare;

    void add(EndpointStats stats) {
        for (State state : STATES) {
            connections[state.ordinal()] += state.of(stats);
        }
        circuits[stats.circuit().state().ordinal()]++;
        waiters += stats.waiters();
        limit += stats.effectiveMaxSize();
        if (FleetMeters.isBounded(stats.share())) {
            share += stats.share().getAsInt();
            hasShare = true;
        }
    }

    void add(EndpointSums other) {
        for (int i = 0; i < connections.length; i++) {
            connections[i] += other.connections[i];
        }
        for (int i = 0; i < circuits.length; i++) {
            circuits[i] += other.circuits[i];
        }
        waiters += other.waiters;
        limit += other.limit;
        share += other.share;
        hasShare |= other.hasShare;
    }

    int connections(State state) {
        return connections[state.ordinal()];
    }

    /** The number of endpoints whose circuit is in that state. */
    int circuits(CircuitState state) {
        return circuits[state.ordinal()];
    }

    long waiters() {
        return waiters;
    }

    long limit() {
        return limit;
    }

    /** The shares of those endpoints whose limit is shared. */
    long share() {
        return share;
    }

    /** Whether the limit of any of them is shared. */
    boolean hasShare() {
        return hasShare;
    }

    /** Connections and waiters together: how much an endpoint is worth a row. */
    long size() {
        long size = waiters;
        for (int count : connections) {
            size += count;
        }
        return size;
    }
}
