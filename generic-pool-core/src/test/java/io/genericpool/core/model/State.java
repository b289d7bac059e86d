package io.genericpool.core.model;

import io.genericpool.ConnectionStats;
import java.util.function.ToLongFunction;

/** The states of a connection that count against the limits, and where a pool's statistics tell how many are in each. */
enum State {
    CONNECTING(ConnectionStats::connecting),
    IDLE(ConnectionStats::idle),
    LEASED(ConnectionStats::leased),
    PENDING(ConnectionStats::pending),
    CHECKING(ConnectionStats::checking),
    DISPOSING(ConnectionStats::disposing);

    static final State[] ALL = values();

    final ToLongFunction<ConnectionStats> reading;

    State(ToLongFunction<ConnectionStats> reading) {
        this.reading = reading;
    }
}
