package io.genericpool;

import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a connect governor knows of one endpoint: a snapshot. Immutable; made by governors. */
public final class CircuitStats {
    private static final CircuitStats CLOSED = new CircuitStats(CircuitState.CLOSED, Duration.ZERO, 0, null);

    private final CircuitState state;
    private final Duration remaining;
    private final int failures;
    private final @Nullable Throwable cause;

    private CircuitStats(CircuitState state, Duration remaining, int failures, @Nullable Throwable cause) {
        this.state = Objects.requireNonNull(state, "state");
        this.remaining = Objects.requireNonNull(remaining, "remaining");
        this.failures = failures;
        this.cause = cause;
        if (remaining.isNegative()) {
            throw new IllegalArgumentException("remaining must not be negative, but is " + Nanos.text(remaining));
        }
        if (failures < 0) {
            throw new IllegalArgumentException("failures must be at least 0, but is " + failures);
        }
    }

    /**
     * The snapshot of an endpoint of which nothing bad is known.
     *
     * @return a closed circuit without failures
     */
    public static CircuitStats closed() {
        return CLOSED;
    }

    /**
     * Makes a snapshot.
     *
     * @param state the state
     * @param remaining for how long, from now, no connect may start; zero or more
     * @param failures how many connects have failed in a row; 0 or more
     * @param cause what the last of them failed with, or null
     * @return the snapshot
     * @throws IllegalArgumentException when the time or the number is negative
     */
    public static CircuitStats of(CircuitState state, Duration remaining, int failures, @Nullable Throwable cause) {
        return new CircuitStats(state, remaining, failures, cause);
    }

    /**
     * The state of the circuit.
     *
     * @return the state
     */
    public CircuitState state() {
        return state;
    }

    /**
     * For how long, from the moment of the snapshot, no connect to the endpoint may start: the rest of the time the circuit
     * is open for, or of the pause after a failure while it is closed.
     *
     * @return the time; zero when a connect may start
     */
    public Duration remaining() {
        return remaining;
    }

    /**
     * How many connects have failed since the last one that succeeded.
     *
     * @return the count
     */
    public int failures() {
        return failures;
    }

    /**
     * What the last of those connects failed with.
     *
     * @return the cause, or empty when none has failed
     */
    public Optional<Throwable> cause() {
        return Optional.ofNullable(cause);
    }

    @Override
    public String toString() {
        return state
                + (remaining.isZero() ? "" : " for " + Nanos.text(remaining))
                + (failures == 0 ? "" : " after " + failures + (failures == 1 ? " failure" : " failures"));
    }
}
