package io.genericpool.event;

import io.genericpool.CircuitState;

/**
 * The circuit of an endpoint has changed. Its failure is the one that opened the circuit.
 *
 * @param <E> the type of endpoints
 */
public interface CircuitEvent<E> extends PoolEvent<E> {
    /**
     * The state the circuit was in.
     *
     * @return another one than {@link #after()}
     */
    CircuitState before();

    /**
     * The state the circuit is in now.
     *
     * @return the state
     */
    CircuitState after();

    /**
     * How many connects have failed since the last one that succeeded.
     *
     * @return the count, zero when the circuit has closed
     */
    int failures();
}
