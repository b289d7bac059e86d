package io.genericpool;

import java.util.OptionalInt;

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
     * <p>Where limits are shared with other processes, it is at most what the pool's {@link #share()} leaves.
     *
     * @return 1 or more, at most maxSize; 0 or more where limits are shared
     */
    int effectiveMaxSize();

    /**
     * Returns the pool's share of a limit that other processes share: how many connections it may have to the endpoint.
     *
     * @return the share, {@link PoolConfig#UNLIMITED} for an endpoint without a cap; empty where no limits are shared
     */
    default OptionalInt share() {
        return OptionalInt.empty();
    }
}
