package io.genericpool;

/** The state in which a connect governor holds an endpoint. */
public enum CircuitState {
    /** Connection attempts start as they are needed, perhaps with a pause after a failure. */
    CLOSED,
    /**
     * Connection attempts to the endpoint have failed in a row. No attempt starts for a while, and requests that need
     * one fail fast.
     */
    OPEN,
    /** The open time is over. One connection attempt, the probe, tests whether the endpoint is back. */
    HALF_OPEN
}
