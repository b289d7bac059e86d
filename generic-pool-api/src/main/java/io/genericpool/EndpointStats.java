package io.genericpool;

/** A snapshot of one endpoint. */
public interface EndpointStats extends ConnectionStats {
    /**
     * Returns the endpoint's name for logs, errors and metrics.
     *
     * @return the label
     */
    String label();

    /**
     * Returns the limits in force.
     *
     * @return the limits
     */
    EndpointLimits limits();

    /**
     * Tells whether the endpoint is suspended.
     *
     * @return true between {@code suspend} and {@code resume}
     */
    boolean isSuspended();

    /**
     * Returns what the pool's connect governor knows about the endpoint. The snapshot holds the circuit's state, the
     * time during which no connection attempt may start, and the number of failures in a row.
     *
     * @return the snapshot; {@link CircuitStats#closed()} when the governor knows of no failure of the endpoint
     */
    CircuitStats circuit();

    /**
     * Returns the maximum number of connections the endpoint may have at the moment. After an endpoint has refused
     * connections because there are too many, this is less than the {@code maxSize} of {@link #limits()} for a while.
     *
     * @return 1 or more, at most maxSize
     */
    int effectiveMaxSize();
}
