package io.genericpool;

/** A snapshot of one endpoint. */
public interface EndpointStats extends ConnectionStats {
    /**
     * The endpoint's name for logs, errors and metrics.
     *
     * @return the label
     */
    String label();

    /**
     * The limits in force.
     *
     * @return the limits
     */
    EndpointLimits limits();

    /**
     * Whether the endpoint is suspended.
     *
     * @return true between {@code suspend} and {@code resume}
     */
    boolean isSuspended();

    /**
     * What the pool's connect governor makes of the endpoint: whether its circuit is closed, open or half-open, until when
     * no connect may start, and how many have failed in a row.
     *
     * @return the snapshot; {@link CircuitStats#closed()} when the governor knows nothing bad of the endpoint
     */
    CircuitStats circuit();

    /**
     * How many connections the endpoint may have at the moment: less than the {@code maxSize} of {@link #limits()} for a
     * while after it has refused connects because there are too many.
     *
     * @return 1 or more, at most maxSize
     */
    int effectiveMaxSize();
}
