package io.genericpool.event;

import io.genericpool.CircuitState;

/**
 * A change of an endpoint's circuit. The event's failure is the one that opened the circuit.
 *
 * @param <E> the type of endpoints
 */
public interface CircuitEvent<E> extends PoolEvent<E> {
    /**
     * The state the circuit was in.
     *
     * @return a state other than {@link #after()}
     */
    CircuitState before();

    /**
     * The state the circuit is in now.
     *
     * @return the state
     */
    CircuitState after();

    /**
     * The number of connection attempts that have failed since the last success.
     *
     * @return the count, zero when the circuit has closed
     */
    int failures();
}
