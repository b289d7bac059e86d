package io.genericpool.spi;

import io.genericpool.CircuitState;
import io.genericpool.CircuitStats;

/**
 * Is told by a {@link ConnectGovernor} how the circuits of endpoints change.
 *
 * @param <E> the type of endpoints
 */
@FunctionalInterface
public interface CircuitObserver<E> {
    /**
     * A circuit has changed. Called once a change, inside the call of the governor that caused it and without a lock;
     * changes of one endpoint that follow closely may be told by two threads at once. Must not wait.
     *
     * @param endpoint whose circuit
     * @param before the state it was in
     * @param after the state it is in now, which is another one
     */
    void circuitChanged(E endpoint, CircuitState before, CircuitStats after);
}
