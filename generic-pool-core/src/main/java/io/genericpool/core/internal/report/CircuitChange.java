package io.genericpool.core.internal.report;

import io.genericpool.CircuitState;
import io.genericpool.CircuitStats;
import io.genericpool.event.CircuitEvent;
import java.time.Duration;
import java.util.Optional;

/** What a listener is told of a circuit. */
public final class CircuitChange<E> implements CircuitEvent<E> {
    private final String poolName;
    private final E endpoint;
    private final String endpointLabel;
    private final CircuitState before;
    private final CircuitStats after;

    public CircuitChange(String poolName, E endpoint, String endpointLabel, CircuitState before, CircuitStats after) {
        this.poolName = poolName;
        this.endpoint = endpoint;
        this.endpointLabel = endpointLabel;
        this.before = before;
        this.after = after;
    }

    @Override
    public String poolName() {
        return poolName;
    }

    @Override
    public E endpoint() {
        return endpoint;
    }

    @Override
    public String endpointLabel() {
        return endpointLabel;
    }

    @Override
    public Duration duration() {
        return after.state() == CircuitState.OPEN ? after.remaining() : Duration.ZERO;
    }

    @Override
    public Optional<Throwable> failure() {
        return after.cause();
    }

    @Override
    public CircuitState before() {
        return before;
    }

    @Override
    public CircuitState after() {
        return after.state();
    }

    @Override
    public int failures() {
        return after.failures();
    }

    @Override
    public String toString() {
        return "circuit of " + endpointLabel + " in pool " + poolName + ": " + after + ", was " + before;
    }
}
