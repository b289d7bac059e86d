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
}
