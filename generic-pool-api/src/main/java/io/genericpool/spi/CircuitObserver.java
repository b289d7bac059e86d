package io.genericpool.spi;

import io.genericpool.CircuitState;
import io.genericpool.CircuitStats;

/**
 * Receives the changes of endpoints' circuits from a {@link ConnectGovernor}.
 *
 * @param <E> the type of endpoints
 */
@FunctionalInterface
public interface CircuitObserver<E> {
    /**
     * A circuit has changed. The governor calls this method once per change, inside the governor call that caused the
     * change, without a lock. Two threads may at once report changes of one endpoint that follow closely. Must not
     * wait.
     *
     * @param endpoint the endpoint of the circuit
     * @param before the previous state
     * @param after a snapshot with the new state, which differs from the previous one
     */
    void circuitChanged(E endpoint, CircuitState before, CircuitStats after);
}
