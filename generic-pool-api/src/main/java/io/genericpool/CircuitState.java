package io.genericpool;

/** What a connect governor makes of an endpoint at the moment. */
public enum CircuitState {
    /** Connects are made as they are needed; after a failure, perhaps after a pause. */
    CLOSED,
    /** Connects to the endpoint have failed in a row: none is made for a while, and who needs one fails at once. */
    OPEN,
    /** The while is over: one connect, the probe, finds out whether the endpoint is back. */
    HALF_OPEN
}
