package io.genericpool;

import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A snapshot of what a connect governor knows about one endpoint. Immutable; created by governors. */
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
     * Returns the snapshot of an endpoint without known failures.
     *
     * @return a closed circuit without failures
     */
    public static CircuitStats closed() {
        return CLOSED;
    }

    /**
     * Creates a snapshot.
     *
     * @param state the state
     * @param remaining the time from now during which no connection attempt may start; zero or more
     * @param failures the number of connection attempts that have failed in a row; 0 or more
     * @param cause the failure of the last of them, or null
     * @return the snapshot
     * @throws IllegalArgumentException when the time or the number is negative
     */
    public static CircuitStats of(CircuitState state, Duration remaining, int failures, @Nullable Throwable cause) {
        return new CircuitStats(state, remaining, failures, cause);
    }

    /**
     * Returns the state of the circuit.
     *
     * @return the state
     */
    public CircuitState state() {
        return state;
    }

    /**
     * Returns the time, from the moment of the snapshot, during which no connection attempt to the endpoint may start.
     * While the circuit is open, this is the rest of its open time. While it is closed, this is the rest of the pause
     * after a failure.
     *
     * @return the time; zero when an attempt may start
     */
    public Duration remaining() {
        return remaining;
    }

    /**
     * Returns the number of connection attempts that have failed since the last success.
     *
     * @return the count
     */
    public int failures() {
        return failures;
    }

    /**
     * Returns the failure of the last of those attempts.
     *
     * @return the cause, or empty when no attempt has failed
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
